"""Posts to the open internet alone, through the client that checks every address (`_http`)."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from urllib.parse import urlsplit

from shared.adapters._http.guard import PORTS, Resolve, resolve
from shared.adapters._http.wire import Answer, GuardedWire, Limits, Lost, NotSent, Request, place
from shared.ports import Ask, Post, Posted, Told

_LIMITS = Limits(connect=10.0, whole=20.0)


class GuardedEndpoints:
    """`allow`: addresses and ports, separated by spaces, that are opened on purpose (`10.0.0.5:8443`); they may be
    asked without TLS. Raises ValueError naming what is wrong with it."""

    def __init__(self, allow: str = "", limits: Limits = _LIMITS, resolve: Resolve = resolve) -> None:
        self._allowed, self._limits, self._resolve = opened(allow), limits, resolve

    def refusal(self, url: str) -> str | None:
        try:
            host, port = place(url)
        except NotSent as wrong:
            return str(wrong)
        if (host, port) in self._allowed:
            return None
        if urlsplit(url).scheme != "https":
            return "must begin with https://"
        opened = {opened for _, opened in self._allowed}
        return None if port in PORTS or port in opened else f"port {port} is not open to webhooks; leave it out"

    def ask(self, asking: Ask) -> Told:
        limits = Limits(min(self._limits.connect, asking.seconds), asking.seconds, asking.most)
        try:
            answer = self._exchange(Request(asking.method, asking.url, asking.headers, asking.body), limits)
        except NotSent as fault:
            return Told(None, {}, b"", str(fault), taken=False)
        except Lost as fault:
            return Told(None, {}, b"", str(fault), taken=None)
        after = answer.retry_after
        return Told(answer.status, answer.headers, answer.body, whole=answer.whole, retry_after=after)

    def post(self, post: Post) -> Posted:
        try:
            return _posted(self._exchange(Request("POST", post.url, post.headers, post.body), self._limits))
        except (NotSent, Lost) as fault:
            return Posted(None, str(fault))

    def _exchange(self, request: Request, limits: Limits) -> Answer:
        """Raises NotSent or Lost."""
        return asyncio.run(self._alone(request, limits))

    async def _alone(self, request: Request, limits: Limits) -> Answer:
        wire = GuardedWire(limits, allowed=self._allowed, resolve=self._resolve)
        try:
            return await wire.ask(request)
        finally:
            await wire.close()


def _posted(answer: Answer) -> Posted:
    moved = 300 <= answer.status < 400
    return Posted(answer.status, "a redirect, which is not followed" if moved else "", answer.retry_after)


def opened(allow: str) -> list[tuple[str, int]]:
    """The addresses and ports, separated by spaces, that are opened on purpose. Raises ValueError."""
    return [_opened(text) for text in allow.split()]


def _opened(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        raise ValueError("must be addresses with ports, as in 10.0.0.5:8443") from None
