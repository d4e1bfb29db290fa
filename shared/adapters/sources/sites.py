"""Web sites over HTTP: the home page and where a company says who it is, as robots.txt allows, a request at a time."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
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
AT_ONCE = 48
"""Sites that are looked at together: most of the time each only waits for its turn."""
PATIENCE = 45.0
"""Seconds for one site, pauses included; what it has shown by then counts."""
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
        patience: float = PATIENCE,
    ) -> None:
        self._clock, self._limits, self._delay, self._patience = clock, limits, delay, patience
        self._wire = partial(_Wire, limits, ca, allowed, resolve)

    def visit(self, websites: Sequence[str]) -> list[Visit]:
        async def together(wire: GuardedWire) -> list[Visit]:
            turns = asyncio.Semaphore(AT_ONCE)
            return await asyncio.gather(*(self._one(wire, turns, each) for each in websites))

        return self._alone(together)

    def fetch(self, url: str) -> tuple[bytes, str]:
        """One page or feed that somebody named; robots.txt holds for it, too."""
        try:
            base = site_of(url)
        except ValueError as wrong:
            raise Unreadable(f"its address {wrong}") from None
        found = self._alone(lambda wire: self._look(wire).single(base, url))
        if found.answer is None or found.answer.status != 200:
            raise Unreadable(found.why or f"it answered {found.answer.status if found.answer else 'nothing'}")
        if not found.answer.whole:
            raise Unreadable(f"it is longer than {self._limits.answer:,} octets, or broken off")
        return found.body, found.answer.headers.get("content-type", "")

    async def _one(self, wire: GuardedWire, turns: asyncio.Semaphore, website: str) -> Visit:
        try:
            base = site_of(website)
        except ValueError as wrong:
            return Visit(website, refusal="unreachable", why=f"its address {wrong}")
        async with turns:
            try:
                return await self._look(wire).visit(base)
            except Exception as fault:  # what a stranger's page makes fail here is that page's loss, not the list's
                return Visit(website, refusal="not_a_page", why=f"it could not be read ({type(fault).__name__})")

    def _look(self, wire: GuardedWire) -> _Look:
        return _Look(wire, self._clock, self._delay, self._patience)

    def _alone(self, work: Callable[[GuardedWire], Coroutine[object, object, T]]) -> T:
        """In a loop of its own, with a thread for each name that is looked up."""

        async def run() -> T:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(AT_ONCE))
            wire = self._wire()
            try:
                return await work(wire)
            finally:
                await wire.close()

        return asyncio.run(run())


class _Wire(GuardedWire):
    """A name that was looked up, and its address checked, counts for the whole look: the look is short, and each thread
    that is asked costs the others their turns."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._places: dict[tuple[str, int], str] = {}

    async def address(self, host: str, port: int) -> str:
        if (host, port) not in self._places:
            self._places[host, port] = await super().address(host, port)
        return self._places[host, port]


class _Look:
    """One look at one site: every request after the first waits for its turn."""

    def __init__(self, wire: GuardedWire, clock: Clock, delay: float, patience: float) -> None:
        self._wire, self._clock, self._delay, self._patience = wire, clock, delay, patience
        self._until = asyncio.get_running_loop().time() + patience
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
        page = self._page(found) if found.answer.status == 200 else None
        if page is None:
            status = found.answer.status
            why = "its home page is no HTML" if status == 200 else f"it answered {status}"
            return replace(plain, refusal="not_a_page", why=why)
        pages = [page, *await self._more(page)]
        return replace(plain, pages=pages, certificate_until=_until(found.answer.certificate))

    async def _begin(self, base: str) -> Fetched:
        try:
            async with asyncio.timeout_at(self._until):
                self._rules = await self._robots(base)
                return await self._get(f"{base}/")
        except TimeoutError:
            return Fetched(f"{base}/", None, why=f"it took more than {self._patience:g} s in all")

    async def _robots(self, base: str) -> Robots:
        """Followed wherever they are kept. A server that is not there at all has no rules: the next request says so."""
        url = f"{base}/robots.txt"
        await self._pause()
        found = await fetch(self._wire, url, self._pause, lambda _: True, anywhere=True)
        if found.answer is None and found.unsent and found.url == url:
            return Robots()
        return robots_of(found.answer.status if found.answer else None, found.body)

    async def _more(self, home: Page) -> list[Page]:
        """Where a company says who it is; what cannot be had, or not in time, is left out."""
        found: list[Fetched] = []
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._until):
                for url in about(home.links):
                    found.append(await self._get(url))
        pages = [self._page(each) for each in found if each.answer and each.answer.status == 200]
        return [page for page in pages if page and page.url != home.url]

    def _page(self, found: Fetched) -> Page | None:
        assert found.answer is not None
        return page_of(found.url, found.answer, found.body, self._clock.now())

    async def _get(self, url: str) -> Fetched:
        if not self._allows(url):
            return Fetched(url, None, why=FORBIDS, refused=True)
        await self._pause()
        return await fetch(self._wire, url, self._pause, self._allows)

    async def _pause(self) -> None:
        if self._asked:
            await asyncio.sleep(self._clock.rest(self._delay))
        self._asked = True

    def _allows(self, url: str) -> bool:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path
        return parts.path == "/robots.txt" or self._rules.allows(path)


def _silent(found: Fetched) -> bool:
    return found.answer is None and not found.refused and not found.moved_to


def _until(certificate: str | None) -> datetime | None:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate), UTC) if certificate else None
