"""Proof of consent: whoever says yes or no, however it comes in, it can be proved afterwards, and only that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.agents.contacts import accept_import, find_by_address, get_contact, history, record, unsubscribe
from shared.agents.contacts.consents import Trace
from shared.domain.address import person_of
from shared.domain.consent import refusal
from shared.domain.contact import Contact
from shared.domain.evidence import ConsentRequest, Declaration
from shared.domain.faults import Conflict, Rejected
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.suppression import suppression_ids
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, bring_in, home, take_in, watched

ADDRESS = "ann@x.example"
YES = (
    f"email,consent,consent_source,consent_wording\n{ADDRESS},yes,fair,Write to me\nbob@x.example,yes,fair,\n".encode()
)
WORDS = "Yes, send me news about paint."


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    with home(tmp_path) as opened:
        yield opened


def ann(ports: Ports) -> Contact:
    found = find_by_address(ports, SCOPE, ADDRESS)
    assert found
    return found


def link(ports: Ports, campaign: str = "c1") -> Link:
    return Link("u", SCOPE, campaign, 0, person_of(ADDRESS, ports.keys.address))


def said(status: str = "granted", **more: Any) -> ConsentRequest:
    words = {"wording": WORDS} if status == "granted" and "basis" not in more else {}
    return ConsentRequest.model_validate({"status": status, **words, **more})


def covered(ports: Ports, country: str | None, at: datetime, purpose: str = "marketing") -> str | None:
    return refusal(ann(ports).consent, "email", purpose, country, at)


def test_rule_g1_every_way_in_leaves_evidence_in_the_order_it_was_said(ports: Ports) -> None:
    bring_in(ports, YES)
    trace = {"ip": "203.0.113.7", "user_agent": "Form/1.0", "form": "https://x.example/join"}
    record(ports, SCOPE, ann(ports).id, "owner", said(purpose="offers", jurisdiction="DE", **trace))
    unsubscribe(ports, link(ports), trace=Trace("203.0.113.7", "Mail/2"))
    first, second, third = history(ports, SCOPE, ann(ports).id)
    assert [each.method for each in (first, second, third)] == ["import", "api", "link"]
    assert all(each.verified for each in (first, second, third))
    assert (first.wording, first.source) == ("Write to me", "fair")
    assert "SHA-256" in str(first.form)
    assert (second.wording, second.jurisdiction, second.by, second.purpose) == (WORDS, "DE", "owner", "offers")
    assert (third.status, third.campaign) == ("withdrawn", "c1")
    assert second.ip == third.ip is not None
    assert "203.0.113" not in f"{second}{third}"


def test_rule_g1_the_same_file_again_proves_nothing_new_and_a_blank_proves_nothing(ports: Ports) -> None:
    bring_in(ports, YES)
    before = history(ports, SCOPE, ann(ports).id)
    assert bring_in(ports, YES).unchanged == 2
    bring_in(ports, f"email,city\n{ADDRESS},Ulm\n".encode())
    assert history(ports, SCOPE, ann(ports).id) == before


def test_rule_g1_two_files_that_say_yes_and_no_are_both_shown(ports: Ports) -> None:
    bring_in(ports, YES)
    bring_in(ports, f"email,consent,consent_source\n{ADDRESS},no,phone\n".encode())
    found = history(ports, SCOPE, ann(ports).id)
    assert [(each.status, each.source, each.verified) for each in found] == [
        ("granted", "fair", True),
        ("withdrawn", "phone", True),
    ]
    assert found[1].before == found[0].id


def test_rule_g1_no_personal_data_is_in_the_journal_and_erasing_leaves_the_chain_whole(ports: Ports) -> None:
    made = bring_in(ports, YES)
    contact = ann(ports).id
    proof = record(ports, SCOPE, contact, "owner", said(ip="203.0.113.7"))
    streams = (f"contact/{contact}", f"import/{made.id}")
    told = str([ports.journal.read(SCOPE, stream) for stream in streams])
    assert not any(word in told for word in (ADDRESS, WORDS, "fair", "203.0.113", "Write to me", proof.salt))

    ports.documents.delete(SCOPE, Kind.CONSENT, proof.id)
    stored = ports.documents.get(SCOPE, Kind.CONSENT, f"{made.id}-0")
    assert stored
    kept = Declaration.model_validate(stored.body)
    del kept.rows[contact]
    ports.documents.put(SCOPE, Kind.CONSENT, stored.id, kept.model_dump(mode="json"), stored.rev)

    assert history(ports, SCOPE, contact) == []
    assert [ports.journal.verify(SCOPE, stream) for stream in streams] == [1, 1]
    other = find_by_address(ports, SCOPE, "bob@x.example")
    assert other
    assert [each.verified for each in history(ports, SCOPE, other.id)] == [True]


@pytest.mark.parametrize("field", ["wording", "at", "status", "source"])
def test_rule_g1_evidence_that_was_changed_afterwards_is_not_verified(ports: Ports, field: str) -> None:
    made = bring_in(ports, YES)
    contact = ann(ports).id
    proof = record(ports, SCOPE, contact, "owner", said(source="form"))
    forged = {"wording": "Anything at all", "at": "2020-01-01T00:00:00Z", "status": "withdrawn", "source": "none"}
    for id in (proof.id, f"{made.id}-0"):
        stored = ports.documents.get(SCOPE, Kind.CONSENT, id)
        assert stored
        body = stored.body
        (body["rows"][contact] if "rows" in body else body).update({field: forged[field]})
        ports.documents.put(SCOPE, Kind.CONSENT, id, body, stored.rev)
    assert [each.verified for each in history(ports, SCOPE, contact)] == [False, False]


def test_rule_g1_evidence_is_not_verified_by_a_journal_that_was_changed(ports: Ports, tmp_path: Path) -> None:
    bring_in(ports, YES)
    record(ports, SCOPE, ann(ports).id, "owner", said())
    with closing(sqlite3.connect(tmp_path / "baton.db")) as file:
        file.execute("UPDATE facts SET at = '2020-01-01T00:00:00.000000+00:00' WHERE stream LIKE 'contact/%'")
        file.commit()
    assert [each.verified for each in history(ports, SCOPE, ann(ports).id)] == [True, False]


def test_rule_g1_a_consent_that_could_not_be_proved_is_not_taken(ports: Ports) -> None:
    for wrong in ({}, {"basis": "implied_purchase"}, {"wording": "x", "channel": "all"}):
        with pytest.raises(ValidationError):
            ConsentRequest.model_validate({"status": "granted", **wrong})
    bring_in(ports, YES)
    with pytest.raises(Rejected, match="future"):
        record(ports, SCOPE, ann(ports).id, "owner", said(at=ports.clock.now() + timedelta(days=1)))


def test_rule_g2_implied_consent_ends_by_its_basis_whichever_way_it_came_in(ports: Ports) -> None:
    rows = "bob@x.example,yes,implied purchase,2026-01-10,CA\ncai@x.example,yes,implied-inquiry,2026-01-10,Canada\n"
    file = (
        f"email,consent,consent_basis,consent_at,consent_jurisdiction\n{rows}dot@x.example,yes,implied_purchase,,CA\n"
    )
    made = bring_in(ports, file.encode())
    assert [(error.line, error.field) for error in made.errors] == [(4, "consent_at")]
    ends = []
    for address in ("bob@x.example", "cai@x.example"):
        contact = find_by_address(ports, SCOPE, address)
        assert contact
        (proof,) = history(ports, SCOPE, contact.id)
        assert proof.expires_at
        ends.append(proof.expires_at - proof.at)
        late = proof.expires_at
        assert refusal(contact.consent, "email", "marketing", "CA", late - timedelta(seconds=1)) is None
        assert refusal(contact.consent, "email", "marketing", "CA", late) == "expired"
    assert ends == [timedelta(days=730), timedelta(days=181)]


def test_rule_g2_a_later_purchase_renews_and_never_weakens_an_explicit_yes(ports: Ports) -> None:
    bring_in(ports, f"email\n{ADDRESS}\n".encode())
    contact, now = ann(ports).id, ports.clock.now()
    for days in (700, 10):
        bought = {"basis": "implied_purchase", "source": "order", "at": now - timedelta(days=days)}
        record(ports, SCOPE, contact, "owner", said(jurisdiction="CA", **bought))
    assert covered(ports, "CA", now + timedelta(days=100)) is None
    record(ports, SCOPE, contact, "owner", said())
    record(ports, SCOPE, contact, "owner", said(basis="implied_inquiry", source="call", jurisdiction="CA"))
    assert covered(ports, "CA", now + timedelta(days=3650)) is None
    assert len(history(ports, SCOPE, contact)) == 4


def test_rule_g3_a_soft_opt_in_counts_only_with_all_that_makes_it_one(ports: Ports) -> None:
    bring_in(ports, f"email,country\n{ADDRESS},GB\n".encode())
    contact, now = ann(ports).id, ports.clock.now() + timedelta(minutes=1)
    soft = {"basis": "soft_opt_in", "source": "order 7", "jurisdiction": "GB", "purpose": "paint"}
    record(ports, SCOPE, contact, "owner", said(**soft))
    assert covered(ports, "GB", now, "paint") == "wrong_basis"
    record(ports, SCOPE, contact, "owner", said(**soft, collected_in="sale", opt_out_offered=True))
    assert covered(ports, "GB", now, "paint") is None
    assert covered(ports, "GB", now, "tools") == "no_consent"
    assert covered(ports, "DE", now, "paint") == "wrong_basis"


def test_rule_g4_an_objection_is_absolute_and_outlives_imports_hands_and_the_contact_itself(ports: Ports) -> None:
    bring_in(ports, YES)
    contact = ann(ports)
    record(ports, SCOPE, contact.id, "owner", said("withdrawn", channel="all"))
    bring_in(ports, YES)
    assert ann(ports).consent["email"].status == "withdrawn"
    for channel in ("email", "sms"):
        with pytest.raises(Conflict, match="only they themselves"):
            record(ports, SCOPE, contact.id, "owner", said(channel=channel))
    ports.documents.delete(SCOPE, Kind.CONTACT, contact.id)
    ports.documents.delete(SCOPE, Kind.IDENTITY, contact.person)
    bring_in(ports, YES)
    assert get_contact(ports, SCOPE, contact.id).suppressed
    other = Scope(SCOPE.tenant, "other")
    bring_in(ports, YES, scope=other)
    assert get_contact(ports, other, contact.id).suppressed


def test_rule_g4_a_channel_or_purpose_that_was_withdrawn_by_hand_stays_so(ports: Ports) -> None:
    bring_in(ports, YES)
    contact, now = ann(ports), ports.clock.now()
    record(ports, SCOPE, contact.id, "owner", said("withdrawn", purpose="offers"))
    assert (covered(ports, None, now, "offers"), covered(ports, None, now)) == ("withdrawn", None)
    assert not ports.documents.find(SCOPE.agency, Kind.SUPPRESSION).documents
    record(ports, SCOPE, contact.id, "owner", said("withdrawn"))
    assert covered(ports, None, now) == "withdrawn"
    (kept,) = ports.documents.find(SCOPE.agency, Kind.SUPPRESSION).documents
    assert kept.id == suppression_ids(contact.person, "email").channel


def test_rule_g1_two_imports_at_once_are_both_proved(ports: Ports) -> None:
    """Somebody else's file comes in between the plan of this one and its writes."""
    bring_in(ports, f"email\n{ADDRESS}\n".encode())
    others = [f"email,consent,consent_source\n{ADDRESS},yes,other\n".encode()]

    def overtake(method: str, given: tuple[Any, ...]) -> None:
        if method == "batch" and given[1] == Kind.CONTACT and others:
            bring_in(ports, others.pop())

    bring_in(watched(ports, overtake), YES)
    found = history(ports, SCOPE, ann(ports).id)
    assert sorted((each.source, each.verified) for each in found) == [("fair", True), ("other", True)]
    assert ann(ports).consent["email"].evidence in {each.id for each in found}


def test_times_of_evidence_are_kept_whatever_their_zone(ports: Ports) -> None:
    bring_in(ports, f"email\n{ADDRESS}\n".encode())
    at = datetime.fromisoformat("2026-03-01T10:00:00+05:30")
    record(ports, SCOPE, ann(ports).id, "owner", said(at=at))
    (proof,) = history(ports, SCOPE, ann(ports).id)
    assert (proof.at.astimezone(UTC), proof.verified) == (at.astimezone(UTC), True)


BOTH = (
    "email,phone,consent,consent_source,sms_consent,sms_consent_source,sms_consent_wording\n"
    f"{ADDRESS},+4915123456789,no,fair,yes,form,Text me\nbob@x.example,+4915123456788,yes,fair,,,\n"
).encode()


def test_a_file_proves_consent_to_each_channel_by_itself(ports: Ports) -> None:
    bring_in(ports, BOTH)
    found = ann(ports)
    assert {channel: each.status for channel, each in found.consent.items()} == {"email": "withdrawn", "sms": "granted"}
    proofs = {each.channel: each for each in history(ports, SCOPE, found.id)}
    assert {channel: each.id for channel, each in proofs.items()} == {
        channel: each.evidence for channel, each in found.consent.items()
    }
    assert all(each.verified for each in proofs.values())
    assert (proofs["sms"].wording, proofs["sms"].source, proofs["email"].wording) == ("Text me", "form", None)
    bob = find_by_address(ports, SCOPE, "bob@x.example")
    assert bob
    assert [each.channel for each in history(ports, SCOPE, bob.id)] == ["email"]
    assert bring_in(ports, BOTH).unchanged == 2
    assert len(history(ports, SCOPE, found.id)) == 2


def test_an_import_that_dies_before_it_writes_its_people_proves_each_channel_once(ports: Ports) -> None:
    accepted = accept_import(ports, SCOPE, "test", BOTH, "text/csv")

    def die(method: str, given: tuple[Any, ...]) -> None:
        if method == "batch" and given[1] == Kind.CONTACT:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        take_in(watched(ports, die), accepted.id)
    take_in(ports, accepted.id)
    assert [(each.channel, each.verified) for each in history(ports, SCOPE, ann(ports).id)] == [
        ("email", True),
        ("sms", True),
    ]
    assert ports.journal.verify(SCOPE, f"import/{accepted.id}") == 2


def test_a_no_to_text_messages_in_a_file_is_not_undone_by_another(ports: Ports) -> None:
    bring_in(ports, BOTH.replace(b"yes,form", b"no,form"))
    bring_in(ports, BOTH)
    assert ann(ports).consent["sms"].status == "withdrawn"
