"""HTML into what is looked at of it (`domain.site.Page`). Whatever the page says is data: nothing of it is followed or
believed beyond what a fact names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html
from lxml.etree import ParserError

from shared.adapters._http.wire import Answer
from shared.adapters.sources._markup import markup
from shared.domain.footprint import modified
from shared.domain.site import LONGEST_TEXT, Named, Page
from shared.domain.website import same_site

_MOST_LINKS, _MOST_FOUND, _MOST_JSON, _MOST_NODES = 300, 5, 200_000, 2_000
_MOST_ANCHORS, _MOST_PARTS, _LONGEST = 2_000, 20, 1_000
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}")
_PART = r"[A-ZÄÖÜÉ][\w'’-]{1,24}"
_PERSON = re.compile(
    r"(?P<role>Geschäftsführer(?:in)?|Inhaber(?:in)?|Vertreten durch|Vorstand|Managing Director|Managing Partner|Owner|"
    r"Founder|CEO|Director)\s*[:–-]\s*(?P<name>(?:(?:Dr|Prof|Dipl)\.?(?:-\w+\.)?[ ]){0,2}"
    + _PART
    + r"(?:[ ]"
    + _PART
    + r"){1,2})"
)


def page_of(url: str, answer: Answer, body: bytes, at: datetime) -> Page | None:
    """None: it is no HTML."""
    if "html" not in answer.headers.get("content-type", "text/html").lower() or not body.strip():
        return None
    try:
        tree = html.document_fromstring(markup(answer, body), parser=html.HTMLParser(no_network=True))
    except (ParserError, ValueError, AssertionError):
        return None
    metas = {
        (each.get("name") or each.get("property") or "").lower(): each.get("content") or ""
        for each in tree.iter("meta")
    }
    things = list(_things(tree))
    anchors = [((each.get("href") or "").strip()[:_LONGEST], each) for each in islice(tree.iter("a"), _MOST_ANCHORS)]
    hrefs = [href for href, _ in anchors]
    inside, outside = _links(anchors[:_MOST_LINKS], url)
    said = modified(answer.headers.get("last-modified", ""), at)
    text = _text(tree)
    company = _company(things)
    people = sorted([*_declared(things), *_written(text)], key=lambda each: not each.email)
    return Page(
        url=url,
        status=answer.status,
        bytes=len(answer.body),
        whole=answer.whole,
        first_byte=answer.seconds,
        title=_clean(tree.findtext(".//title") or "", 200),
        description=_clean(metas.get("description", ""), 300),
        language=_clean(tree.get("lang") or "", 20),
        viewport=_clean(metas.get("viewport", ""), 200),
        generator=_clean(metas.get("generator", ""), 100),
        structured=sorted({kind for thing in things for kind in _kinds(thing)})[:40],
        markers=_markers(tree),
        links=inside,
        outside=outside,
        text=text,
        emails=_emails(hrefs, text),
        phones=_once(unquote(each[4:]) for each in hrefs if each.lower().startswith("tel:")),
        people=list({each.name.casefold(): each for each in reversed(people)}.values())[::-1][:_MOST_FOUND],
        dates=[each for each in (*_dates(tree, metas, things), said) if each][:50],
        forms=_forms(tree),
        employees=next((n for thing in things if (n := _employees(thing))), None),
        name=company.name,
        city=company.city,
        country=company.country,
        server=_clean(answer.headers.get("server", ""), 60),
        powered_by=_clean(answer.headers.get("x-powered-by", ""), 60),
    )


def _text(tree: Any) -> str:
    parts, length = [], 0
    for each in tree.iter():
        hidden = not isinstance(each.tag, str) or each.tag in (
            "script",
            "style",
            "noscript",
            "template",
            "head",
            "title",
        )
        for piece in ((None if hidden else each.text), each.tail):
            if piece and piece.strip():
                parts.append(piece.strip())
                length += len(piece)
        if length > LONGEST_TEXT:
            break
    return _clean(" ".join(parts), LONGEST_TEXT)


def _links(anchors: Sequence[tuple[str, Any]], url: str) -> tuple[list[tuple[str, str]], list[str]]:
    inside: dict[str, str] = {}
    outside: dict[str, None] = {}
    for href, each in anchors:
        try:
            target = urljoin(url, href).partition("#")[0]
            host = urlsplit(target).hostname
        except ValueError:
            continue
        if same_site(url, target):
            inside.setdefault(target[:500], _words(each))
        elif target.startswith("http") and host:
            outside[host[:100]] = None
    return list(inside.items()), list(outside)


def _words(anchor: Any) -> str:
    """Of a link, its first few parts: anchors may lie in each other, each with the whole page inside."""
    parts = (
        (each.text if isinstance(each.tag, str) else "", each is not anchor and each.tail) for each in anchor.iter()
    )
    return _clean(" ".join(piece[:100] for part in islice(parts, _MOST_PARTS) for piece in part if piece), 100)


def _forms(tree: Any) -> int:
    """Those in which a text can be written."""
    areas = islice(tree.iter("textarea"), _MOST_FOUND)
    return len({form for each in areas if (form := next(each.iterancestors("form"), None)) is not None})


def _markers(tree: Any) -> list[str]:
    places = (each.get("src") or each.get("href") or "" for each in tree.iter("script", "link", "iframe"))
    return list(islice((each[:300].lower() for each in places if each), 200))


def _emails(hrefs: Sequence[str], text: str) -> list[str]:
    mailto = (unquote(each[7:200]).partition("?")[0] for each in hrefs if each.lower().startswith("mailto:"))
    return _once(each for source in (*mailto, text) for each in _EMAIL.findall(source))


def _once(found: Iterator[str]) -> list[str]:
    return list({each.casefold(): _clean(each, 100) for each in found if each.strip()}.values())[:_MOST_FOUND]


def _things(tree: Any) -> Iterator[dict[str, Any]]:
    """What JSON-LD declares, however deep; a bounded number."""
    left = _MOST_NODES
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            waiting = [json.loads((script.text or "")[:_MOST_JSON])]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            left -= 1
            one = waiting.pop()
            if isinstance(one, dict):
                yield one
                waiting.extend(one.values())
            elif isinstance(one, list):
                waiting.extend(one)


def _kinds(thing: dict[str, Any]) -> list[str]:
    kinds = thing.get("@type")
    return [_clean(each, 40) for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)]


def _declared(things: list[dict[str, Any]]) -> Iterator[Named]:
    for thing in things:
        if "Person" in _kinds(thing) and (name := _said(thing, "name")):
            email = _said(thing, "email").removeprefix("mailto:")
            yield Named(
                name, _said(thing, "jobTitle"), email if _EMAIL.fullmatch(email) else "", _said(thing, "telephone")
            )
        for role in ("founder", "Owner"):
            if isinstance(who := thing.get(role), str | dict):
                name = _clean(who, 80) if isinstance(who, str) else _said(who, "name")
                if name:
                    yield Named(name, role.capitalize())


def _written(text: str) -> Iterator[Named]:
    return (Named(_clean(each["name"], 80), each["role"].capitalize()) for each in _PERSON.finditer(text))


def _said(thing: dict[str, Any], name: str) -> str:
    value = thing.get(name)
    return _clean(value, 80) if isinstance(value, str) else ""


def _employees(thing: dict[str, Any]) -> int | None:
    value = thing.get("numberOfEmployees")
    value = value.get("value") if isinstance(value, dict) else value
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) and value < 1_000_000 else value
    text = value if isinstance(value, str) else ""
    return (int(text) or None) if len(text) <= 6 and text.isascii() and text.isdecimal() else None


class _Company(NamedTuple):
    name: str
    city: str
    country: str


def _company(things: list[dict[str, Any]]) -> _Company:
    known = next((each for each in things if each.get("address") and _said(each, "name")), {})
    address = known.get("address")
    at = address if isinstance(address, dict) else {}
    country = _said(at, "addressCountry").upper()
    right = country if re.fullmatch("[A-Z]{2}", country) else ""
    return _Company(_said(known, "name"), _said(at, "addressLocality"), right)


def _dates(tree: Any, metas: dict[str, str], things: list[dict[str, Any]]) -> Iterator[str]:
    for name in ("article:modified_time", "article:published_time", "og:updated_time", "date"):
        yield _clean(metas.get(name, ""), 30)
    for thing in things:
        yield _said(thing, "dateModified") or _said(thing, "datePublished")
    yield from (_clean(each.get("datetime") or "", 30) for each in tree.iter("time"))


def _clean(text: str, most: int) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text[: most * 4]).split())[:most]
