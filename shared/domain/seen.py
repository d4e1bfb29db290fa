"""What a reader sees of an HTML mail, and words compared without regard to how they are set."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class Seen(HTMLParser):
    """Its visible text, and images without alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self._hidden = False
        self.text = ""
        self.images_without_alt = 0

    @classmethod
    def of(cls, html: str) -> Seen:
        """Of a whole mail."""
        seen = cls()
        seen.feed(html)
        seen.close()
        return seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("style", "script", "title")
        self.images_without_alt += tag == "img" and "alt" not in dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


def bare(text: str) -> str:
    """Only its words, so that line breaks and commas do not matter."""
    return " ".join(re.findall(r"\w+", text))
