"""One desk a workspace and process: whoever finds it free decides for all who wait, in one read and one write.

So the callers of one process never race each other for the same account, however many they are; only processes do,
and each of them with all that its callers want at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import uuid_utils

from shared.agents.budget.books import Books, Known
from shared.domain.scope import Scope
from shared.ports import Documents, Ports, Stale

MOST_WRITES = 90
"""Of one group; a batch takes 100."""
MOST_KNOWN = 500
"""Documents that are remembered from one group to the next."""
LONGEST_PAUSE = 0.5
"""Seconds between two tries, when other processes keep being faster."""

Decide = Callable[[Books], Any]
"""Reads from the books, keeps changes in them, and answers; it may raise, and then has changed nothing. It may be asked
again on newer books."""


class _Wish:
    def __init__(self, ids: frozenset[str], new: frozenset[str], decide: Decide, durable: bool) -> None:
        self.ids, self.new, self.decide, self.durable = ids | new, new, decide, durable
        self.done = False
        self.answer: Any = None
        self.error: BaseException | None = None


class Desk:
    """For one workspace."""

    def __init__(self, ports: Ports, scope: Scope) -> None:
        self._ports, self._scope = ports, scope
        self._waiting: deque[_Wish] = deque()
        self._turn = Lock()
        self._known: Known = {}

    def ask(self, ids: frozenset[str], new: frozenset[str], decide: Decide, durable: bool = True) -> Any:
        """Decide on the documents `ids` and `new` and return, once it is stored, what was answered; or raise what was
        raised. `decide` must write all of `new` that it does not find: they are most likely not there yet, so nobody
        looks before the write says so. Without `durable` a power cut may undo it."""
        wish = _Wish(ids, new, decide, durable)
        self._waiting.append(wish)
        with self._turn:
            while not wish.done:
                self._serve(self._group())
        if wish.error is not None:
            raise wish.error
        return wish.answer

    def _group(self) -> list[_Wish]:
        """Those who wait longest, as many as fit into one write."""
        group, ids = [self._waiting.popleft()], set[str]()
        ids |= group[0].ids
        while self._waiting and len(ids | self._waiting[0].ids) <= MOST_WRITES:
            group.append(self._waiting.popleft())
            ids |= group[-1].ids
        return group

    def _serve(self, group: list[_Wish]) -> None:
        try:
            self._settle(group)
        except BaseException as error:
            for wish in group:
                wish.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            for wish in group:
                wish.done = True

    def _settle(self, group: list[_Wish]) -> None:
        """First by what was known after the last group. Whoever writes what another process has changed since, or what
        is there already, is stale, and whoever is refused may be so by limits that are gone: then all is read anew."""
        tries, ids = 0, frozenset[str]().union(*(wish.ids for wish in group))
        new: Known = dict.fromkeys(id for wish in group for id in wish.new)
        while True:
            known, self._known = self._known, {}
            books = Books(self._ports, self._scope, ids, known and new | known)
            for wish in group:
                _decide(wish, books)
            if known and any(wish.error for wish in group):
                continue
            try:
                after = books.write(any(wish.durable for wish in group))
                others = {id: each for id, each in known.items() if id not in ids}
                self._known = after if len(others) > MOST_KNOWN else others | after
                return
            except Stale:
                if not known:
                    tries += 1
                    self._ports.clock.pace(_pause(tries))


def desk(ports: Ports, scope: Scope) -> Desk:
    """The one desk of a workspace in this process."""
    with _OPENING:
        desks = _DESKS.setdefault(ports.documents, {})
        if scope not in desks:
            desks[scope] = Desk(ports, scope)
        return desks[scope]


def _pause(tries: int) -> float:
    """Anything up to twice as long each time, so that processes do not meet again."""
    share = uuid_utils.uuid4().bytes[0] / 255
    return float(share * min(LONGEST_PAUSE, 0.002 * 2 ** min(tries, 10)))


def _decide(wish: _Wish, books: Books) -> None:
    try:
        wish.answer, wish.error = wish.decide(books), None
    except Exception as error:
        wish.answer, wish.error = None, error


_DESKS: WeakKeyDictionary[Documents, dict[Scope, Desk]] = WeakKeyDictionary()
_OPENING = Lock()
