"""A page of a web site as a list of what stands on it: its headings, and its links to the same site. What a
competitor offers comes and goes as these do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urldefrag, urljoin

from shared.adapters.sources._markup import markup_of
from shared.domain.website import same_site
from shared.ports.sources import Asked, Item, Reading, Sites, Unreadable

_MOST, _LONGEST, _LOOKED_AT = 500, 200, 5_000


class PageSource:
    """`sites` fetches: politely, and only what robots.txt allows."""

    costs = 0

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def read(self, asked: Asked) -> Reading:
        """In the page's own order; each heading and each link with its words, once."""
        body, kind = self._sites.fetch(asked.url)
        tree = _tree(body, kind)
        found = list({(each.title, each.link): each for each in islice(_items(tree, asked.url), _LOOKED_AT)}.values())
        most = min(asked.most, _MOST)
        licence = next((_plain(each.get("href") or "") for each in tree.iter("link", "a") if _is_licence(each)), "")
        return Reading(found[:most], licence or "not stated by the page", "page", len(found) <= most)


def _tree(body: bytes, kind: str) -> Any:
    from lxml import html
    from lxml.etree import ParserError

    if "html" not in kind.lower():
        raise Unreadable("it is no HTML page")
    try:
        return html.document_fromstring(markup_of(kind, body), parser=html.HTMLParser(no_network=True))
    except (ParserError, ValueError, AssertionError):
        raise Unreadable("it is no HTML page") from None


def _items(tree: Any, url: str) -> Iterator[Item]:
    for each in tree.iter("h1", "h2", "h3", "a"):
        title = _plain("".join(each.itertext()))
        if each.tag != "a":
            if title:
                yield Item(title, url, "")
        elif title and (link := _link(each.get("href") or "", url)):
            yield Item(title, url, link)


def _link(href: str, url: str) -> str:
    try:
        target = urldefrag(urljoin(url, href.strip())).url
    except ValueError:
        return ""
    return target if target.startswith("http") and len(target) <= 1000 and same_site(url, target) else ""


def _is_licence(each: Any) -> bool:
    return "license" in (each.get("rel") or "").lower().split()


def _plain(text: str) -> str:
    bare = "".join(each if each.isprintable() else " " for each in text[: _LONGEST * 10])
    return " ".join(bare.split())[:_LONGEST]
