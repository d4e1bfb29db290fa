"""Whoever asked, or waits for an instance to end, is told after the COMMIT; nobody has to look again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from local.host.model import EngineStopped
from local.host.rows import Record

Future = asyncio.Future[Record]
Answer = tuple["asyncio.Future[Any] | None", Any]


class Waiters:
    """Used on the loop, but for `answer`, `tell` and `refuse`, which are the engine's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: dict[str, list[Future]] = {}
        self._gone: EngineStopped | None = None

    @contextmanager
    def waiting(self, instance_id: str) -> Iterator[Future]:
        """What gets the instance's row at its end, if that comes inside the block."""
        future = self._loop.create_future()
        self._waiting.setdefault(instance_id, []).append(future)
        if self._gone:
            future.set_exception(self._gone)
        try:
            yield future
        finally:
            future.cancel()
            self._waiting[instance_id].remove(future)
            if not self._waiting[instance_id]:
                del self._waiting[instance_id]

    def answer(self, answers: Sequence[Answer]) -> None:
        """Give each future, where there is one, its value or its error."""
        awaited = [(future, value) for future, value in answers if future is not None]
        if awaited:
            self._loop.call_soon_threadsafe(_settle, awaited)

    def tell(self, ended: Sequence[Record]) -> None:
        """These have come to their end, and that is committed."""
        awaited = [record for record in ended if record.id in self._waiting]
        if awaited:
            self._loop.call_soon_threadsafe(self._resolve, awaited)

    def refuse(self, why: EngineStopped) -> None:
        """No instance will come to its end any more."""
        self._gone = why
        self._loop.call_soon_threadsafe(self._refuse)

    def _resolve(self, ended: Sequence[Record]) -> None:
        for record in ended:
            for future in self._waiting.get(record.id, ()):
                if not future.done():
                    future.set_result(record)

    def _refuse(self) -> None:
        for future in (each for waiting in self._waiting.values() for each in waiting):
            if self._gone and not future.done():
                future.set_exception(self._gone)


def _settle(answers: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, value in answers:
        if future.done():  # whoever asked has gone
            continue
        if isinstance(value, Exception):
            future.set_exception(value)
        else:
            future.set_result(value)
