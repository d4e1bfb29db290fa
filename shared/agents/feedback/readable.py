"""The texts of a stranger's mail as characters: in whatever encoding they come, in one pass, never raising."""

from __future__ import annotations

import codecs
import re
from email.errors import MessageError
from email.header import decode_header, make_header
from html import unescape

from shared.agents.feedback.mime import Part
from shared.domain.quoted import printable

_HEADER = 2000
"""Characters of one header that are read."""
_OCTETS = 4_000_000
"""Of one part: more than is kept of its text."""
_MARKUP = 200_000
"""Characters of HTML: more than is kept of what it shows."""
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
"""Encodings that Python knows and no mail has: they raise whatever is asked, give half characters, or take for ever."""
_BLOCKS = frozenset(
    (
        "address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
        "p", "pre", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_COMMENT = "!--"
_TAG = re.compile(r"""(/?+)([a-zA-Z][^\s/>]*+)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")
"""What follows a `<` up to the `>` that ends the tag. Whatever it takes it keeps: nothing is read twice."""
_NO_CHARACTER = re.compile(r"&#[0-9]{8,}+;?+")
"""More digits than any character has, and maybe more than Python counts with."""


def header_text(value: str) -> str:
    """A header with its encoded words (RFC 2047) as far as they can be read, on one line."""
    try:
        pieces = decode_header(value[:_HEADER])
        can_be_read = all(charset is None or _is_charset(charset) for _, charset in pieces)
        said = str(make_header(pieces)) if can_be_read else value[:_HEADER]
    except (MessageError, LookupError, ValueError):
        said = value[:_HEADER]
    return " ".join(printable(said).split())


def part_text(part: Part) -> str:
    """What a text part holds; lines end alike."""
    octets, charset = part.content()[:_OCTETS], part.parameter("charset")
    try:
        text = octets.decode(charset if _is_charset(charset) else "utf-8", "replace")
    except (LookupError, ValueError):
        text = octets.decode("utf-8", "replace")
    return printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(markup: str) -> str:
    """What HTML shows, block by block; lines that it quotes begin with `>`."""
    page = _Page()
    before, *pieces = markup[:_MARKUP].split("<")
    page.say(before)
    for piece in pieces:
        page.take(piece)
    lines = (line.strip() for line in "".join(page.pieces).split("\n"))
    return printable("\n".join(line for line in lines if line.strip("> ")))


def _is_charset(name: str) -> bool:
    try:
        return codecs.lookup(name).name.replace("_", "-") not in _NO_CHARSETS
    except (LookupError, ValueError):
        return False


class _Page:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._quoted = 0
        self._hidden = ""
        """What nobody sees until it ends: an element, or a comment."""

    def take(self, piece: str) -> None:
        """What stands between one `<` and the next."""
        tag = _TAG.match(piece)
        if self._hidden == _COMMENT or (not self._hidden and piece.startswith(_COMMENT)):
            _, end, text = piece.partition("-->")
            self._hidden = "" if end else _COMMENT
        elif tag:
            self._tag(tag[2].lower(), bool(tag[1]))
            text = piece[tag.end() :].partition(">")[2]
        else:
            text = piece.partition(">")[2] if piece.startswith(("!", "?", "/")) else f"<{piece}"
        self.say(text)

    def say(self, text: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", unescape(_NO_CHARACTER.sub(" ", text))))

    def _tag(self, name: str, ends: bool) -> None:
        if self._hidden:
            over = (ends and name == self._hidden) or (self._hidden == "head" and name == "body")
            self._hidden = "" if over else self._hidden
        elif name in _UNSEEN and not ends:
            self._hidden = name
        elif name in _BLOCKS:
            if name == "blockquote":
                self._quoted = max(0, self._quoted + (-1 if ends else 1))
            self.pieces.append("\n" + "> " * min(self._quoted, 3))
