"""The session of every channel that is one HTTP request a message: a few at a time, one receipt each."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from typing import Protocol, TypeVar

from shared.adapters._http.wire import Answer, Lost, NotSent, Request, Wire
from shared.adapters.channels._pump import Hand, Pump
from shared.ports import Outgoing, Receipt

T = TypeVar("T")


class Provider(Protocol):
    """What a channel knows of its provider."""

    cost_micros: int
    connections: int
    repeatable: bool
    """It takes a message once, however often it is asked to: what it does not answer is asked once more."""

    async def request(self, message: Outgoing) -> Request:
        """Raises ValueError if the provider could never take it: it has failed."""
        ...

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        """What the answer means. A price of 0 in it stands for `cost_micros`, if the message was taken."""
        ...

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        """What no answer means."""
        ...

    async def unreachable(self, wire: Wire) -> str | None: ...


class PostingSession:
    """A few connections, each of which takes the next message from one queue."""

    def __init__(self, provider: Provider, wire: Wire) -> None:
        self._provider, self._wire = provider, wire
        self._pump = Pump()
        self._well = False
        """The provider took what it was last given: it need not be asked whether it is there."""

    def unreachable(self) -> str | None:
        return None if self._well else self._pump.run(self._reach())

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> Generator[Receipt, None, None]:
        """Sends while it is iterated; whoever stops early leaves what was under way unknown."""
        queue, until = deque(messages), self._pump.time() + within
        yield from self._pump.receipts(lambda hand: self._work(queue, hand, until))

    def close(self) -> None:
        self._pump.close(self._wire.close())

    async def _reach(self) -> str | None:
        try:
            return await self._provider.unreachable(self._wire)
        except (NotSent, Lost) as fault:
            return str(fault)

    async def _work(self, queue: deque[Outgoing], hand: Hand, until: float) -> None:
        busy = min(self._provider.connections, len(queue))
        await asyncio.gather(*(self._serve(queue, hand, until) for _ in range(busy)))

    async def _serve(self, queue: deque[Outgoing], hand: Hand, until: float) -> None:
        while queue:
            receipt = await self._post(queue.popleft(), until)
            if receipt.state != "unsent":
                self._well = receipt.state in ("submitted", "accepted", "failed")
            hand(receipt)

    async def _post(self, message: Outgoing, until: float) -> Receipt:
        provider = self._provider
        try:
            request = await provider.request(message)
        except ValueError as wrong:
            return failed(message, f"not written: {wrong}")
        except NotSent as fault:
            return deferred(message, str(fault))
        if self._pump.time() >= until:
            return Receipt(message.key, message.attempt, "unsent")
        found = await self._ask(message, request)
        if found.state == "unknown" and provider.repeatable:
            again = await self._ask(message, request)
            found = again if again.state == "accepted" else found
        taken = found.state in ("submitted", "accepted") and not found.cost_micros
        return replace(found, cost_micros=provider.cost_micros) if taken else found

    async def _ask(self, message: Outgoing, request: Request) -> Receipt:
        try:
            return self._provider.receipt(message, await self._wire.ask(request))
        except NotSent as fault:
            return deferred(message, str(fault))
        except Lost as lost:
            return self._provider.silence(message, lost)


@contextmanager
def posting(provider: Provider, wire: Wire) -> Iterator[PostingSession]:
    """Connections are opened when the first message needs them. Never raises for the provider's sake."""
    session = PostingSession(provider, wire)
    try:
        yield session
    finally:
        session.close()


def asked(wire: Wire, ask: Callable[[Wire], Awaitable[T]]) -> T:
    """What a few questions outside a session come to."""

    async def work() -> T:
        try:
            return await ask(wire)
        finally:
            await wire.close()

    return asyncio.run(work())


def failed(message: Outgoing, why: str) -> Receipt:
    return Receipt(message.key, message.attempt, "failed", detail=why[:200])


def deferred(message: Outgoing, why: str, wait: float | None = None) -> Receipt:
    """Definitely not taken; `wait` in seconds, if the provider said how long."""
    return Receipt(message.key, message.attempt, "deferred", detail=why[:200], retry_after=wait)


def unknown(message: Outgoing, why: str) -> Receipt:
    return Receipt(message.key, message.attempt, "unknown", detail=why[:200])


def refused(message: Outgoing, answer: Answer, why: str) -> Receipt:
    """What a status that takes nothing means: too many, too slow or no longer let in can be mended, and is tried again;
    the rest of 3xx and 4xx never will be taken; of a 5xx nobody knows."""
    said = f"{answer.status} {why}".strip()
    if answer.status in (401, 403, 407, 408, 423, 425, 429):
        return deferred(message, said, answer.retry_after)
    if 300 <= answer.status < 500:
        return failed(message, said)
    return unknown(message, said)
