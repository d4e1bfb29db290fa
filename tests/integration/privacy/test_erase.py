"""Rule G6: a person is erased from every store, whatever was going on, and a certificate says so store by store."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.agents import campaigns, contacts
from shared.agents.contacts import accept_import, find_by_address, history, unsubscribe
from shared.agents.privacy import erase
from shared.agents.privacy.messages import rows_of
from shared.domain.contact import Contact
from shared.domain.data_use import KINDS
from shared.domain.faults import Missing
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.outcome import Later
from shared.domain.scope import Scope
from shared.ports import Ports, RowRef, Settlement, Undecryptable
from tests.integration.agents.conftest import SCOPE, Hand, Walk
from tests.integration.contacts.home import bring_in, take_in
from tests.integration.privacy.canary import (
    AT,
    BY_AN_IMPORT,
    EMAIL,
    FIRST,
    LAST,
    LOST,
    NAMED,
    PLANTS,
    ROWS,
    SIGNED,
    carry_out,
    damaged,
    ordered,
    plant,
    steps,
    traces,
)

Walks = Callable[..., Walk]


@pytest.fixture
def canary(ports: Ports) -> Contact:
    """In the book by a file, with evidence; another row with their address is in quarantine."""
    bring_in(ports, ROWS.encode())
    bring_in(ports, LOST.encode())
    found = find_by_address(ports, SCOPE, EMAIL)
    assert found is not None
    return found


@pytest.fixture
def everywhere(canary: Contact, ports: Ports, walk: Walks) -> Contact:
    """They got a campaign, it bounced, and they stand in a document of every kind."""
    spring = walk(name="Spring")
    spring.plan()
    spring.send_all()
    (ref,) = rows_of(ports, SCOPE, canary.person, canary.id)
    said = f"550 5.1.1 <{EMAIL}> no such user"
    ports.ledger.settle(
        SCOPE, ref.campaign, ref.shard, [Settlement(ref.key, 1, "failed", detail=said)], spring.hand.now()
    )
    unsubscribe(ports, Link("u", SCOPE, ref.campaign, ref.shard, canary.person))
    plant(ports, canary, ref)
    return canary


def test_rule_g6_not_a_byte_of_the_person_is_left_in_the_home(
    everywhere: Contact, ports: Ports, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    before = {trace.partition(":")[0].split("/")[0].removesuffix("-wal") for trace in traces(home)}
    assert before == {"baton.db", "files", "outbox"}
    done = carry_out(ports, ordered(ports, everywhere.id))
    assert traces(home) == []
    assert done.status == "completed"
    erased = {each.store for each in done.treated if each.erased and not each.left}
    assert erased >= {*PLANTS, *BY_AN_IMPORT, "ledger", "outbox", "files imports/"}
    order = ports.documents.get(SCOPE, Kind.CONVERSION, "c")
    assert order
    assert (order.body["micros"], order.body["person"], order.body["order"]) == (1, None, None)
    assert find_by_address(ports, SCOPE, EMAIL) is None
    assert find_by_address(ports, SCOPE, "other@people.example") is not None


def test_rule_g6_every_kind_that_holds_people_is_among_those_planted() -> None:
    """A kind that is new has to be planted, too, or the test above proves nothing about it."""
    holds = {kind for kind, each in KINDS.items() if each.erasure in ("deleted", "entry", "redacted", "anonymised")}
    assert holds == {*PLANTS, *BY_AN_IMPORT}
    assert set(KINDS) == set(Kind)


def test_rule_g6_the_certificate_names_nobody_and_says_what_is_kept_and_why(everywhere: Contact, ports: Ports) -> None:
    done = carry_out(ports, ordered(ports, everywhere.id))
    pdf = ports.files.get(SCOPE, erase.certificate_path(done.id))
    text = done.model_dump_json().casefold()
    assert pdf.startswith(b"%PDF")
    assert not [word for word in (EMAIL, LAST, FIRST) if word.casefold() in text]
    kept = {each.store: each for each in done.treated if each.handling == "kept"}
    assert {"suppression", "journal", "history"} <= set(kept)
    assert (kept["suppression"].found, kept["suppression"].left) == (1, 1)
    assert (done.due - done.received_at).days in (28, 29, 30, 31)
    facts = ports.journal.read(SCOPE, f"privacy/{done.id}")
    assert [fact.data["digest"] for fact in facts] == [done.certificate]


def test_rule_g6_the_chain_verifies_and_the_evidence_is_gone(everywhere: Contact, ports: Ports) -> None:
    other = find_by_address(ports, SCOPE, "other@people.example")
    assert other is not None
    assert [each.verified for each in history(ports, SCOPE, other.id)] == [True]
    facts = ports.journal.read(SCOPE, f"contact/{everywhere.id}")
    carry_out(ports, ordered(ports, everywhere.id))
    assert facts == ports.journal.read(SCOPE, f"contact/{everywhere.id}")
    assert ports.journal.verify(SCOPE, f"contact/{everywhere.id}") == len(facts) > 0
    with pytest.raises(Missing):
        history(ports, SCOPE, everywhere.id)
    assert [each.verified for each in history(ports, SCOPE, other.id)] == [True]


def test_rule_g6_what_is_planned_for_them_is_held_because_they_were_erased(
    canary: Contact, ports: Ports, walk: Walks, tmp_path: Path
) -> None:
    spring = walk()
    spring.plan()
    found = ordered(ports, canary.id)
    carry_out(ports, found)
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"erased": 1}
    assert len(spring.outbox(tmp_path)) == 2
    (row,) = ports.ledger.of_person(SCOPE, rows_of(ports, SCOPE, canary.person, canary.id))
    assert (row.state, row.held) == ("held", "erased")


def test_rule_g6_from_the_order_on_nothing_leaves_and_a_list_does_not_bring_them_back(
    canary: Contact, ports: Ports, walk: Walks, tmp_path: Path
) -> None:
    spring = walk()
    spring.plan()
    found = ordered(ports, canary.id)
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"erased": 1}
    carry_out(ports, found)
    bring_in(ports, ROWS.encode())
    summer = walk(name="Summer")
    summer.plan()
    summer.send_all()
    assert campaigns.certificate(ports, SCOPE, summer.id).held == {"erased": 1}


def test_a_workbook_in_an_archive_is_looked_into_and_what_cannot_be_goes(canary: Contact, ports: Ports) -> None:
    others = "email\nother@people.example\n"
    books = (packed(("xl/sharedStrings.xml", f"<t>{EMAIL}</t>")), b"PK\x03\x04 cut off", packed(("x", "nobody")))
    made = [
        accept_import(ports, SCOPE, "test", packed(("subscribed.csv", others), ("attic.xlsx", book)), "", dry_run=True)
        for book in books
    ]
    for each, op in itertools.product(made, ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"})):
        contacts.run(ports, {"scope": list(SCOPE), "import": each.id, **op})
    carry_out(ports, ordered(ports, canary.id))
    assert [ports.files.size(SCOPE, f"imports/{each.id}/source") is not None for each in made] == [False, False, True]


def packed(*parts: tuple[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return made.getvalue()


def test_an_archive_that_holds_them_goes_as_a_whole_and_its_preview_knows_them_no_more(
    canary: Contact, ports: Ports
) -> None:
    """In its source no byte of theirs can be seen: it is compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", ROWS + LOST.partition("\n")[2])
    made = accept_import(ports, SCOPE, "test", packed.getvalue(), "application/zip", dry_run=True)
    for op in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        contacts.run(ports, {"scope": list(SCOPE), "import": made.id, **op})
    carry_out(ports, ordered(ports, canary.id))
    left = {path: ports.files.get(SCOPE, path) for path in ports.files.list(SCOPE, f"imports/{made.id}/")}
    assert f"imports/{made.id}/source" not in left
    assert not [path for path, data in left.items() if EMAIL.casefold().encode() in data.lower()]
    assert b"other@people.example" in left[f"imports/{made.id}/batches/0.jsonl"]
    assert b"olga2@people.example" in left[f"imports/{made.id}/batches/0.jsonl"]
    confirmed = contacts.confirm(ports, SCOPE, made.id, "test")
    for op in ({"op": "batch", "batch": 0}, {"op": "finish"}):
        contacts.run(ports, {"scope": list(SCOPE), "import": made.id, "attempt": confirmed.attempt, **op})
    assert find_by_address(ports, SCOPE, EMAIL) is None
    assert find_by_address(ports, SCOPE, "olga2@people.example") is not None


def test_rule_g6_it_waits_for_an_import_that_could_bring_them_back(canary: Contact, ports: Ports) -> None:
    running = accept_import(ports, SCOPE, "test", ROWS.encode(), "text/csv")
    first, *_ = steps(found := ordered(ports, canary.id))
    outcome = erase.run(ports, first)
    assert isinstance(outcome, Later)
    assert outcome.why == "import_running"
    take_in(ports, running.id)
    carry_out(ports, found)
    assert find_by_address(ports, SCOPE, EMAIL) is None


def test_rule_g6_every_workspace_of_the_agency_is_looked_through(canary: Contact, ports: Ports, tmp_path: Path) -> None:
    elsewhere = Scope(SCOPE.tenant, "other")
    bring_in(ports, ROWS.encode(), scope=elsewhere)
    done = carry_out(ports, ordered(ports, canary.id))
    assert set(done.workspaces) == {"main", "other", "_"}
    assert find_by_address(ports, elsewhere, EMAIL) is None
    assert traces(tmp_path / "home") == []


def test_rule_g6_what_names_them_in_approved_or_signed_texts_is_listed_and_left(canary: Contact, ports: Ports) -> None:
    for kind, body in SIGNED.items():
        ports.documents.put(SCOPE, kind, "s", body)
        ports.documents.put(SCOPE, kind, "other", {"title": "of somebody else", "deal": "d", "at": AT})
    ports.files.put(SCOPE, "knowledge/k/1/passages.jsonl", NAMED.encode())
    done = carry_out(ports, ordered(ports, canary.id))
    listed = {place for each in done.treated for place in each.places}
    assert listed == {*(f"{kind}/s" for kind in SIGNED), "files/knowledge/k/1/passages.jsonl"}
    for kind, body in SIGNED.items():
        found = ports.documents.get(SCOPE, kind, "s")
        assert found
        assert found.body == body


def test_rule_g6_a_row_that_a_person_decided_keeps_what_the_certificate_counts(
    canary: Contact, ports: Ports, walk: Walks, hand: Hand
) -> None:
    spring = walk()
    spring.plan()
    spring.send_all()
    (ref,) = rows_of(ports, SCOPE, canary.person, canary.id)
    for kept in ("treated as sent by ann", f"550 <{EMAIL}>"):
        ports.ledger.settle(SCOPE, *_place(ref), [Settlement(ref.key, 1, "delivered", "id", 0, kept)], hand.now())
    before = campaigns.certificate(ports, SCOPE, spring.id).model_dump(exclude={"recounted_at"})
    carry_out(ports, ordered(ports, canary.id))
    assert campaigns.certificate(ports, SCOPE, spring.id).model_dump(exclude={"recounted_at"}) == before


def test_an_erasure_that_is_under_way_is_not_ordered_twice(canary: Contact, ports: Ports) -> None:
    first = ordered(ports, canary.id)
    assert ordered(ports, canary.id).id == first.id
    carry_out(ports, first)
    with pytest.raises(Missing):
        ordered(ports, canary.id)


def _place(ref: RowRef) -> tuple[str, int]:
    return ref.campaign, ref.shard


def test_what_cannot_be_decrypted_stops_no_erasure_and_is_named(
    everywhere: Contact, ports: Ports, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    damaged(home)
    done = carry_out(ports, ordered(ports, everywhere.id))
    assert (done.status, traces(home)) == ("completed", [])
    named = {each.store: (each.left, each.places) for each in done.treated if each.handling == "unreadable"}
    assert named == {
        "task (unreadable)": (1, ["task/t"]),
        "memory (unreadable)": (1, ["memory/m"]),
        "idempotency (unreadable)": (1, ["idempotency/i"]),
    }
    found = ports.as_found.get(SCOPE, Kind.TASK, "t")
    assert found is not None
    assert found.body["input"] == {"plain": {"text": found.body["title"].removeprefix("mail of ")}}
    with pytest.raises(Undecryptable):
        ports.documents.get(SCOPE, Kind.TASK, "t")
    rendered = ports.files.get(SCOPE, erase.certificate_path(done.id))
    assert rendered.startswith(b"%PDF")
