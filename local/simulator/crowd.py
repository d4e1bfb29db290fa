"""The simulated people at work: they watch an outbox and follow its links when their time has come."""

from __future__ import annotations

import heapq
from datetime import datetime
from pathlib import Path

import httpx2

from local.simulator.mailbox import Mailbox
from local.simulator.people import Act, acts

_ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Crowd:
    """Everybody who gets mail in a folder. Speaks HTTP to whatever the links name."""

    def __init__(self, outbox: Path, seed: int) -> None:
        self._mailbox, self._seed = Mailbox(outbox), seed
        self._waiting: list[Act] = []
        self._http = httpx2.Client(timeout=30)
        self.done = 0

    @property
    def waiting(self) -> int:
        """How many acts are still to come of the letters seen so far."""
        return len(self._waiting)

    @property
    def next(self) -> datetime | None:
        """When the next of them is due."""
        return self._waiting[0].at if self._waiting else None

    def live(self, now: datetime) -> None:
        """Read what has come and do all that is due. Raises httpx2.HTTPError if a link does not answer as it should;
        what was not done then is done next time."""
        for letter in self._mailbox.new():
            for act in acts(letter, self._seed):
                heapq.heappush(self._waiting, act)
        while self._waiting and self._waiting[0].at <= now:
            self._do(self._waiting[0])
            heapq.heappop(self._waiting)
            self.done += 1

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def _do(self, act: Act) -> None:
        headers = {"User-Agent": act.agent}
        if act.what == "unsubscribe":
            self._http.post(act.url, data=_ONE_CLICK, headers=headers).raise_for_status()
            return
        # Where a click leads is not followed: that is somebody else's server.
        response = self._http.get(act.url, headers=headers, follow_redirects=False)
        if not response.has_redirect_location:
            response.raise_for_status()
