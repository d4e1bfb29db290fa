"""Rule B5: whatever order news comes in and however often, the books, the suppression and the counts are the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.agents import feedback
from shared.agents.analyze import report
from shared.agents.contacts import unsubscribe
from shared.agents.scopes import register
from shared.domain.names import Kind
from shared.ports import LedgerRow, Settlement
from tests.integration.analyze.home import SCOPE, START, Fate, Home, Sent, home, send

from .conftest import file_plan
from .letters import bounce, complaint, name, reply

PEOPLE = 4
_NEWS = st.sampled_from(
    ["delivered", "delayed", "hard", "policy", "soft", "complaint", "reply", "auto", "seen", "unsubscribe"]
)
_EVENTS = st.lists(st.tuples(_NEWS, st.integers(0, PEOPLE - 1), st.integers(0, 1)), max_size=10)


class Outcome(NamedTuple):
    rows: list[tuple[Any, ...]]
    suppressed: dict[str, str]
    counted: dict[str, Any]
    returned: list[str]


@settings(deadline=None, max_examples=25)
@given(_EVENTS, st.randoms(use_true_random=False))
def test_rule_b5_any_order_and_repetition_comes_to_the_same(events: list[tuple[str, int, int]], random: Any) -> None:
    shuffled = [event for event in events for _ in range(random.randint(1, 3))]
    random.shuffle(shuffled)
    assert after(shuffled) == after(events)


def after(events: list[tuple[str, int, int]]) -> Outcome:
    """What is on record when these came in, to one who is known to have been sent it, two unknown, one put off."""
    with TemporaryDirectory() as folder, home(Path(folder)) as place:
        register(place.ports, SCOPE)
        sent = send(place, [Fate(), Fate("unknown"), Fate("unknown"), Fate("intent")])
        file_plan(place.ports, sent.campaign, 1)
        rows = rows_of(place, sent)
        put_off = Settlement(rows[2].key, 1, "planned", not_before=START)
        place.ports.ledger.settle(SCOPE, sent.campaign, 0, [put_off], START)
        for what, n, attempt in events:
            happen(place, sent, rows[n], what, attempt)
        return outcome(place, sent)


def happen(place: Home, sent: Sent, row: LedgerRow, what: str, attempt: int) -> None:
    signed = name(SCOPE, sent.campaign, row.key, attempt)
    statuses = {"hard": "5.1.1", "policy": "5.7.1", "soft": "4.4.7"}
    returned = f"Message-ID: <{signed}@example.org>\r\n"
    match what:
        case "unsubscribe":
            unsubscribe(place.ports, sent.link(sent.persons.index(row.person), "u"))
            return
        case "complaint":
            raw = complaint(returned)
        case "reply":
            raw = reply(signed)
        case "auto":
            raw = reply(signed, Auto_Submitted="auto-replied")
        case "seen":
            raw = complaint(returned, "not-spam")
        case "delivered" | "delayed":
            raw = bounce(f"{signed}@b.example", "2.0.0", action=what)
        case _:
            raw = bounce(f"{signed}@b.example", statuses[what])
    assert feedback.take(place.ports, [SCOPE], feedback.read_letter(raw))


def rows_of(place: Home, sent: Sent) -> list[LedgerRow]:
    found = {row.person: row for row in place.ports.ledger.of_shard(SCOPE, sent.campaign, 0)}
    return [found[person] for person in sent.persons]


def outcome(place: Home, sent: Sent) -> Outcome:
    documents = place.ports.documents
    suppressed = documents.find(SCOPE.agency, Kind.SUPPRESSION).documents
    made = report(place.ports, SCOPE, sent.campaign)
    return Outcome(
        [(row.state, row.attempt, row.acceptances) for row in rows_of(place, sent)],
        {each.id: each.body["reason"] for each in suppressed},
        made.model_dump(mode="json", exclude={"made_at"}),
        sorted(each.id for each in documents.find(SCOPE, Kind.RETURN).documents),
    )
