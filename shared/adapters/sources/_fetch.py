"""One answer of a stranger's server, followed on its own site only, unpacked within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urljoin

from shared.adapters._http.wire import Answer, GuardedWire, Lost, NotSent, Request
from shared.domain.website import same_site

HOPS = 5
FORBIDS = "its robots.txt forbids it"
MOST_UNPACKED = 1_500_000
"""Octets of a page after gzip: what is packed more densely is a bomb, or of no use."""
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Encoding": "gzip",
    "Accept-Language": "en,de;q=0.8",
}


class Fetched(NamedTuple):
    """What came in the end. `answer` None: nothing did, and `why`; `moved_to`: where another site was named instead.
    `body` is unpacked; `answer.body` as it came."""

    url: str
    answer: Answer | None
    body: bytes = b""
    why: str = ""
    moved_to: str = ""
    refused: bool = False
    """Robots.txt forbids where it led."""
    unsent: bool = False
    """Nothing was asked: there is no such server, or none that may be asked."""


async def fetch(
    wire: GuardedWire,
    url: str,
    pace: Callable[[], Awaitable[None]],
    allows: Callable[[str], bool],
    anywhere: bool = False,
) -> Fetched:
    """GET with at most five redirects, each after the pause that the site is given; to another site only `anywhere`,
    as is right for rules, which may be kept elsewhere (RFC 9309, section 2.3.1.2)."""
    for hop in range(HOPS + 1):
        if not allows(url):
            return Fetched(url, None, why=FORBIDS, refused=True)
        if hop:
            await pace()
        try:
            answer = await wire.ask(Request("GET", url, _HEADERS))
        except (NotSent, Lost) as fault:
            return Fetched(url, None, why=str(fault), unsent=isinstance(fault, NotSent))
        if not 300 <= answer.status < 400 or "location" not in answer.headers:
            body, whole = unpacked(answer)
            return Fetched(url, answer if whole else replace(answer, whole=False), body)
        try:
            target = urljoin(url, answer.headers["location"])
        except ValueError:
            return Fetched(url, None, why="it leads to an address that is none")
        if not anywhere and not same_site(url, target):
            return Fetched(url, None, why="it leads to another site", moved_to=_short(target))
        url = target
    return Fetched(url, None, why=f"it leads on more than {HOPS} times")


def unpacked(answer: Answer) -> tuple[bytes, bool]:
    """The body without gzip, and whether that is all of it."""
    if answer.headers.get("content-encoding", "").strip().lower() not in ("gzip", "x-gzip"):
        return answer.body, answer.whole
    packed = zlib.decompressobj(wbits=31)
    try:
        body = packed.decompress(answer.body, MOST_UNPACKED)
    except zlib.error:
        return b"", False
    return body, answer.whole and packed.eof


def _short(target: str) -> str:
    return "".join(each for each in target if each.isprintable())[:200]
