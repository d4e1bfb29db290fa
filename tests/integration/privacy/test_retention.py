"""Rule G7: what is older than its category is kept is counted first, then removed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import ValidationError

from functions.sweep import remove_old
from shared.agents import campaigns
from shared.agents.contacts import accept_import, find_by_address, get_import, history
from shared.agents.contacts.consents import record
from shared.agents.privacy import retention
from shared.agents.privacy.messages import rows_of, with_words
from shared.agents.records import change
from shared.domain.contact import Contact
from shared.domain.evidence import ConsentRequest
from shared.domain.lead import Lead
from shared.domain.names import Kind
from shared.domain.retention import CATEGORIES, Retention
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, START, Hand, Walk
from tests.integration.contacts.home import bring_in
from tests.integration.privacy.canary import ROWS

OLD = (START - timedelta(days=400)).isoformat()
NEW = (START - timedelta(hours=1)).isoformat()


def lead(id: str, at: str, **more: object) -> dict[str, object]:
    told = {"id": id, "name": "Halm", "created_at": at, "created_by": "me", "changed_at": at, **more}
    return Lead.model_validate(told).model_dump(mode="json")


def fill(ports: Ports, at: str, name: str) -> None:
    put = ports.documents.put
    put(SCOPE, Kind.TAPE, name, {"at": at, "answered": "d", "text": "hello"})
    put(SCOPE, Kind.TAPE, f"account-{name}", {"at": at, "spent": 1})
    put(SCOPE, Kind.RETURN, name, {"at": at, "person": "p"})
    put(SCOPE, Kind.IDEMPOTENCY, name, {"expires_at": at})
    put(SCOPE, Kind.SIGN_IN, name, {"at": at})
    came = {"accepted_at": OLD, "revoked_at": None, "link_ends_at": OLD}
    put(SCOPE, Kind.MEMBER, name, {**came, "revoked_at": at})
    put(SCOPE, Kind.MEMBER, f"{name}-here", came)
    put(SCOPE, Kind.INBOUND, name, {"at": at, "state": "dropped"})
    put(SCOPE, Kind.INBOUND, f"{name}-lead", {"at": at, "state": "taken_in"})
    put(SCOPE, Kind.LEAD, name, lead(name, at))
    put(
        SCOPE,
        Kind.LEAD,
        f"{name}-taken",
        lead(f"{name}-taken", at, stage="qualified", people=[{"source": "x", "at": at}]),
    )
    put(SCOPE, Kind.LEAD_LIST, name, {"ended_at": at, "status": "completed"})
    put(SCOPE, Kind.RUN, name, {"ended_at": at})
    put(SCOPE, Kind.JOURNEY, name, {"ended_at": at, "status": "completed"})
    put(SCOPE, Kind.JOURNEY, f"{name}-on", {"ended_at": None, "status": "running"})
    for journey in (name, f"{name}-on"):
        put(SCOPE, Kind.POSITION, f"{journey}.p1", {"journey": journey, "contact": "p1"})
        put(SCOPE, Kind.POSITION, f"{journey}~tally", {"tally": journey})
    put(SCOPE, Kind.RUN_STEP, f"{name}~a", {"outputs": {"text": "hello"}})
    put(SCOPE, Kind.APPROVAL, f"{name}~a-1", {"subject": f"{name}~a"})


def test_rule_g7_a_dry_run_counts_and_changes_nothing(ports: Ports) -> None:
    fill(ports, OLD, "old")
    fill(ports, NEW, "new")
    due = {each.category: each.due for each in retention.due(ports, SCOPE)}
    assert due == dict.fromkeys(CATEGORIES, 1) | dict.fromkeys(("imports", "words", "evidence"), 0)
    assert {each.category: each.due for each in retention.due(ports, SCOPE)} == due


def test_rule_g7_the_timer_removes_what_is_old_and_nothing_else(ports: Ports, hand: Hand) -> None:
    done = bring_in(ports, ROWS.encode())
    hand.forward(days=31)
    running = accept_import(ports, SCOPE, "test", ROWS.encode(), "text/csv")
    hand.forward(days=31)
    fill(ports, OLD, "old")
    fill(ports, hand.now().isoformat(), "new")
    remove_old(ports)
    assert ports.documents.get(SCOPE, Kind.RUN_STEP, "old~a") is None
    assert ports.documents.get(SCOPE, Kind.APPROVAL, "old~a-1") is None
    assert ports.documents.get(SCOPE, Kind.APPROVAL, "new~a-1")
    for kind in (Kind.TAPE, Kind.RETURN, Kind.IDEMPOTENCY, Kind.SIGN_IN, Kind.RUN):
        left = {each.id for each in ports.documents.find(SCOPE, kind).documents}
        assert left >= {"new"}
        assert "old" not in left
    places = {each.id for each in ports.documents.find(SCOPE, Kind.POSITION).documents}
    assert places == {f"{each}.p1" for each in ("old-on", "new", "new-on")} | {
        f"{each}~tally" for each in ("old", "old-on", "new", "new-on")
    }
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


def due_now(ports: Ports, name: str) -> int:
    return next(each.due for each in retention.due(ports, SCOPE) if each.category == name)


def test_rule_g7_servers_words_go_and_the_rows_that_prove_a_message_stay(
    ports: Ports, people: Callable[..., list[Contact]], walk: Callable[..., Walk], hand: Hand
) -> None:
    who = people(2)[0]
    spring = walk()
    spring.plan()
    spring.send_all()
    change(ports, SCOPE, spring.id, lambda found: setattr(found, "status", "completed"))
    before = campaigns.certificate(ports, SCOPE, spring.id)
    (ref, *_) = rows_of(ports, SCOPE, who.person, who.id)
    (row,) = ports.ledger.of_person(SCOPE, [ref])
    assert with_words(row)
    hand.forward(days=1094)
    assert due_now(ports, "words") == 0
    hand.forward(days=3)
    assert due_now(ports, "words") == 2
    assert due_now(ports, "words") == 2, "nothing is changed by looking"
    remove_old(ports)
    assert due_now(ports, "words") == 0
    (kept,) = ports.ledger.of_person(SCOPE, [ref])
    assert not with_words(kept)
    proof = ("key", "person", "state", "attempt", "acceptances", "intended_at", "settled_at", "verdict", "due")
    assert [getattr(kept, part) for part in proof] == [getattr(row, part) for part in proof]
    assert campaigns.certificate(ports, SCOPE, spring.id).model_dump(exclude={"recounted_at"}) == before.model_dump(
        exclude={"recounted_at"}
    )
    assert "was sent “Spring” once" in campaigns.explain(ports, SCOPE, spring.id, who.id).sentence


def test_rule_g7_old_evidence_goes_but_for_what_is_on_record_and_every_no(ports: Ports, hand: Hand) -> None:
    yes = "email,consent,consent_source,consent_wording\n{}@people.example,yes,{},Yes please\n"
    bring_in(ports, "".join((yes.format("ann", "form"), "bob@people.example,yes,form,Yes please\n")).encode())
    ann, bob = (find_by_address(ports, SCOPE, f"{name}@people.example") for name in ("ann", "bob"))
    assert ann
    assert bob
    for source in ("fair", "shop"):
        hand.forward(days=10)
        said = ConsentRequest(status="granted", wording="Yes", source=source)
        record(ports, SCOPE, ann.id, "owner", said)
    hand.forward(days=10)
    record(ports, SCOPE, bob.id, "owner", ConsentRequest(status="withdrawn"))
    assert [each.source for each in history(ports, SCOPE, ann.id)] == ["form", "fair", "shop"]

    hand.forward(days=1060)
    assert due_now(ports, "evidence") == 0
    hand.forward(days=1100)
    assert due_now(ports, "evidence") == 2, "the oldest of each first: ann's row of the file, and bob's"
    remove_old(ports)
    assert [each.source for each in history(ports, SCOPE, ann.id)] == ["fair", "shop"]
    remove_old(ports)
    assert due_now(ports, "evidence") == 0
    (left,) = history(ports, SCOPE, ann.id)
    assert (left.source, left.verified) == ("shop", True)
    (no,) = history(ports, SCOPE, bob.id)
    assert (no.status, no.verified) == ("withdrawn", True)
    assert ports.documents.find(SCOPE.agency, Kind.SUPPRESSION).documents, "what stops messages is never removed"
