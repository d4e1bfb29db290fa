"""The words of a mail, whatever form they have: plain text, else what its HTML shows."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from html.parser import HTMLParser
from typing import NamedTuple

from shared.agents.feedback.mime import Part, part_of, parts
from shared.domain.quoted import printable

_MOST = 4_000_000
"""Octets of one part: more than is kept of its text."""
_BLOCKS = frozenset(
    (
        "address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
        "p", "pre", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})


class Written(NamedTuple):
    """Who a mail says that it is from, and its text; lines that it quotes begin with `>`."""

    writer: str
    text: str


def written(raw: bytes) -> Written:
    """Never raises, whatever it is given."""
    mail = part_of(raw)
    found = [part for part in parts(mail) if part.type in ("text/plain", "text/html")]
    best = next((part for part in found if part.type == "text/plain" and _text(part).strip()), None)
    shown = _shown(_text(found[0])) if found and best is None else ""
    return Written(_header(mail.first("from")), _text(best) if best else shown)


def _text(part: Part) -> str:
    octets = part.content()[:_MOST]
    try:
        text = octets.decode(part.parameter("charset") or "utf-8", "replace")
    except (LookupError, ValueError):
        text = octets.decode("utf-8", "replace")
    return printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _header(value: str) -> str:
    try:
        said = str(make_header(decode_header(value[:400])))
    except (HeaderParseError, LookupError, ValueError):
        said = value
    return " ".join(printable(said).split())[:200]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._quoted = self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self._quoted += tag == "blockquote"
            self._line()

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self._quoted = max(0, self._quoted - (tag == "blockquote"))
            self._line()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _line(self) -> None:
        self.pieces.append("\n" + "> " * min(self._quoted, 3))


def _shown(markup: str) -> str:
    page = _Page()
    page.feed(markup)
    page.close()
    lines = (line.strip() for line in "".join(page.pieces).split("\n"))
    return "\n".join(line for line in lines if line.strip("> "))
