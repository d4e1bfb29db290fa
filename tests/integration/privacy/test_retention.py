"""Rule G7: what is older than its category is kept is counted first, then removed, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from functions.sweep import remove_old
from shared.agents.contacts import accept_import, get_import
from shared.agents.privacy import retention
from shared.domain.names import Kind
from shared.domain.retention import CATEGORIES, Retention
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.contacts.home import bring_in
from tests.integration.privacy.canary import ROWS

OLD = (START - timedelta(days=400)).isoformat()
NEW = (START - timedelta(hours=1)).isoformat()


def fill(ports: Ports, at: str, name: str) -> None:
    put = ports.documents.put
    put(SCOPE, Kind.TAPE, name, {"at": at, "answered": "d", "text": "hello"})
    put(SCOPE, Kind.TAPE, f"account-{name}", {"at": at, "spent": 1})
    put(SCOPE, Kind.RETURN, name, {"at": at, "person": "p"})
    put(SCOPE, Kind.IDEMPOTENCY, name, {"expires_at": at})
    put(SCOPE, Kind.SIGN_IN, name, {"at": at})


def test_rule_g7_a_dry_run_counts_and_changes_nothing(ports: Ports) -> None:
    fill(ports, OLD, "old")
    fill(ports, NEW, "new")
    due = {each.category: each.due for each in retention.due(ports, SCOPE)}
    assert due == {"imports": 0, "tape": 1, "returns": 1, "answers": 1, "sign_ins": 1}
    assert {each.category: each.due for each in retention.due(ports, SCOPE)} == due


def test_rule_g7_the_timer_removes_what_is_old_and_nothing_else(ports: Ports, hand: Hand) -> None:
    done = bring_in(ports, ROWS.encode())
    hand.forward(days=31)
    running = accept_import(ports, SCOPE, "test", ROWS.encode(), "text/csv")
    hand.forward(days=31)
    fill(ports, OLD, "old")
    fill(ports, hand.now().isoformat(), "new")
    remove_old(ports)
    for kind in (Kind.TAPE, Kind.RETURN, Kind.IDEMPOTENCY, Kind.SIGN_IN):
        left = {each.id for each in ports.documents.find(SCOPE, kind).documents}
        assert left >= {"new"}
        assert "old" not in left
    assert ports.documents.get(SCOPE, Kind.TAPE, "account-old") is not None
    assert ports.files.size(SCOPE, f"imports/{done.id}/source") is None
    assert get_import(ports, SCOPE, done.id).created == 2
    assert ports.files.size(SCOPE, f"imports/{running.id}/source")
    assert ports.journal.read(SCOPE, "privacy")[-1].what == "retention"


def test_rule_g7_a_workspace_may_change_it_but_not_below_what_it_is_needed_for(ports: Ports) -> None:
    fill(ports, (START - timedelta(days=100)).isoformat(), "older")
    retention.write(ports, SCOPE, "ann", Retention(days={"tape": 90}))
    due = {each.category: each.due for each in retention.due(ports, SCOPE)}
    assert (due["tape"], due["returns"]) == (1, 0)
    for name, each in CATEGORIES.items():
        with pytest.raises(ValidationError, match=name):
            Retention(days={name: each.least - 1})
