"""Chaos (bench B9): the host is killed at random moments of a campaign over SMTP, and the books are then compared with
what the mail server holds. The server outlives the kills; the moments come from a seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.host.process import wait_for
from tests.servers.smtp_sink import count

from .baton import Baton, sink

MOST_UNKNOWN = 100
"""Per kill and sender (design 4.1): what was on the wire in the open window. A distribution is one sender."""


def chaos(
    folder: Path, people: int, kills: int, seed: int, say: Callable[[str], None], seconds: float
) -> dict[str, Any]:
    """Send to `people`, killed so often; the certificate. Fails unless all adds up; waits `seconds` for each step."""
    chance = random.Random(seed)
    moments = sorted(chance.uniform(0, 0.97) for _ in range(kills))
    with sink(folder / "mails") as url:
        baton = Baton(folder, BATON_SMTP_URL=url).start()
        baton.imported(baton.import_people(people), seconds)
        id = baton.create(holdout=0.02)
        baton.approve(id, seconds)
        for n, moment in enumerate(moments, 1):
            wait_for(lambda: begun(baton, id) >= moment * people or None, seconds)  # noqa: B023
            threading.Event().wait(chance.uniform(0, 0.05))
            say(f"kill {n} of {kills}: {begun(baton, id):,} of {people:,} begun")
            baton.kill()
            baton.start()
        baton.until(id, "completed", seconds=seconds)
        certificate = check(baton, id, folder / "mails", people, kills)
        baton.kill()
    return certificate


def begun(baton: Baton, id: str) -> int:
    """How many recipients are not merely planned any more."""
    tally: dict[str, int] = baton.campaign(id).get("tally", {})
    return sum(n for state, n in tally.items() if state in ("intent", "accepted", "held", "unknown"))


def check(baton: Baton, id: str, mails: Path, people: int, kills: int) -> dict[str, Any]:
    """The certificate against what the mail server holds, counted without Baton."""
    certificate = baton.certificate(id)
    in_sink = count(mails)
    assert certificate["planned"] == people
    assert certificate["sent_twice"] == certificate["failed"] == certificate["remaining"] == 0
    assert set(in_sink.values()) <= {1}, f"doubled: {[key for key, n in in_sink.items() if n > 1]}"
    assert certificate["unknown"] <= MOST_UNKNOWN * kills
    assert certificate["sent_once"] + certificate["unknown"] + sum(certificate["held"].values()) == people
    assert certificate["sent_once"] <= in_sink.total() <= certificate["sent_once"] + certificate["unknown"]
    assert rows_in_state(baton, id, "accepted") <= set(in_sink)
    assert not rows_in_state(baton, id, "held") & set(in_sink)
    return certificate


def rows_in_state(baton: Baton, id: str, state: str) -> set[str]:
    """Effect keys of the recipients in a state, over all pages."""
    keys, cursor = set(), None
    while True:
        query = {"state": state, "limit": "100", **({"cursor": cursor} if cursor else {})}
        page = baton.ask("GET", f"campaigns/{id}/recipients", params=query)
        keys |= {each["key"] for each in page["items"]}
        cursor = page["cursor"]
        if cursor is None:
            return keys
