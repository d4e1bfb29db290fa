"""From the blocks of a document (paragraphs, lists, rows) to passages of some 200 to 300 words. Standard library only:
the process that reads hostile files imports it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from shared.domain.invisible import visible
from shared.domain.placeholders import clean

MOST_WORDS = 300
_PART = 240
"""Words of a part of what is too long for one passage: so that the line before or after it still has room."""
BETWEEN = "\n\n"
"""What stands between two blocks, and between two passages."""
_WORD = re.compile(r"\S{1,100}")
"""What is longer without a blank (a language without blanks, an encoded file) counts as several."""
_WORDS = re.compile(rf"\S{{1,100}}(?:\s*\S{{1,100}}){{0,{_PART - 1}}}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]»“”]*\s+|\n+")
_UNSEEN = re.compile(
    "[\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2065\u206a-\u206f\u3164\uffa0\ufff9-\ufffb\x80-\x9f\ud800-\udfff]"
)
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")


class Block(NamedTuple):
    """A paragraph, list, table or row as it is read; `heading` is the path of headings above it."""

    text: str
    heading: str = ""
    page: int | None = None
    row: int | None = None


class Piece(NamedTuple):
    """What becomes a passage; `rows` are the first and the last line of a CSV file in it."""

    text: str
    heading: str = ""
    page: int | None = None
    rows: tuple[int, int] | None = None


def as_seen(text: str) -> str:
    """The text as a reader sees it: without the characters that nobody sees and in which instructions hide (rule L3),
    also soft hyphens, fillers and control characters; runs of blanks are one."""
    bare = _BLANKS.sub(" ", _UNSEEN.sub("", visible(clean(_BREAK.sub("\n", text)))))
    return "\n".join(line.strip() for line in bare.split("\n")).strip()


def pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    """Blocks that belong together, cut where a section or a page ends, or when there are enough words."""
    for (heading, page), belonging in groupby(blocks, key=lambda block: (block.heading, block.page)):
        for group in _filled(belonging):
            rows = [block.row for block in group if block.row is not None]
            text = ("\n" if rows else BETWEEN).join(block.text for block in group)
            yield Piece(text, heading, page, (min(rows), max(rows)) if rows else None)


def _filled(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    held = 0
    for block in (part for whole in blocks for part in _parts(whole)):
        words = _count(block.text)
        if group and held + words > MOST_WORDS:
            yield group
            group, held = [], 0
        group.append(block)
        held += words
    if group:
        yield group


def _parts(block: Block) -> Iterator[Block]:
    """The block, or as many as it is too long for, cut between sentences or lines."""
    if _count(block.text) <= MOST_WORDS:
        yield block
        return
    start, held = 0, 0
    for at, words in _sentences(block.text):
        if held and held + words > _PART:
            yield block._replace(text=block.text[start:at].strip())
            start, held = at, 0
        held += words
    yield block._replace(text=block.text[start:].strip())


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """(where it begins, how many words) of each sentence or line; of what is too long for one, of each part."""
    begin = 0
    for end in (*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)):
        for part in _WORDS.finditer(text, begin, end):
            yield part.start(), _count(part[0])
        begin = end


def _count(text: str) -> int:
    return len(_WORD.findall(text))
