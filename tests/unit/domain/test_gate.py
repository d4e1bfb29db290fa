from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.consent import Refusal
from shared.domain.forecast import REPAIRS
from shared.domain.gate import HELD, WAITS, Facts, decide
from shared.domain.hours import Opening

NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)
RETRY = NOON + timedelta(minutes=1)
GOOD = Facts(
    cancelled=False,
    paused=False,
    approved=True,
    rules="read",
    breaker="closed",
    sender="ready",
    message="commercial",
    lacks=(),
    holdout=False,
    present=True,
    reachable=True,
    suppressed="no",
    consent="covered",
    notice="settled",
    over_budget=False,
    no_room=False,
    zone_known=True,
    opening="now",
    retry=RETRY,
    versions={"contact": "7"},
)
LATER = [code for code in WAITS if code not in ("paused", "breaker_open", "domain_unready", "rules_unread")]
NOES: list[tuple[str, dict[str, Any]]] = [
    ("cancelled", {"cancelled": True}),
    ("not_approved", {"approved": False}),
    ("holdout", {"holdout": True}),
    ("gone", {"present": False}),
    ("erased", {"present": False, "suppressed": "erased"}),
    ("erased", {"suppressed": "erased"}),
    ("no_number", {"reachable": False}),
    ("suppressed", {"suppressed": "all"}),
    ("channel_off", {"suppressed": "channel"}),
    ("topic_off", {"suppressed": "topic"}),
    *((code, {"consent": code}) for code in get_args(Refusal)),
    ("no_notice", {"notice": "missing"}),
    ("notice_late", {"notice": "late"}),
    ("over_budget", {"over_budget": True}),
    ("no_room", {"no_room": True}),
    ("zone_unknown", {"zone_known": False}),
    *((code, {"lacks": (code,)}) for code in ("no_postal_address", "no_way_out", "no_disclosure", "sender_unknown")),
    ("promotion", {"lacks": ("promotion",)}),
    *((code, {"opening": Opening(code, NOON, False)}) for code in LATER if code != "closed_hours"),
]
WAITING: list[tuple[str, dict[str, Any]]] = [
    ("paused", {"paused": True}),
    ("breaker_open", {"breaker": "open"}),
    ("domain_unready", {"sender": "unready"}),
    ("rules_unread", {"rules": "unread"}),
    *((code, {"opening": Opening(code, NOON, True)}) for code in LATER),
]
NO = st.sampled_from([change for _, change in (*NOES, *WAITING)])
DECIDING = [name for name in Facts._fields if name not in ("retry", "versions")]
GARBLED = st.one_of(
    st.none(),
    st.text(max_size=5),
    st.integers(-2, 2),
    st.floats(),
    st.just([]),
    st.just({}),
    st.just(("no such code",)),
    st.just(Opening("no such code", NOON, True)),
    st.just(Opening("capped", None, True)),  # type: ignore[arg-type]
    st.just(Opening("capped", NOON, None)),  # type: ignore[arg-type]
)


def test_it_opens_only_when_every_check_passes_and_records_them() -> None:
    verdict = decide(GOOD)
    assert (verdict.state, verdict.code) == ("intent", "allowed")
    assert len(verdict.passed) == len(set(verdict.passed)) >= 15
    assert verdict.record()["versions"] == {"contact": "7"}


@pytest.mark.parametrize(("code", "change"), NOES)
def test_each_single_no_holds_with_its_own_code(code: str, change: dict[str, Any]) -> None:
    verdict = decide(GOOD._replace(**change))
    assert (verdict.state, verdict.code) == ("held", code)


@pytest.mark.parametrize(("code", "change"), WAITING)
def test_what_may_pass_waits_and_says_until_when(code: str, change: dict[str, Any]) -> None:
    verdict = decide(GOOD._replace(**change))
    assert (verdict.state, verdict.code) == ("planned", code)
    assert verdict.not_before == (NOON if "opening" in change else RETRY)


def test_every_code_has_a_reason_and_a_lawful_repair() -> None:
    assert {code for code, _ in NOES} | {"unreadable", "left_journey", "journey_changed"} == set(HELD) == set(REPAIRS)
    assert {code for code, _ in WAITING} == set(WAITS)
    assert all(repair.endswith(".") and repair.count(". ") == 0 for repair in REPAIRS.values())


@pytest.mark.parametrize("fact", DECIDING)
@given(value=GARBLED)
def test_it_fails_closed_on_each_missing_or_garbled_fact(fact: str, value: object) -> None:
    if value == getattr(GOOD, fact) and type(value) is type(getattr(GOOD, fact)):
        return
    assert decide(GOOD._replace(**{fact: value})).state != "intent"


@given(st.lists(NO, min_size=1, max_size=4))
def test_a_no_more_never_lets_anything_leave(noes: list[dict[str, Any]]) -> None:
    facts = GOOD
    for no in noes:
        facts = facts._replace(**no)
        assert decide(facts).state != "intent"


@given(st.lists(NO, max_size=3), NO)
def test_what_holds_for_good_is_never_softened_to_less_than_waiting(
    noes: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    """Monotone: held or waiting stays out of reach of the wire, whatever no is added in whatever order."""
    facts = GOOD
    for no in noes:
        facts = facts._replace(**no)
    before, after = decide(facts).state, decide(facts._replace(**more)).state
    assert after != "intent"
    assert before == "intent" or after in ("held", "planned")


@pytest.mark.parametrize(("code", "change"), [*NOES, *WAITING])
def test_rule_c8_a_transactional_message_is_excused_from_consent_and_topic_only(
    code: str, change: dict[str, Any]
) -> None:
    facts = GOOD._replace(**change, message="transactional")
    excused = code in get_args(Refusal) or code == "topic_off"
    assert (decide(facts).state == "intent") is excused


@pytest.mark.parametrize("declared", [None, "", "Transactional", "advertising", True])
def test_rule_c8_an_undeclared_message_does_not_leave(declared: Any) -> None:
    assert decide(GOOD._replace(message=declared)).code == "unreadable"
