"""The documents say what is there: names in them are looked up in the tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
