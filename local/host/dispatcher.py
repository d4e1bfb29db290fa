"""From the table of work to the pool: a bounded number of activities in memory, the others where they are safe."""

from __future__ import annotations

from local.host.activities import ActivityPool
from local.host.rows import Work
from local.host.store import Store

_IN_MEMORY = 256


class Dispatcher:
    """Hands committed work to the pool, oldest first. Used by the engine only."""

    def __init__(self, store: Store, pool: ActivityPool) -> None:
        self._store = store
        self._pool = pool
        self._in_memory = 0
        self._last = 0  # row of the youngest activity handed over
        self._more = True  # whether the table holds younger ones

    @property
    def idle(self) -> bool:
        """Whether no activity runs or waits."""
        return self._in_memory == 0 and not self._more

    @property
    def has_others(self) -> bool:
        """Whether more than one activity runs or waits, as far as another thread can tell."""
        return self._in_memory > 1

    def ended(self, count: int) -> None:
        """So many ends of activities have been committed."""
        self._in_memory -= count

    def dispatch(self, new: list[Work]) -> None:
        """Run what has just been committed, or leave it in the table while memory holds enough."""
        if new and (self._more or self._in_memory + len(new) > _IN_MEMORY):
            self._more = True
            new = []
        if self._more and self._in_memory <= _IN_MEMORY // 2:
            room = _IN_MEMORY - self._in_memory
            new = self._store.work_after(self._last, room)
            self._more = len(new) == room
        if new:
            self._last = new[-1].seq
            self._in_memory += len(new)
            self._pool.submit(new)
