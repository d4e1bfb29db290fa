"""When two ways to write a company are one lead, and what is kept of both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.lead import (
    MOST_FACTS,
    Lead,
    LeadFact,
    LeadPerson,
    LeadRequest,
    lead_id,
    merged,
    plain_name,
    with_facts,
    with_people,
)
from shared.domain.lead_criteria import Condition
from shared.domain.website import host_of, same_site, site_of

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "spelled",
    ["halm.example", "HALM.example.", "www.halm.example", "https://halm.example/", "http://www.Halm.example:80/a?b#c"],
)
def test_a_site_is_one_however_it_is_spelled(spelled: str) -> None:
    assert host_of(spelled) == "halm.example"
    assert lead_id(spelled) == lead_id("halm.example")
    assert same_site(spelled, "https://halm.example/imprint")


def test_other_hosts_ports_and_names_are_others() -> None:
    assert host_of("http://127.0.0.1:8081") == "127.0.0.1:8081"
    assert host_of("bücher.example") == "xn--bcher-kva.example"
    assert site_of("bücher.example/a") == "https://xn--bcher-kva.example"
    assert not same_site("a.example", "b.example")
    assert not same_site("nonsense", "nonsense")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("ftp://a.example", "must begin with http"),
        ("javascript:alert(1)", "no address"),
        ("https://me:secret@a.example", "user name"),
        ("localhost", "no address"),
        ("a b.example", "no address"),
        ("=HYPERLINK(1)", "no address"),
        ("http://[::1", "no address"),
        ("https://a.example:99999", "no address"),
        ("a.example/" + "x" * 400, "at most 200"),
    ],
)
def test_what_is_no_site_is_refused_with_the_reason(wrong: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        LeadRequest(website=wrong)


def test_a_company_without_a_site_is_known_by_its_name_and_country() -> None:
    assert plain_name("Praxis Müller & Söhne GmbH & Co. KG") == plain_name("praxis  muller, sohne")
    assert plain_name("GmbH") == "gmbh"
    assert lead_id(None, "Halm GmbH", "de") == lead_id(None, "HALM", "DE") != lead_id(None, "Halm", "AT")
    with pytest.raises(ValidationError, match="name, its website, or both"):
        LeadRequest(country="DE")


def test_of_each_fact_the_newest_of_a_source_stays() -> None:
    old = [_fact("city", "Ulm", "a"), _fact("city", "Bonn", "b")]
    new = [_fact("city", "Köln", "a", later=1), _fact("city", "Jena", "b", later=-1)]
    assert [each.value for each in with_facts(old, new)] == ["Köln", "Bonn"]


def test_a_person_is_there_once_and_gaps_are_filled() -> None:
    known = [LeadPerson(name="Ada Halm", email="ada@halm.example", source="a", at=AT)]
    found = [
        LeadPerson(role="Owner", email="ADA@halm.example", source="b", at=AT),
        LeadPerson(name="ada halm", phone="+44 113 4960000", source="c", at=AT),
        LeadPerson(email="info@halm.example", source="c", at=AT),
    ]
    both = with_people(known, found)
    assert [(each.name, each.role, each.email, each.phone) for each in both] == [
        ("Ada Halm", "Owner", "ada@halm.example", "+44 113 4960000"),
        ("", "", "info@halm.example", ""),
    ]
    assert both[0].due == datetime(2027, 4, 2, 9, tzinfo=UTC)


@given(st.lists(st.sampled_from("abcd"), max_size=4), st.lists(st.sampled_from("abcd"), max_size=4))
def test_merging_loses_no_list_and_no_fact_and_can_be_repeated(one: list[str], other: list[str]) -> None:
    first = _lead("one", lists=sorted({*one}), facts=[_fact(each, 1, "x") for each in one])
    second = _lead("two", stage="qualified", lists=sorted({*other}), facts=[_fact(each, 2, "y") for each in other])
    both = merged(first, second)
    assert {*both.lists} == {*one, *other}
    assert {(each.name, each.source) for each in both.facts} == {(n, "x") for n in one} | {(n, "y") for n in other}
    assert (both.id, both.stage) == ("one", "qualified")
    assert merged(both, second) == both


def _fact(name: str, value: str | int, source: str, later: int = 0) -> LeadFact:
    return LeadFact(name=name, value=value, source=source, at=AT + timedelta(days=later))


def _lead(id: str, **fields: object) -> Lead:
    known = {"id": id, "name": id, "created_at": AT, "created_by": "me", "changed_at": AT, **fields}
    return Lead.model_validate(known)


@pytest.mark.parametrize("high", ["inf", "nan", float("inf")])
def test_a_condition_has_an_end(high: object) -> None:
    with pytest.raises(ValueError, match="finite number"):
        Condition.model_validate({"fact": "page_kb", "rule": "between", "low": 0, "high": high})


def test_a_wide_table_pushes_out_nothing_that_was_measured() -> None:
    measured = LeadFact(name="reachable", value=True, source="https://halm.example", at=AT, method="measured")
    columns = [
        LeadFact(name=f"given.c{n:03}", value="x", source="a table", at=AT, method="given")
        for n in range(MOST_FACTS + 9)
    ]
    kept = with_facts(columns, [measured])
    assert measured in kept
    assert len(kept) == MOST_FACTS
