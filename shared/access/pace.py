"""How often anybody may call (rule S7): token buckets, in the memory of one process.

Kept in memory, for a limit that costs a write for each request would be the attack; so a deployment of n instances
allows n times as much, which the limits are small enough for (decision 30)."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from shared.access.problem import Refusal

_MOST_BUCKETS = 20_000


class Pace:
    """`burst` calls at once for each name, and `rate` more a second. Threads may share it."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst, self._lock = rate, burst, Lock()
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()
        """A name's hash -> tokens left, and when; those whom nobody asked about for longest are forgotten first."""

    def take(self, name: str, now: datetime) -> None:
        """One call. Raises Refusal (429) that says when to come again."""
        with self._lock:
            left = self._left(name, now)
            self._keep(name, left - 1 if left >= 1 else left, now)
        if left < 1:
            raise self._refusal(left)

    def check(self, name: str, now: datetime) -> None:
        """Raises Refusal (429) if there is nothing left; takes nothing."""
        with self._lock:
            left = self._left(name, now)
        if left < 1:
            raise self._refusal(left)

    def _left(self, name: str, now: datetime) -> float:
        left, at = self._buckets.get(hash(name), (float(self._burst), now.timestamp()))
        return min(self._burst, left + max(0.0, now.timestamp() - at) * self._rate)

    def _keep(self, name: str, left: float, now: datetime) -> None:
        self._buckets[hash(name)] = (left, now.timestamp())
        self._buckets.move_to_end(hash(name))
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)

    def _refusal(self, left: float) -> Refusal:
        seconds = math.ceil((1 - left) / self._rate)
        reason = f"more calls than {self._rate:g} a second; come again in {seconds} s"
        return Refusal(429, "too-many", "rate", reason, {"Retry-After": str(seconds)})


class Paces:
    """The limits of the API: of each principal, of each token in a link, and of each address whose calls are refused.

    A sender of valid links is never counted by address: the proxies of a great mail provider fetch and unsubscribe for
    thousands of people from a few. The owner on the machine itself is not counted at all."""

    def __init__(self) -> None:
        self._principals = Pace(rate=20, burst=200)
        self._links = Pace(rate=1, burst=60)
        self._refused = Pace(rate=1, burst=100)
        self._forms = Pace(rate=0.1, burst=10)

    def admit_principal(self, name: str, now: datetime) -> None:
        """Raises Refusal (429)."""
        self._principals.take(name, now)

    def admit_stranger(self, address: str | None, link: str | None, now: datetime) -> None:
        """A call without a principal; `link` is the token of a link. Raises Refusal (429)."""
        if address is not None:
            self._refused.check(address, now)
        if link is not None:
            self._links.take(link, now)

    def admit_writer(self, address: str | None, now: datetime) -> None:
        """Somebody without a login sends the form of a workspace. Raises Refusal (429)."""
        if address is not None:
            self._forms.take(address, now)

    def count_refused(self, address: str | None, now: datetime) -> None:
        """A call from there was refused: whoever guesses tokens is slowed down."""
        if address is not None:
            try:
                self._refused.take(address, now)
            except Refusal:
                return


def address_of(forwarded: str | None) -> str | None:
    """The caller's address: the last of `X-Forwarded-For`, which the proxy nearest to us wrote, without its port; None
    if nothing stands between: then whoever calls is on this machine."""
    if not forwarded:
        return None
    last = forwarded.rsplit(",", 1)[-1].strip()
    if last.startswith("["):
        return last[1:].partition("]")[0]
    return last.partition(":")[0] if last.count(":") == 1 else last
