"""The documents say what is there: names in them are looked up in the tree."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from local.cli.app import app
from shared.settings import VARIABLES

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)\b", README))
    assert {"demo", "serve", "test", "check", "bench"} <= named <= targets


def test_every_place_in_the_readmes_tree_exists() -> None:
    tree = README.split("## The house")[1].split("```")[1]
    folder = ROOT
    for line in tree.strip().splitlines():
        name = line.split()[0]
        base = folder if line.startswith("  ") else ROOT
        assert (base / name).exists(), line
        if not line.startswith("  "):
            folder = ROOT / name


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_that_the_documents_show_is_one() -> None:
    wrong, commands = [], get_command(app())
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for line in _shown(document):
            told = re.search(r"baton (.*?)(?:\s{2,}|\s#|$)", line)
            if told and (why := _no_command(commands, shlex.split(told[1].replace("…", " ").replace("'s", "s")))):
                wrong.append(f"{document.name}: {line.strip()}: {why}")
    assert not wrong, "\n".join(wrong)


def _shown(document: Path) -> Iterator[str]:
    """Lines of blocks of code that begin with the command."""
    for block in re.findall(r"^```(?:sh|bash|console)?\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL):
        joined = block.replace("\\\n", " ")
        yield from (line for line in joined.splitlines() if line.startswith("baton "))


def _no_command(at: Any, words: list[str]) -> str:
    """Why it is none; nothing if it is one and has these options."""
    while words and hasattr(at, "commands"):
        name = words.pop(0)
        if "|" in name:
            name = name.partition("|")[0]
        if name not in at.commands:
            return f"there is no {name!r}"
        at = at.commands[name]
    known = {option for each in at.params for option in each.opts + each.secondary_opts}
    return ", ".join(f"no option {word}" for word in words if re.match("--[a-z]", word) and word not in known)


def test_every_setting_of_the_readme_is_one() -> None:
    assert set(re.findall(r"BATON_[A-Z_]+", README)) <= set(VARIABLES.values())


@pytest.mark.parametrize("record", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_record_is_numbered_and_one_page(record: Path) -> None:
    number = int(record.stem[:4])
    text = record.read_text()
    assert text.startswith(f"# {number}. ")
    assert len(text.splitlines()) <= 60


def test_the_readme_repeats_no_figure_of_the_path_of_a_mail() -> None:
    """They stand in the page that the benchmark itself writes, and would be old here after its next run."""
    speed = README.split("## Speed")[1].split("\n## ")[0]
    assert "docs/benchmarks-distribution.md" in speed
    assert not re.search(r"messages/s|recipients/s|smtplib|DKIM", speed)
