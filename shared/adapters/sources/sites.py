"""Web sites over HTTP: the home page and where a company says who it is, as robots.txt allows, a request at a time."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from shared.adapters._http.guard import Resolve, resolve
from shared.adapters._http.wire import GuardedWire, Limits
from shared.adapters.sources._fetch import FORBIDS, Fetched, fetch
from shared.adapters.sources._page import page_of
from shared.domain.robots import Robots, robots_of
from shared.domain.site import Page, Visit
from shared.domain.website import about, site_of
from shared.ports import Clock
from shared.ports.sources import Unreadable

LIMITS = Limits(connect=5.0, whole=10.0, answer=1_500_000)
"""Of one request; of a longer page no more is read."""
DELAY = 1.0
"""Seconds between two requests to a host."""
AT_ONCE = 16
"""Sites that are looked at together."""
T = TypeVar("T")


class HttpSites:
    """`allowed`: (address, port) pairs that are opened on purpose; `clock` paces. Threads may share it."""

    costs = 0

    def __init__(
        self,
        clock: Clock,
        allowed: Collection[tuple[str, int]] = (),
        limits: Limits = LIMITS,
        resolve: Resolve = resolve,
        ca: Path | None = None,
        delay: float = DELAY,
    ) -> None:
        self._clock, self._limits, self._delay = clock, limits, delay
        self._wire = partial(GuardedWire, limits, ca, allowed, resolve)

    def visit(self, websites: Sequence[str]) -> list[Visit]:
        with ThreadPoolExecutor(max(1, min(AT_ONCE, len(websites)))) as threads:
            return list(threads.map(self._one, websites))

    def fetch(self, url: str) -> tuple[bytes, str]:
        """One page or feed that somebody named; robots.txt holds for it, too."""
        try:
            base = site_of(url)
        except ValueError as wrong:
            raise Unreadable(f"its address {wrong}") from None
        found = self._look(lambda look: look.single(base, url))
        if found.answer is None or found.answer.status != 200:
            raise Unreadable(found.why or f"it answered {found.answer.status if found.answer else 'nothing'}")
        if not found.answer.whole:
            raise Unreadable(f"it is longer than {self._limits.answer:,} octets, or broken off")
        return found.body, found.answer.headers.get("content-type", "")

    def _one(self, website: str) -> Visit:
        try:
            base = site_of(website)
        except ValueError as wrong:
            return Visit(website, refusal="unreachable", why=f"its address {wrong}")
        try:
            return self._look(lambda look: look.visit(base))
        except Exception as fault:  # what a stranger's page makes fail here is that page's loss, not the list's
            return Visit(website, refusal="not_a_page", why=f"it could not be read ({type(fault).__name__})")

    def _look(self, work: Callable[[_Look], Coroutine[object, object, T]]) -> T:
        async def alone() -> T:
            wire = self._wire()
            try:
                return await work(_Look(wire, self._clock, self._delay))
            finally:
                await wire.close()

        return asyncio.run(alone())


class _Look:
    """One look at one site: every request after the first waits for its turn."""

    def __init__(self, wire: GuardedWire, clock: Clock, delay: float) -> None:
        self._wire, self._clock, self._delay = wire, clock, delay
        self._asked = False
        self._rules = Robots()

    async def visit(self, base: str) -> Visit:
        """The home page over TLS where nobody said otherwise; without it only where that cannot be."""
        found = await self._begin(base)
        if not _silent(found):
            return await self._seen(base, found)
        if base.startswith("http:") or urlsplit(base).port:
            return Visit(base, refusal="unreachable", why=f"the site did not answer: {found.why}", https_why=found.why)
        plain = await self._begin(base.replace("https://", "http://", 1))
        if _silent(plain):
            why = f"the site did not answer: {found.why}"
            return Visit(base, refusal="unreachable", why=why, https=False, https_why=found.why)
        return replace(await self._seen(base, plain), https=False, https_why=found.why)

    async def single(self, base: str, url: str) -> Fetched:
        """One address, if robots.txt of its site allows it."""
        self._rules = await self._robots(base)
        return await self._get(url)

    async def _seen(self, base: str, found: Fetched) -> Visit:
        if found.refused:
            return Visit(base, refusal="robots", why=found.why, https_why=found.why)
        if found.moved_to:
            return Visit(base, refusal="moved", why=found.why, moved_to=found.moved_to, https_why=found.why)
        assert found.answer is not None
        secure = found.url.startswith("https")
        plain = Visit(base, https=secure, https_why="" if secure else "it answers without TLS, and leads to none")
        page = page_of(found.url, found.answer, found.body, self._clock.now()) if found.answer.status == 200 else None
        if page is None:
            status = found.answer.status
            why = "its home page is no HTML" if status == 200 else f"it answered {status}"
            return replace(plain, refusal="not_a_page", why=why)
        pages = [page, *await self._more(page)]
        return replace(plain, pages=pages, certificate_until=_until(found.answer.certificate))

    async def _begin(self, base: str) -> Fetched:
        self._rules = await self._robots(base)
        return await self._get(f"{base}/")

    async def _robots(self, base: str) -> Robots:
        """Followed wherever they are kept. A server that is not there at all has no rules: the next request says so."""
        url = f"{base}/robots.txt"
        self._pause()
        found = await fetch(self._wire, url, self._pause, lambda _: True, anywhere=True)
        if found.answer is None and found.unsent and found.url == url:
            return Robots()
        return robots_of(found.answer.status if found.answer else None, found.body)

    async def _more(self, home: Page) -> list[Page]:
        """Where a company says who it is; what cannot be had is left out."""
        found = [await self._get(url) for url in about(home.links)]
        answered = [(each.url, each.answer, each.body) for each in found if each.answer and each.answer.status == 200]
        pages = [page_of(url, answer, body, self._clock.now()) for url, answer, body in answered]
        return [page for page in pages if page and page.url != home.url]

    async def _get(self, url: str) -> Fetched:
        if not self._allows(url):
            return Fetched(url, None, why=FORBIDS, refused=True)
        self._pause()
        return await fetch(self._wire, url, self._pause, self._allows)

    def _pause(self) -> None:
        if self._asked:
            self._clock.pace(self._delay)
        self._asked = True

    def _allows(self, url: str) -> bool:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path
        return parts.path == "/robots.txt" or self._rules.allows(path)


def _silent(found: Fetched) -> bool:
    return found.answer is None and not found.refused and not found.moved_to


def _until(certificate: str | None) -> datetime | None:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate), UTC) if certificate else None
