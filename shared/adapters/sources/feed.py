"""RSS and Atom feeds: news of a trade, a competitor, a season."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from shared.ports.sources import Asked, Item, Reading, Sites, Unreadable

_MOST = 500
_TAGS = re.compile(r"<[^>]{0,2000}>")


class FeedSource:
    """`sites` fetches: what holds for pages holds for feeds. feedparser only reads the bytes."""

    costs = 0

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def read(self, asked: Asked) -> Reading:
        """Entries in the feed's own order; one without a title and a link is left out."""
        import feedparser

        body, kind = self._sites.fetch(asked.url)
        found = feedparser.parse(
            body, response_headers={"content-type": kind, "content-location": asked.url}, sanitize_html=False
        )
        if not found.get("version"):
            raise Unreadable("it is no RSS or Atom feed")
        entries = found.entries[: min(asked.most, _MOST)]
        items = [item for each in entries if (item := _item(each, asked.url))]
        left = len(entries) - len(items)
        problems = [f"{left} entries have neither title nor link"] if left else []
        licence = _plain(found.feed.get("rights") or found.feed.get("copyright") or "not stated by the feed", 200)
        return Reading(items, licence, "feed", len(found.entries) == len(entries), problems)


def _item(entry: Any, url: str) -> Item | None:
    title, link = _plain(entry.get("title", ""), 200), str(entry.get("link", ""))
    if not re.match(r"https?://", link) or len(link) > 1000:
        link = ""
    if not (title or link):
        return None
    words = {"summary": _plain(entry.get("summary", ""), 1000), "topics": ", ".join(_topics(entry))}
    return Item(title or link, url, link, {name: text for name, text in words.items() if text}, _at(entry))


def _topics(entry: Any) -> Iterator[str]:
    return (_plain(tag.get("term") or "", 60) for tag in entry.get("tags", [])[:20] if tag.get("term"))


def _at(entry: Any) -> datetime | None:
    """feedparser gives UTC without saying so."""
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError):
        return None


def _plain(text: str, most: int) -> str:
    bare = _TAGS.sub(" ", str(text)[: most * 10])
    return " ".join("".join(each if each.isprintable() else " " for each in bare).split())[:most]
