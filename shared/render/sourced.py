"""A rendered mail whose factual sentences can be asked for their source: for those who approve it, never for readers.

Only marks are added around words that stand there anyway. They work without a script: a hidden checkbox for each
sentence, its label the sentence, and what it rests on after it, shown while the box is checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<skip><!--.*?-->|<style\b.*?</style>|<title\b.*?</title>|<div\b[^>]*display:\s*none[^>]*>.*?</div>)"
    r"|(?P<tag><[^>]*>)|(?P<text>[^<]+)",
    re.DOTALL,
)
"""What nobody sees, such as the line that mailboxes preview, is passed over."""
_CHARACTER = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);|.", re.S | re.I)
_INLINE = ("a", "b", "em", "i", "span", "strong", "u")
_STYLE = """
.baton-box { position: absolute; opacity: 0; width: 1px; height: 1px; }
.baton-said { text-decoration: underline solid #0b6e5f 2px; text-underline-offset: 4px; cursor: help; }
.baton-unsaid { text-decoration: underline wavy #b3362b 2px; text-underline-offset: 4px; cursor: help; }
.baton-source { display: none; margin: 2px 4px; padding: 1px 9px; border-radius: 9px; color: #fff; background: #0b6e5f;
  font: 600 13px/1.5 system-ui, sans-serif; }
.baton-none { background: #b3362b; }
.baton-box:focus-visible + label { outline: 3px solid #0b6e5f; }
"""


class Stated(NamedTuple):
    """A sentence that states a fact, and what carries it; `carried` is False if nothing does."""

    sentence: str
    source: str
    carried: bool = True


class _Place(NamedTuple):
    """One character as it is read, and where it stands in the source."""

    character: str
    start: int
    end: int


def sourced(html: str, stated: Sequence[Stated]) -> str:
    """The mail with each sentence marked where it first stands; what is not found in it is left out."""
    places = _places(html)
    read = "".join(each.character for each in places)
    edits: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    opened: list[str] = []
    for number, each in enumerate(stated):
        sentence = " ".join(each.sentence.split())
        at = read.find(sentence) if sentence else -1
        end = at + len(sentence)
        if at < 0 or any(at < other_end and other < end for other, other_end in taken):
            continue
        taken.append((at, end))
        edits += _marks(_runs(html, places[at:end]), number, each)
        opened.append(f"body:has(#baton-{number}:checked) .baton-source-{number} {{ display: inline-block; }}")
    if not edits:
        return html
    for at, text in sorted(edits, reverse=True):
        html = html[:at] + text + html[at:]
    style = f"<style>{_STYLE}{chr(10).join(opened)}</style>"
    return html.replace("</head>", f"{style}</head>", 1) if "</head>" in html else style + html


def _places(html: str) -> list[_Place]:
    """The words as they are read, spaces run together; a newline where a block begins or ends."""
    places: list[_Place] = []
    for token in _TOKEN.finditer(html):
        if token["tag"] and re.split(r"[\s/>]", token["tag"].lstrip("</").lower(), maxsplit=1)[0] not in _INLINE:
            places.append(_Place("\n", token.end(), token.end()))
        for found in _CHARACTER.finditer(token["text"] or ""):
            character = unescape(found[0])
            start, end = token.start() + found.start(), token.start() + found.end()
            if not character.isspace():
                places.extend(_Place(each, start, end) for each in character)
            elif places and places[-1].character not in " \n":
                places.append(_Place(" ", start, end))
    return places


def _runs(html: str, places: Sequence[_Place]) -> list[tuple[int, int]]:
    """Stretches of the source without a tag in between."""
    runs: list[tuple[int, int]] = []
    for each in places:
        if runs and "<" not in html[runs[-1][1] : each.start]:
            runs[-1] = runs[-1][0], max(each.end, runs[-1][1])
        else:
            runs.append((each.start, each.end))
    return runs


def _marks(runs: Sequence[tuple[int, int]], number: int, stated: Stated) -> list[tuple[int, str]]:
    """What to insert where."""
    id, kind = f"baton-{number}", "said" if stated.carried else "unsaid"
    box = f'<input class="baton-box" type="checkbox" id="{id}" aria-label="Show what this rests on">'
    told = f'<span class="baton-source baton-source-{number}{"" if stated.carried else " baton-none"}">'
    told += f"{escape(stated.source)}</span>"
    made = []
    for n, (start, end) in enumerate(runs):
        made.append((start, f'{"" if n else box}<label class="baton-{kind}" for="{id}">'))
        made.append((end, f"</label>{told if n == len(runs) - 1 else ''}"))
    return made
