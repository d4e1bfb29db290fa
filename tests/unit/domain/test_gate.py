from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.gate import HELD, Facts, decide

NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)
GOOD = Facts(
    approved=True,
    cancelled=False,
    holdout=False,
    over_budget=False,
    no_room=False,
    present=True,
    consent="granted",
    suppressed=False,
    opens=None,
    versions={"contact": "7"},
)
BREAKS = {
    "cancelled": {"cancelled": True},
    "not_approved": {"approved": False},
    "holdout": {"holdout": True},
    "gone": {"present": False},
    "suppressed": {"suppressed": True},
    "withdrawn": {"consent": "withdrawn"},
    "no_consent": {"consent": "unknown"},
    "over_budget": {"over_budget": True},
    "no_room": {"no_room": True},
}


def test_it_opens_only_when_every_check_passes_and_records_them() -> None:
    verdict = decide(GOOD)
    assert (verdict.state, verdict.code) == ("intent", "allowed")
    assert set(verdict.passed) == {*BREAKS, "closed_hours"}
    assert verdict.record()["versions"] == {"contact": "7"}


@pytest.mark.parametrize(("code", "change"), BREAKS.items())
def test_each_single_failure_holds_with_its_own_code(code: str, change: dict[str, object]) -> None:
    verdict = decide(replace(GOOD, **change))  # type: ignore[arg-type]
    assert (verdict.state, verdict.code) == ("held", code)
    assert code not in verdict.passed
    assert code in HELD


def test_closed_hours_wait_for_the_opening() -> None:
    verdict = decide(replace(GOOD, opens=NOON))
    assert (verdict.state, verdict.code, verdict.not_before) == ("planned", "closed_hours", NOON)


@given(
    st.builds(
        Facts,
        approved=st.booleans(),
        cancelled=st.booleans(),
        holdout=st.booleans(),
        over_budget=st.booleans(),
        no_room=st.booleans(),
        present=st.booleans(),
        consent=st.sampled_from(["granted", "withdrawn", "unknown"]),
        suppressed=st.booleans(),
        opens=st.sampled_from([None, NOON]),
        versions=st.just({}),
    )
)
def test_nothing_leaves_with_any_check_failing(facts: Facts) -> None:
    fails = (
        not facts.approved
        or facts.cancelled
        or facts.holdout
        or facts.over_budget
        or facts.no_room
        or not facts.present
        or facts.consent != "granted"
        or facts.suppressed
        or facts.opens is not None
    )
    assert (decide(facts).state == "intent") is not fails
