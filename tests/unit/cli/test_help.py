"""docs/cli.md shows what `--help` says, word for word, and leaves no command out."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from local.cli.app import app
from tests.e2e.cli.command import baton

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "cli.md").read_text()
SHOWN = dict(re.findall(r"```\n\$ (baton[a-z -]*) --help\n\n(.*?)```", PAGE, re.DOTALL))


def commands(group: object, name: str) -> Iterator[str]:
    yield name
    for each, inner in getattr(group, "commands", {}).items():
        yield from commands(inner, f"{name} {each}")


def test_the_page_shows_every_command() -> None:
    assert list(SHOWN) == list(commands(get_command(app()), "baton"))


@pytest.mark.parametrize("command", list(SHOWN))
def test_the_page_says_what_help_says(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    monkeypatch.setenv("COLUMNS", "80")
    ran = baton(*command.split()[1:], "--help")
    assert (ran.code, ran.out) == (0, SHOWN[command])


def test_no_line_of_help_is_wider_than_80_columns() -> None:
    assert all(len(line) <= 80 for text in SHOWN.values() for line in text.splitlines())


def test_a_command_loads_its_own_modules_only() -> None:
    asked = (
        "import sys; from local.cli.app import main; main(['policy', '--help']); print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ran.stderr.split())
    assert "local.cli.policy" in loaded
    assert loaded.isdisjoint({"local.cli.campaign", "shared.domain.campaign", "ruamel.yaml"})


def test_a_name_that_there_is_not_is_said_with_the_nearest() -> None:
    ran = baton("campain")
    assert ran.code == 2
    assert "No such command 'campain'" in ran.err
    assert "campaign" in ran.err
