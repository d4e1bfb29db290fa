"""What the readers of all formats share. Imported only by the process that reads hostile files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shared.domain.knowledge_passages import Block, as_seen

DEEPEST = 6
"""Levels of headings."""


class Refused(Exception):
    """The file cannot be read; the message says why, in words for whoever brought it."""


class Document(NamedTuple):
    """What was read: the title that the file itself names, and its blocks in order."""

    title: str | None
    blocks: Iterable[Block]


class Outline:
    """Puts each text under the headings above it. A heading that nothing follows is a block of its own."""

    def __init__(self) -> None:
        self._levels = [""] * DEEPEST
        self._depth = 0
        self._lone: str | None = None

    def heading(self, level: int, text: str) -> Iterator[Block]:
        """What follows stands under this one."""
        said = as_seen(text).replace("\n", " ")[:200]
        if not said:
            return
        if self._lone and level <= self._depth:
            yield from self.end()
        self._depth = min(max(level, 1), DEEPEST)
        self._levels[self._depth - 1 :] = [said] + [""] * (DEEPEST - self._depth)
        self._lone = said

    def text(self, text: str) -> Iterator[Block]:
        """A block; nothing if it says nothing."""
        if said := as_seen(text):
            self._lone = None
            yield Block(said, " › ".join(heading for heading in self._levels if heading))

    def end(self) -> Iterator[Block]:
        """There is no more text under the last heading."""
        if self._lone:
            self._levels[self._depth - 1] = ""
            yield from self.text(self._lone)


def decoded(data: bytes) -> str:
    """Bytes as text: by their byte order mark, else UTF-8, else Windows-1252 as older programs save it."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "cp1252")):
        if data.startswith(mark):
            try:
                return _checked(data.decode(encoding))
            except UnicodeDecodeError:
                continue
    raise Refused("is not text: neither UTF-8 nor Windows-1252; save it as UTF-8")


def paragraphs(text: str, heading: str = "", page: int | None = None) -> Iterator[Block]:
    """What empty lines separate."""
    lines: list[str] = []
    for line in (*as_seen(text).split("\n"), ""):
        if line:
            lines.append(line)
        elif lines:
            yield Block("\n".join(lines), heading, page)
            lines = []


def _checked(text: str) -> str:
    if "\0" in text:
        raise Refused("is not text: it has NUL characters in it")
    return text
