"""Two sayings about one person: nothing known is lost, nothing is doubled, and "no" stays "no"."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from shared.agents.contacts.entry import Declared, Entry
from shared.agents.contacts.merge import merged
from shared.domain.contact import Consent, Contact

THEN = datetime(2026, 1, 1, tzinfo=UTC)
PERSON = "a" * 32

names = st.one_of(st.none(), st.sampled_from(["Ann", "Anna"]))
declared = st.builds(
    Declared,
    status=st.sampled_from(["granted", "withdrawn", "unknown"]),
    source=st.one_of(st.none(), st.sampled_from(["fair", "form"])),
    at=st.one_of(st.none(), st.sampled_from([THEN, datetime(2026, 2, 1, tzinfo=UTC)])),
)
entries = st.builds(
    Entry,
    person=st.just(PERSON),
    email=st.sampled_from(["ann@x.example", "ANN@x.example"]),
    first_name=names,
    city=names,
    consents=st.dictionaries(st.sampled_from(["email", "sms"]), declared),
    tags=st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    attributes=st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2"])),
)
files = st.lists(entries, min_size=1, max_size=4)


def contact(**known: object) -> Contact:
    return Contact(id="p1", person=PERSON, email="ann@x.example", created_at=THEN, **known)  # type: ignore[arg-type]


def said(**values: object) -> Entry:
    return Entry(person=PERSON, email="Ann@x.example", **values)  # type: ignore[arg-type]


def told(channel: str = "email", **values: object) -> Entry:
    return said(consents={channel: Declared(**values)})  # type: ignore[arg-type]


def test_what_a_file_says_replaces_and_what_it_leaves_open_stays() -> None:
    known = contact(first_name="Ann", city="Ulm", tags=["a"], attributes={"x": "1", "y": "1"})
    after = merged(known, [said(city="Bonn", tags=["b", "a"], attributes={"x": "2"})])
    assert (after.first_name, after.city, after.tags) == ("Ann", "Bonn", ["a", "b"])
    assert after.attributes == {"x": "2", "y": "1"}
    assert after.email == "ann@x.example"


def test_a_withdrawal_is_never_undone_by_a_file_and_keeps_its_record() -> None:
    no = Consent(status="withdrawn", source="unsubscribe link", at=THEN)
    after = merged(contact(consent={"email": no}), [told(status="granted", source="form")])
    assert after.consent["email"] == no


def test_a_blank_takes_no_consent_away_and_a_no_does() -> None:
    yes = contact(consent={"email": Consent(status="granted", source="fair", at=THEN)})
    assert merged(yes, [said()]).consent == yes.consent
    assert merged(yes, [told(status="withdrawn")]).consent["email"].status == "withdrawn"


def test_consent_to_one_channel_is_none_to_another() -> None:
    after = merged(contact(), [told("sms", status="granted"), told("email", status="withdrawn")])
    assert {channel: each.status for channel, each in after.consent.items()} == {
        "sms": "granted",
        "email": "withdrawn",
    }


def test_nothing_said_about_consent_is_no_record_of_it() -> None:
    assert merged(contact(), [said(city="Ulm")]).consent == {}


@given(files)
def test_the_same_file_again_changes_nothing(rows: list[Entry]) -> None:
    once = merged(contact(), rows)
    assert merged(once, rows) == once


@given(files)
def test_consent_does_not_depend_on_the_order_of_rows(rows: list[Entry]) -> None:
    for channel in ("email", "sms"):
        found = {merged(contact(), order).consent.get(channel, Consent()).status for order in permutations(rows)}
        told = [row.consents[channel].status for row in rows if channel in row.consents]
        assert found == {max(told, key=["unknown", "granted", "withdrawn"].index, default="unknown")}


@given(files, files)
def test_nothing_known_is_ever_lost(first: list[Entry], second: list[Entry]) -> None:
    before = merged(contact(), first)
    after = merged(before, second)
    assert set(before.tags) <= set(after.tags)
    assert set(before.attributes) <= set(after.attributes)
    assert not (before.first_name and not after.first_name)
