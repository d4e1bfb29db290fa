"""docs/data-use.md says of each kind of document, folder of files and store what it holds and what becomes of it."""

from __future__ import annotations

import re
from pathlib import Path

from shared.domain.data_use import FILES, KINDS, rows
from shared.domain.marked_fields import marked_rows
from shared.domain.names import Kind
from shared.domain.retention import CATEGORIES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "data-use.md").read_text()


def test_every_kind_of_document_is_described() -> None:
    assert set(KINDS) == set(Kind)


def test_the_page_shows_every_row_and_no_other() -> None:
    shown = [line for line in PAGE.splitlines() if re.match(r"\| (document|files|store) \|", line)]
    assert shown == list(rows())


def test_the_page_shows_what_is_encrypted() -> None:
    shown = [line for line in PAGE.splitlines() if re.match(r"\| `[\w-]+` \| `[^|]+` \| [^|]+ \|$", line)]
    assert shown == list(marked_rows())


def test_the_page_says_how_long_each_category_is_kept() -> None:
    shown = [line for line in PAGE.splitlines() if re.match(r"\| `\w+` \| .* \| \d+ \| \d+ \|$", line)]
    assert shown == [f"| `{name}` | {each.holds} | {each.days} | {each.least} |" for name, each in CATEGORIES.items()]


STREAMS = {
    "contact/",
    "campaign/",
    "journey/",
    "deal/",
    "offer/",
    "proposal/",
    "contract/",
    "invoice/",
    "payment/",
    "plan/",
    "import/",
    "document/",
    "piece/",
    "task/",
    "memory/",
    "card/",
    "files/",
}
"""Streams of the journal, and places on a certificate; they are named as files are."""


def test_every_folder_of_files_that_the_agents_write_is_described() -> None:
    """A path begins with a word and a slash in a text of the source."""
    folders = set()
    for source in (ROOT / "shared" / "agents").rglob("*.py"):
        folders |= set(re.findall(r'f"([a-z]+/)\{', source.read_text()))
    assert "campaigns/" in folders
    assert folders - STREAMS <= set(FILES)
