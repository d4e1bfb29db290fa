"""How the parts of a text stand together when it is published: plain text; Markdown for pages and blog posts."""

from __future__ import annotations

import re

from shared.domain.formats import FORMATS, FormatName, Words
from shared.domain.legal import legal_lines
from shared.domain.placeholders import URL

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def published(
    format: FormatName, words: Words, *, sender: str, call: str, url: str, language: str, written_by: str
) -> str:
    """The whole text. Who wrote it is said where readers come to it by themselves; a campaign says it in its mails."""
    said = _Said(words)
    if FORMATS[format].network:
        return _post(format, said, url)
    match format:
        case "email":
            points = "\n".join(f"• {point}" for point in said.all("points"))
            body = (*said.all("paragraphs"), points, said["closing"])
            return _joined(said["headline"], said["greeting"], *body, f"{call}: {url}", said["sign_off"])
        case "sms":
            return f"{sender}: {said['text']} {url}"
        case "blog":
            sections = ("## " + _plain(each).replace("\n", "\n\n", 1) for each in said.all("sections"))
            text = (f"# {_plain(said['title'])}", *map(_plain, said.all("paragraphs")), *sections)
        case _:
            points = "\n".join(f"- {_plain(point)}" for point in said.all("points"))
            above = (f"# {_plain(said['headline'])}", _plain(said["subheadline"]))
            text = (*above, *map(_plain, said.all("paragraphs")), points)
    disclosure = legal_lines(language, sender, written_by).disclosure
    return _joined(*text, _plain(said["closing"]), f"[{_plain(call)}](<{url}>)", f"*{_plain(disclosure)}*")


class _Said:
    """Words, read by part: one text, or all of a list."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __getitem__(self, name: str) -> str:
        said = self._words[name]
        return said if isinstance(said, str) else "\n\n".join(said)

    def all(self, name: str) -> list[str]:
        said = self._words[name]
        return [said] if isinstance(said, str) else said


def _post(format: FormatName, said: _Said, url: str) -> str:
    network = FORMATS[format].network
    call = f"{said['call']}: {url}" if network and network.links else said["call"]
    tags = " ".join(f"#{tag}" for tag in said.all("hashtags"))
    return _joined(said["hook"], *said.all("paragraphs"), call, tags)


def _joined(*paragraphs: str) -> str:
    return "\n\n".join(each.strip() for each in paragraphs if each.strip())


def _plain(text: str) -> str:
    """Text as Markdown that shows it as it is; addresses stay whole."""
    pieces, start = [], 0
    for found in URL.finditer(text):
        pieces += [_MARKUP.sub(r"\\\1", text[start : found.start()]), found[0]]
        start = found.end()
    return "".join([*pieces, _MARKUP.sub(r"\\\1", text[start:])])
