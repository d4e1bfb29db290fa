"""Looking people up in the address book of a real home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.agents.contacts import find_by_address, get_contact, listing, unsubscribe
from shared.domain.address import person_of
from shared.domain.faults import Missing, Rejected
from shared.domain.links import Link
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, bring_in, home

FILE = b"email,company,tags\nann@x.example,Acme,vip\nbob@y.example,Acme,\neve@x.example,Blue,vip\n"


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    with home(tmp_path) as opened:
        bring_in(opened, FILE)
        yield opened


def emails(ports: Ports, *filters: Filter) -> set[str]:
    return {contact.email for contact in listing(ports, SCOPE, 100, None, filters)[0]}


def test_a_listing_comes_in_pages_that_miss_and_repeat_nobody(ports: Ports) -> None:
    first, cursor = listing(ports, SCOPE, 2)
    rest, end = listing(ports, SCOPE, 2, cursor)
    assert [len(first), len(rest), end] == [2, 1, None]
    assert {each.email for each in [*first, *rest]} == {"ann@x.example", "bob@y.example", "eve@x.example"}


def test_filters_all_hold_and_addresses_have_no_case(ports: Ports) -> None:
    assert emails(ports, Filter("tags", "has", "vip"), Filter("company", "eq", "Acme")) == {"ann@x.example"}
    assert emails(ports, Filter("email", "prefix", "BOB")) == {"bob@y.example"}


def test_an_empty_book_is_an_empty_page(ports: Ports) -> None:
    assert listing(ports, Scope("local", "empty"), 10) == ([], None)


@pytest.mark.parametrize(
    ("cursor", "filters"), [("nonsense", ()), (None, [Filter("shoe", "eq", "38")]), (None, [Filter("tags", "in", "x")])]
)
def test_what_cannot_be_listed_is_refused(ports: Ports, cursor: str | None, filters: list[Filter]) -> None:
    with pytest.raises(Rejected):
        listing(ports, SCOPE, 10, cursor, filters)


def test_a_person_is_found_under_any_spelling_and_nobody_under_none(ports: Ports) -> None:
    found = find_by_address(ports, SCOPE, " Ann@X.example")
    assert found is not None
    assert get_contact(ports, SCOPE, found.id).email == "ann@x.example"
    assert find_by_address(ports, SCOPE, "nobody@x.example") is None
    assert find_by_address(ports, SCOPE, "no address") is None
    with pytest.raises(Missing):
        get_contact(ports, SCOPE, "p-nobody")


def test_suppressed_people_are_shown_as_such_in_every_workspace(ports: Ports) -> None:
    person = person_of("ann@x.example", ports.keys.address)
    unsubscribe(ports, Link("u", Scope("local", "other"), "c1", 0, person))
    shown = {contact.email: contact.suppressed for contact in listing(ports, SCOPE, 10)[0]}
    assert shown == {"ann@x.example": True, "bob@y.example": False, "eve@x.example": False}
