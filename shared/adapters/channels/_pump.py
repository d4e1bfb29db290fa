"""Asynchronous work behind a channel's synchronous session: a loop of its own, which runs while receipts are taken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar

from shared.ports import Receipt

T = TypeVar("T")
Hand = Callable[[Receipt], None]


class Pump:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def time(self) -> float:
        """Seconds on the loop's clock."""
        return self._loop.time()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work comes to, while nothing else is under way."""
        return self._loop.run_until_complete(work)

    def receipts(self, work: Callable[[Hand], Awaitable[None]]) -> Generator[Receipt, None, None]:
        """The receipts that the work hands over, as they come; whoever stops taking them early cancels it."""
        ready: deque[Receipt] = deque()

        def hand(receipt: Receipt) -> None:
            ready.append(receipt)
            self._loop.stop()

        task = self._loop.create_task(self._whole(work, hand))
        try:
            while not task.done():
                self._loop.run_forever()
                while ready:
                    yield ready.popleft()
            task.result()
        finally:
            if not task.done():
                task.cancel()
                self._loop.run_forever()

    def close(self, last: Awaitable[object]) -> None:
        """After the last work, such as taking leave, the loop ends."""
        self._loop.run_until_complete(self._end(last))
        self._loop.close()

    async def _whole(self, work: Callable[[Hand], Awaitable[None]], hand: Hand) -> None:
        try:
            await work(hand)
        finally:
            self._loop.stop()

    async def _end(self, last: Awaitable[object]) -> None:
        await last
        await self._loop.shutdown_default_executor()
        await asyncio.sleep(0)  # Transports close their sockets in the turn after the one that ended them.
