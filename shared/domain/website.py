"""A company's web site: the one spelling under which two ways to write it are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_DEFAULT = {"http": 80, "https": 443}
_ABOUT = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (r"impressum|imprint|legal[ -]notice", r"contact|kontakt", r"about|über[- ]uns|ueber-uns|team")
)
_SHARED = frozenset(
    [
        "facebook.com",
        "fb.com",
        "instagram.com",
        "linkedin.com",
        "xing.com",
        "twitter.com",
        "x.com",
        "youtube.com",
        "tiktok.com",
        "pinterest.com",
        "linktr.ee",
        "sites.google.com",
        "g.page",
        "goo.gl",
        "maps.google.com",
        "wa.me",
        "t.me",
        "yelp.com",
        "etsy.com",
    ]
)
"""Hosts on which many companies have a page: such a page is no site of theirs."""
LONGEST = 300
"""Characters of an address that is looked at."""


def site_of(text: str) -> str:
    """Where it begins, as `https://host` or `http://host:port`; https where nobody said. Raises ValueError."""
    given = text.strip()
    scheme, host, port = _parts(given if "://" in given[:10] else f"https://{given}")
    at = f"[{host}]" if ":" in host else host
    return f"{scheme}://{at}" if port == _DEFAULT[scheme] else f"{scheme}://{at}:{port}"


def host_of(website: str) -> str:
    """The normal form: small letters, punycode (RFC 5891), without `www.`; with the port if it is none of the two
    usual ones. Raises ValueError."""
    given = website.strip()
    _, host, port = _parts(given if "://" in given[:10] else f"https://{given}")
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    return host if port in _DEFAULT.values() else f"{host}:{port}"


def is_shared(website: str) -> bool:
    """Does its host hold the pages of many companies, so that it names none of them? Raises ValueError."""
    labels = host_of(website).partition(":")[0].split(".")
    return any(".".join(labels[n:]) in _SHARED for n in range(len(labels)))


def same_site(one: str, other: str) -> bool:
    """Do both lie on one host, `www.` or not, with TLS or without?"""
    try:
        return host_of(one) == host_of(other)
    except ValueError:
        return False


def about(links: Sequence[tuple[str, str]]) -> list[str]:
    """Of (URL, its words) at most two by which a company says who it is and how to reach it: the imprint first."""
    for_each = ([url for url, words in links if each.search(url) or each.search(words)] for each in _ABOUT)
    return list(dict.fromkeys(found[0] for found in for_each if found))[:2]


def _parts(url: str) -> tuple[str, str, int]:
    if len(url) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise ValueError("is no address of a web site, as in example.com") from None
    if found.scheme not in _DEFAULT:
        raise ValueError("must begin with http:// or https://, or with neither")
    if found.username is not None or found.password is not None:
        raise ValueError("has a user name or password in it; leave it out")
    return found.scheme, _host(found.hostname or ""), port or _DEFAULT[found.scheme]


def _host(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        pass
    try:
        host = text.rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        raise ValueError("is no address of a web site, as in example.com")
    return host
