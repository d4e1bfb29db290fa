from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.effect import STATES
from shared.domain.scope import Scope
from shared.ports import Claim, Ledger, LedgerRow, PlannedRow, RowRef, Settlement

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = NOON + timedelta(minutes=5)


@pytest.fixture
def planned(ledger: Ledger, scope: Scope) -> Ledger:
    """Campaign c, shard 0: rows a, b, c, due at noon and one and two minutes later."""
    ledger.plan(scope, "c", 0, [_row(key, NOON + timedelta(minutes=n)) for n, key in enumerate("abc")])
    return ledger


def test_a_planned_row_holds_what_the_plan_says(planned: Ledger, scope: Scope) -> None:
    row = _only(planned, scope, "b")
    assert (row.campaign, row.shard, row.contact, row.person, row.variant) == ("c", 0, "contact-b", "person-b", "v1")
    assert (row.reason, row.facts) == ("slot", {"zone": "Europe/Berlin"})
    assert row.due == row.not_before == NOON + timedelta(minutes=1)
    assert (row.state, row.attempt, row.acceptances, row.cost_micros) == ("planned", 1, (), 0)
    assert (row.owner, row.lease_until, row.held, row.verdict, row.provider_id, row.detail) == (None,) * 6
    assert (row.intended_at, row.settled_at) == (None, None)


def test_any_text_and_any_moment_come_back_as_they_were(ledger: Ledger, scope: Scope) -> None:
    odd = ["'", "a'b", "/", "\\", "#", "?x=1&y", "%2F", "=2F", "|", "~", "Zürich", "😀", "a b", "a\tb", ""]
    due = NOON + timedelta(microseconds=1)
    rows = [PlannedRow(f"{n:02}{text}", text, text, text, due, text, {text: (text,)}) for n, text in enumerate(odd)]
    ledger.plan(scope, "it's", 3, rows)
    claims = [Claim(row.key, 1, "held", {row.contact: None}, row.contact or "none") for row in rows]
    ledger.claim(scope, "it's", 3, "one/two", claims, due, LEASE)
    found = ledger.of_shard(scope, "it's", 3)
    assert [(row.key, row.contact, row.person, row.variant, row.reason) for row in found] == [
        (row.key, row.contact, row.person, row.variant, row.reason) for row in rows
    ]
    assert [(row.facts, row.verdict, row.held) for row in found] == [
        ({row.contact: [row.contact]}, {row.contact: None}, row.contact or "none") for row in rows
    ]
    assert {(row.due, row.settled_at) for row in found} == {(due, due)}
    assert ledger.of_state(scope, "it's", "held") == (found, None)
    assert ledger.of_person(scope, [RowRef("it's", 3, row.key) for row in rows]) == found


def test_planning_again_changes_nothing(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a")
    before = planned.of_shard(scope, "c", 0)
    planned.plan(scope, "c", 0, [_row(key, NOON, variant="other") for key in "abc"] + [_row("d", NOON)] * 2)
    assert planned.of_shard(scope, "c", 0)[:3] == before
    assert _counts(planned, scope) == {"planned": 3, "intent": 1}


def test_a_plan_of_a_shard_is_limited(ledger: Ledger, scope: Scope) -> None:
    with pytest.raises(ValueError, match="at most 1000"):
        ledger.plan(scope, "c", 0, [_row(str(n), NOON) for n in range(1001)])
    ledger.plan(scope, "c", 0, [])
    assert _counts(ledger, scope) == {}


def test_a_claim_writes_the_verdict_with_the_intent(planned: Ledger, scope: Scope) -> None:
    assert _claim(planned, scope, "one", "a") == {"a"}
    row = _only(planned, scope, "a")
    assert (row.state, row.owner, row.lease_until, row.intended_at) == ("intent", "one", LEASE, NOON)
    assert row.verdict == {"codes": ["ok"]}


def test_a_row_that_is_taken_is_not_granted_again(planned: Ledger, scope: Scope) -> None:
    assert _claim(planned, scope, "one", "a", "b") == {"a", "b"}
    assert _claim(planned, scope, "two", "b", "c", "nobody") == {"c"}
    assert _only(planned, scope, "b").owner == "one"


def test_a_claim_of_another_attempt_is_not_granted(planned: Ledger, scope: Scope) -> None:
    assert planned.claim(scope, "c", 0, "one", [Claim("a", 2, "intent", {})], NOON, LEASE) == set()
    assert planned.claim(scope, "c", 7, "one", [Claim("a", 1, "intent", {})], NOON, LEASE) == set()


def test_what_the_gate_holds_stays_held_with_its_reason(planned: Ledger, scope: Scope) -> None:
    held = [Claim("a", 1, "held", {"n": 1}, held="no-consent"), Claim("b", 1, "held", {}, held="suppressed")]
    assert planned.claim(scope, "c", 0, "one", held, NOON, LEASE) == set()
    row = _only(planned, scope, "a")
    assert (row.state, row.held, row.verdict, row.owner, row.settled_at) == ("held", "no-consent", {"n": 1}, None, NOON)
    assert _claim(planned, scope, "two", "a") == set()
    assert _counts(planned, scope) == {"planned": 1, "held": 2, "held.no-consent": 1, "held.suppressed": 1}


def test_what_the_gate_puts_off_stays_planned_for_later(planned: Ledger, scope: Scope) -> None:
    later = NOON + timedelta(hours=9)
    put_off = Claim("a", 1, "planned", {"codes": ["quiet-hours"]}, not_before=later)
    assert planned.claim(scope, "c", 0, "one", [put_off], NOON, LEASE) == set()
    row = _only(planned, scope, "a")
    assert (row.state, row.attempt, row.not_before, row.due) == ("planned", 1, later, NOON)
    assert _counts(planned, scope) == {"planned": 3}


def test_claims_are_checked(planned: Ledger, scope: Scope) -> None:
    wrong: dict[str, list[Claim]] = {
        "at most 99": [Claim(str(n), 1, "intent", {}) for n in range(100)],
        "at most once": [Claim("a", 1, "intent", {}), Claim("a", 1, "held", {}, held="x")],
        "needs a reason": [Claim("a", 1, "held", {})],
    }
    for reason, claims in wrong.items():
        with pytest.raises(ValueError, match=reason):
            planned.claim(scope, "c", 0, "one", claims, NOON, LEASE)
    assert _counts(planned, scope) == {"planned": 3}


def test_foreign_intents_become_unknown_once_their_lease_is_over(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a", "b")
    planned.claim(scope, "c", 0, "two", [Claim("c", 1, "intent", {})], NOON, LEASE + timedelta(minutes=1))
    assert planned.expire(scope, "c", 0, "three", LEASE - timedelta(seconds=1)) == LEASE
    assert planned.expire(scope, "c", 0, "one", LEASE) == LEASE + timedelta(minutes=1)
    assert _counts(planned, scope) == {"intent": 3}
    assert planned.expire(scope, "c", 0, "three", LEASE) == LEASE + timedelta(minutes=1)
    assert _counts(planned, scope) == {"intent": 1, "unknown": 2}
    assert planned.expire(scope, "c", 0, "three", LEASE + timedelta(hours=1)) is None
    assert _counts(planned, scope) == {"unknown": 3}
    row = _only(planned, scope, "a")
    assert (row.owner, row.detail, row.settled_at) == ("one", "lease-ended", LEASE)
    assert planned.expire(scope, "nothing", 0, "three", NOON) is None


def test_an_accepted_row_keeps_its_receipt(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a")
    _settle(planned, scope, "a", 1, "submitted", provider_id="op-1")
    _settle(planned, scope, "a", 1, "accepted", provider_id="<id@mx>", cost_micros=250, detail="250 ok")
    _settle(planned, scope, "a", 1, "delivered")
    row = _only(planned, scope, "a")
    assert (row.state, row.provider_id, row.cost_micros, row.detail) == ("delivered", "<id@mx>", 250, "250 ok")
    assert (row.acceptances, row.settled_at) == ((1,), NOON)


def test_a_definite_refusal_is_planned_again_as_the_next_attempt(planned: Ledger, scope: Scope) -> None:
    later = NOON + timedelta(minutes=10)
    _claim(planned, scope, "one", "a")
    _settle(planned, scope, "a", 1, "planned", detail="451 try later", not_before=later)
    row = _only(planned, scope, "a")
    assert (row.state, row.attempt, row.not_before, row.detail) == ("planned", 2, later, "451 try later")
    assert _claim(planned, scope, "one", "a") == set()
    assert planned.claim(scope, "c", 0, "one", [Claim("a", 2, "intent", {})], NOON, LEASE) == {"a"}


def test_what_was_claimed_and_never_handed_over_is_planned_as_it_was(planned: Ledger, scope: Scope) -> None:
    before = _only(planned, scope, "b")
    _claim(planned, scope, "one", "a", "b")
    planned.settle(scope, "c", 0, [_unsent("b", "one")], NOON + timedelta(minutes=9))
    after = _only(planned, scope, "b")
    assert (after.state, after.attempt, after.not_before) == ("planned", 1, before.not_before)
    assert _counts(planned, scope) == {"planned": 2, "intent": 1}
    assert _claim(planned, scope, "two", "b") == {"b"}


def test_what_somebody_else_has_claimed_since_is_not_taken_from_him(planned: Ledger, scope: Scope) -> None:
    """An answer that was lost makes the first say it twice."""
    _claim(planned, scope, "one", "a")
    planned.settle(scope, "c", 0, [_unsent("a", "one")], NOON)
    _claim(planned, scope, "two", "a")
    planned.settle(scope, "c", 0, [_unsent("a", "one")], NOON)
    assert (_only(planned, scope, "a").state, _only(planned, scope, "a").owner) == ("intent", "two")


@pytest.mark.parametrize("state", [each for each in STATES if each not in ("intent", "unknown")])
def test_what_left_is_never_called_unsent(ledger: Ledger, scope: Scope, state: str) -> None:
    _put_into(ledger, scope, state)
    before = _only(ledger, scope, "a")
    ledger.settle(scope, "c", 0, [_unsent("a", before.owner)], NOON)
    assert _only(ledger, scope, "a") == before


def test_an_unknown_that_its_sender_knows_to_be_unsent_may_leave(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a")
    planned.expire(scope, "c", 0, "two", LEASE)
    planned.settle(scope, "c", 0, [_unsent("a", "one")], LEASE)
    assert (_only(planned, scope, "a").state, _counts(planned, scope)) == ("planned", {"planned": 3})
    assert planned.of_state(scope, "c", "unknown") == ([], None)


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("news", ["submitted", "accepted", "delivered", "failed", "planned", "unknown"])
def test_only_allowed_moves_are_made_and_an_acceptance_is_always_kept(
    ledger: Ledger, scope: Scope, start: str, news: Any
) -> None:
    _put_into(ledger, scope, start)
    before = _only(ledger, scope, "a")
    _settle(ledger, scope, "a", 1, news)
    after = _only(ledger, scope, "a")
    under_way = start in ("intent", "submitted", "unknown")
    moves = under_way or (start, news) in {
        ("accepted", "delivered"),
        ("accepted", "failed"),
        ("delivered", "failed"),
        ("planned", "accepted"),
        ("planned", "delivered"),
    }
    assert after.state == (news if moves else start)
    assert after.attempt == (2 if moves and news == "planned" else 1)
    assert after.acceptances == ((1,) if news in ("accepted", "delivered") else before.acceptances)


def test_two_attempts_that_were_both_accepted_are_both_visible(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a")
    _settle(planned, scope, "a", 1, "planned")
    planned.claim(scope, "c", 0, "one", [Claim("a", 2, "intent", {})], NOON, LEASE)
    _settle(planned, scope, "a", 1, "accepted", provider_id="late", cost_micros=5)
    assert (_only(planned, scope, "a").state, _only(planned, scope, "a").acceptances) == ("intent", (1,))
    _settle(planned, scope, "a", 2, "accepted", provider_id="second", cost_micros=5)
    row = _only(planned, scope, "a")
    assert (row.state, row.acceptances, row.provider_id, row.cost_micros) == ("accepted", (1, 2), "second", 10)


def test_a_refused_attempt_that_was_taken_after_all_does_not_leave_again(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a")
    _settle(planned, scope, "a", 1, "planned")
    _settle(planned, scope, "a", 1, "accepted")
    row = _only(planned, scope, "a")
    assert (row.state, row.attempt, row.acceptances) == ("accepted", 1, (1,))
    assert planned.claim(scope, "c", 0, "one", [Claim("a", 2, "intent", {})], NOON, LEASE) == set()


def test_several_settlements_of_a_row_apply_in_their_order(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a", "b")
    news = [Settlement("a", 1, "submitted"), Settlement("b", 1, "failed"), Settlement("a", 1, "accepted")]
    planned.settle(scope, "c", 0, [*news, Settlement("nobody", 1, "accepted"), Settlement("a", 1, "delivered")], NOON)
    assert _counts(planned, scope) == {"planned": 1, "failed": 1, "delivered": 1}


def _unsent(key: str, owner: str | None) -> Settlement:
    return Settlement(key, 1, "unsent", owner=owner)


def test_settling_where_nothing_was_planned_changes_nothing(ledger: Ledger, scope: Scope) -> None:
    _settle(ledger, scope, "a", 1, "accepted")
    assert _counts(ledger, scope) == {}


def test_tallies_are_of_one_shard_or_of_all_of_a_campaign(planned: Ledger, scope: Scope) -> None:
    planned.plan(scope, "c", 1, [_row("d", NOON)])
    planned.plan(scope, "other", 0, [_row("e", NOON)])
    assert planned.tally(scope, "c", 1) == {**dict.fromkeys(STATES, 0), "planned": 1}
    assert planned.tally(scope, "c")["planned"] == 4
    assert planned.tally(scope.agency, "c") == dict.fromkeys(STATES, 0)


def test_rows_of_a_shard_come_by_key_in_portions(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "b")
    assert _keys(planned.of_shard(scope, "c", 0)) == "abc"
    assert _keys(planned.of_shard(scope, "c", 0, limit=2)) == "ab"
    assert _keys(planned.of_shard(scope, "c", 0, after="a")) == "bc"
    assert _keys(planned.of_shard(scope, "c", 0, state="planned")) == "ac"
    assert planned.of_shard(scope, "c", 9) == []


def test_due_rows_come_soonest_first(planned: Ledger, scope: Scope) -> None:
    put_off = Claim("a", 1, "planned", {}, not_before=NOON + timedelta(seconds=90))
    planned.claim(scope, "c", 0, "one", [put_off], NOON, LEASE)
    assert _keys(planned.of_shard(scope, "c", 0, "planned", NOON + timedelta(hours=1))) == "bac"
    assert _keys(planned.of_shard(scope, "c", 0, "planned", NOON + timedelta(seconds=90))) == "ba"
    assert _keys(planned.of_shard(scope, "c", 0, "planned", NOON + timedelta(hours=1), limit=1)) == "b"
    assert planned.of_shard(scope, "c", 0, "planned", NOON) == []


def test_the_rows_of_a_person_are_found_by_their_places(planned: Ledger, scope: Scope) -> None:
    planned.plan(scope, "d", 4, [_row("z", NOON)])
    refs = [RowRef("d", 4, "z"), RowRef("c", 0, "b"), RowRef("c", 1, "b"), RowRef("x", 0, "b")]
    assert [(row.campaign, row.shard, row.key) for row in planned.of_person(scope, refs)] == [
        ("d", 4, "z"),
        ("c", 0, "b"),
    ]


def test_rows_of_a_state_come_page_by_page_and_only_while_they_are_in_it(ledger: Ledger, scope: Scope) -> None:
    for shard in range(3):
        ledger.plan(scope, "c", shard, [_row(f"{shard}{n}", NOON) for n in range(3)])
        claims = [Claim(f"{shard}{n}", 1, "intent", {}) for n in range(3)]
        ledger.claim(scope, "c", shard, "one", claims, NOON, LEASE)
        ledger.settle(scope, "c", shard, [Settlement(f"{shard}{n}", 1, "unknown") for n in range(3)], NOON)
    ledger.settle(scope, "c", 1, [Settlement("11", 1, "accepted")], NOON)
    pages = list(_pages(ledger, scope, "unknown", limit=3))
    assert [[row.key for row in page] for page in pages] == [["00", "01", "02"], ["10", "12", "20"], ["21", "22"]]
    assert ledger.of_state(scope, "c", "failed") == ([], None)
    with pytest.raises(ValueError, match="state 'accepted'"):
        ledger.of_state(scope, "c", "accepted")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cursor"):
        ledger.of_state(scope, "c", "held", cursor="nonsense")


def test_executors_that_race_for_the_same_rows_never_share_one(ledger: Ledger, scope: Scope) -> None:
    keys = [f"{n:03}" for n in range(300)]
    ledger.plan(scope, "c", 0, [_row(key, NOON) for key in keys])
    windows = [(f"owner-{n % 8}", keys[start : start + 99]) for n in range(8) for start in range(0, 300, 50)]
    with ThreadPoolExecutor(8) as threads:
        granted = list(threads.map(lambda window: _claim(ledger, scope, window[0], *window[1]), windows))
    assert sorted(key for keys in granted for key in keys) == keys
    owners = {key: owner for (owner, _), won in zip(windows, granted, strict=True) for key in won}
    assert {row.key: row.owner for row in ledger.of_shard(scope, "c", 0)} == owners
    assert _counts(ledger, scope) == {"intent": 300}


def _row(key: str, due: datetime, variant: str = "v1") -> PlannedRow:
    return PlannedRow(key, f"contact-{key}", f"person-{key}", variant, due, "slot", {"zone": "Europe/Berlin"})


def _claim(ledger: Ledger, scope: Scope, owner: str, *keys: str) -> set[str]:
    claims = [Claim(key, 1, "intent", {"codes": ["ok"]}) for key in keys]
    return ledger.claim(scope, "c", 0, owner, claims, NOON, LEASE)


def _settle(ledger: Ledger, scope: Scope, key: str, attempt: int, state: Any, **more: Any) -> None:
    ledger.settle(scope, "c", 0, [Settlement(key, attempt, state, **more)], NOON)


def _put_into(ledger: Ledger, scope: Scope, state: Any) -> None:
    ledger.plan(scope, "c", 0, [_row("a", NOON)])
    if state == "held":
        ledger.claim(scope, "c", 0, "one", [Claim("a", 1, "held", {}, held="no-consent")], NOON, LEASE)
    elif state != "planned":
        _claim(ledger, scope, "one", "a")
        if state != "intent":
            _settle(ledger, scope, "a", 1, state)


def _only(ledger: Ledger, scope: Scope, key: str) -> LedgerRow:
    (row,) = ledger.of_person(scope, [RowRef("c", 0, key)])
    return row


def _keys(rows: list[LedgerRow]) -> str:
    return "".join(row.key for row in rows)


def _counts(ledger: Ledger, scope: Scope) -> dict[str, int]:
    return {name: n for name, n in ledger.tally(scope, "c").items() if n}


def _pages(ledger: Ledger, scope: Scope, state: Any, limit: int) -> Iterator[list[LedgerRow]]:
    rows, cursor = ledger.of_state(scope, "c", state, None, limit)
    yield rows
    while cursor:
        rows, cursor = ledger.of_state(scope, "c", state, cursor, limit)
        yield rows


def test_a_row_that_is_decided_can_be_rid_of_what_names_a_person(planned: Ledger, scope: Scope) -> None:
    _claim(planned, scope, "one", "a", "b")
    said = "550 5.1.1 <anna@example.com> no such user"
    planned.settle(scope, "c", 0, [Settlement("a", 1, "failed", "id-1", 3, said)], NOON)
    for key in "abc":
        planned.redact(scope, RowRef("c", 0, key), None)
        planned.redact(scope, RowRef("c", 0, key), None)
    planned.redact(scope, RowRef("nowhere", 9, "a"), None)
    row = _only(planned, scope, "a")
    assert (row.state, row.person, row.cost_micros, row.settled_at) == ("failed", "person-a", 3, NOON)
    assert (row.provider_id, row.detail, dict(row.facts)) == (None, None, {})
    assert [_only(planned, scope, key).facts for key in "bc"] == [{"zone": "Europe/Berlin"}] * 2
    assert _counts(planned, scope) == {"failed": 1, "intent": 1, "planned": 1}
