"""docs/cli.md shows what `--help` says, word for word, and leaves no command out."""

from __future__ import annotations

import re
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
    assert list(SHOWN) == list(commands(get_command(app), "baton"))


@pytest.mark.parametrize("command", list(SHOWN))
def test_the_page_says_what_help_says(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    monkeypatch.setenv("COLUMNS", "80")
    ran = baton(*command.split()[1:], "--help")
    assert (ran.code, ran.out) == (0, SHOWN[command])


def test_no_line_of_help_is_wider_than_80_columns() -> None:
    assert all(len(line) <= 80 for text in SHOWN.values() for line in text.splitlines())
