"""The promise itself: killed with SIGKILL in every step, a campaign sends everyone's message once (design 4.1)."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.host.process import wait_for
from tests.servers.smtp_sink import count

from .baton import Baton, sink

PEOPLE = 2000
MOST_UNKNOWN = 100
"""Per kill and sender (design 4.1): what was on the wire in the open window."""

Reached = Callable[[Baton, str, Path], bool]


def status(*statuses: str) -> Reached:
    return lambda baton, id, mails: baton.campaign(id)["status"] in statuses


def arrived(share: float) -> Reached:
    return lambda baton, id, mails: count(mails).total() >= share * PEOPLE


STEPS: dict[str, tuple[Reached, ...]] = {
    "generate": (status("generating"), status("generating", "awaiting_approval")),
    "approve": (status("awaiting_approval"),),
    "schedule": (status("awaiting_approval", "scheduled"), status("scheduled", "sending")),
    "distribute": (arrived(0.01), arrived(0.3), arrived(0.5), arrived(0.8)),
    "analyze": (arrived(0.95), status("analyzing", "completed")),
}


def check(baton: Baton, id: str, mails: Path, kills: int) -> dict[str, Any]:
    """The certificate against what the mail server holds, counted without Baton."""
    certificate = baton.certificate(id)
    in_sink = count(mails)
    assert certificate["planned"] == PEOPLE
    assert certificate["sent_twice"] == certificate["failed"] == certificate["remaining"] == 0
    assert set(in_sink.values()) <= {1}, f"doubled: {[key for key, n in in_sink.items() if n > 1]}"
    assert certificate["unknown"] <= MOST_UNKNOWN * kills
    assert certificate["sent_once"] + certificate["unknown"] + sum(certificate["held"].values()) == PEOPLE
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


@pytest.mark.parametrize("step", STEPS)
def test_killed_inside_a_step_everyone_still_gets_it_once(step: str, tmp_path: Path) -> None:
    chance = random.Random(step)
    with sink(tmp_path / "mails") as url:
        baton = Baton(tmp_path, BATON_SMTP_URL=url).start()
        baton.imported(baton.import_people(PEOPLE))
        id = baton.create(holdout=0.02)
        approved = False
        for reached in STEPS[step]:
            approved = approved or approve_if_asked(baton, id, step)
            wait_for(lambda: reached(baton, id, tmp_path / "mails") or None, 60)  # noqa: B023
            threading.Event().wait(chance.uniform(0, 0.05))
            baton.kill()
            baton.start()
        if not approved:
            baton.approve(id)
        baton.until(id, "completed", seconds=90)
        check(baton, id, tmp_path / "mails", len(STEPS[step]))
        baton.kill()


def approve_if_asked(baton: Baton, id: str, step: str) -> bool:
    """Steps after the approval need it; those before are killed first."""
    if step in ("generate", "approve"):
        return False
    if step == "schedule" and baton.campaign(id)["status"] == "generating":
        return False
    baton.approve(id)
    return True


def test_killed_during_the_import_the_book_is_whole(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    id = baton.import_people(5000)
    for done in (0, 1, 3):
        wait_for(lambda: baton.ask("GET", f"contacts/imports/{id}")["batches_done"] >= done or None)  # noqa: B023
        baton.kill()
        baton.start()
    assert baton.imported(id)["created"] == 5000
    assert Counter(baton.imported(id))["quarantined"] == 0
    baton.kill()
