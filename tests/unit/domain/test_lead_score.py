"""Scores: criteria as data, recomputable, nothing guessed, nothing forbidden weighed."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.footprint import FACTS
from shared.domain.lead import Factor, Lead, LeadFact, LeadPerson
from shared.domain.lead_criteria import Condition, Criteria, CriteriaRequest
from shared.domain.lead_defaults import DEFAULTS
from shared.domain.lead_model import ENOUGH, Closed, auc, calibration, compared
from shared.domain.lead_score import chance, score

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5000), st.text(max_size=8), st.lists(st.text(max_size=4)))
KNOWN = st.dictionaries(st.sampled_from([*FACTS, "given.revenue"]), VALUES, max_size=20)
CONDITION = st.builds(
    lambda fact, rule, low, high: Condition(fact=fact, rule=rule, low=low, high=high, values=["a", "none"]),
    st.sampled_from([*FACTS, "country", "given.revenue"]),
    st.sampled_from(["yes", "no", "known", "one_of", "between"]),
    st.integers(0, 50),
    st.integers(51, 100),
)


def lead(known: dict[str, object], **more: object) -> Lead:
    facts = [
        LeadFact.model_validate({"name": name, "value": value, "source": "x", "at": AT})
        for name, value in known.items()
    ]
    base = {"id": "l", "name": "Halm", "created_at": AT, "created_by": "me", "changed_at": AT}
    return Lead.model_validate({**base, "facts": facts, **more})


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    conditions = draw(st.lists(CONDITION, min_size=1, max_size=8))
    weights = draw(st.lists(st.integers(1, 100), min_size=len(conditions), max_size=len(conditions)))
    return Criteria.model_validate(
        {
            "version": 7,
            "criteria": [
                {"id": f"c{n}", "title": "T", "weight": weight, "when": when, "says": "so"}
                for n, (when, weight) in enumerate(zip(conditions, weights, strict=True))
            ],
        }
    )


@settings(max_examples=30)
@given(KNOWN, criteria())
def test_the_same_lead_and_version_give_exactly_the_same_numbers_after_storage(
    known: dict[str, object], by: Criteria
) -> None:
    one = lead(known, country="GB")
    first = score(one, by, AT)
    again = score(
        Lead.model_validate_json(one.model_dump_json()), Criteria.model_validate_json(by.model_dump_json()), AT
    )
    assert first == again
    whole = sum(each.weight for each in first.factors)
    assert first.value == round(100 * sum(each.points for each in first.factors) / whole, 1)
    assert all(each.points == round(each.weight * (each.factor or 0), 3) for each in first.factors)
    assert 0 <= first.value <= 100
    assert first.value + first.missing <= 100.2


@settings(max_examples=30)
@given(KNOWN, criteria())
def test_what_is_missing_brings_no_points_and_is_said(known: dict[str, object], by: Criteria) -> None:
    for each in score(lead(known), by, AT).factors:
        if each.factor is None:
            assert each.points == 0
            assert "not known" in each.says or "cannot be weighed" in each.says


def test_a_reason_is_one_sentence_of_what_weighs_most() -> None:
    poor = {
        "mobile": False,
        "https": False,
        "dmarc": "absent",
        "decision_maker": True,
        "employees": 12,
        "reachable": True,
    }
    found = score(lead(poor, website="https://halm.example", people=[_person()]), DEFAULTS, AT)
    assert found.value == 42
    assert found.reason == (
        "Its pages are not made for telephones, its site has no valid TLS and it names somebody who decides."
    )
    assert (found.services[0], found.package) == ("relaunch", "Relaunch: a site made for telephones")
    assert found.budget is not None
    assert (found.budget.low, found.budget.high) == (4000, 15000)
    assert "10 to 49 people" in found.budget.basis
    assert found.channel is not None
    assert found.channel.by == "email"
    assert "notice" in found.next_step


def test_what_is_not_known_is_never_guessed() -> None:
    found = score(lead({}), DEFAULTS, AT)
    assert (found.value, found.missing) == (0, 100)
    assert found.reason == "Nothing that counts is known of it yet."
    assert found.budget is not None
    assert (found.budget.low, found.package) == (None, None)
    assert found.budget.basis.startswith("not known")
    taken = score(lead({"mobile": False}, taken=True), DEFAULTS, AT)
    assert taken.reason.startswith("Taken")
    shut = lead({})
    shut.facts.append(LeadFact(name="mobile", why="its robots.txt forbids it", source="x", at=AT))
    assert score(shut, DEFAULTS, AT).reason == "Little is known: its robots.txt forbids it."


@pytest.mark.parametrize(
    ("fact", "title"),
    [
        ("given.religion", "Faith"),
        ("given.gender", "Who"),
        ("given.age", "Who"),
        ("given.plz", "Where"),
        ("given.vorname", "Who"),
        ("given.nationality", "Who"),
        ("country", "Ethnic background"),
        ("city", "Street of the owner"),
    ],
)
def test_rule_g10_special_categories_and_what_stands_in_for_them_are_refused(fact: str, title: str) -> None:
    asked = {"id": "x", "title": title, "weight": 1, "when": {"fact": fact, "rule": "known"}, "says": "so"}
    with pytest.raises(ValidationError, match="must not be weighed"):
        CriteriaRequest.model_validate({"criteria": [asked]})


@pytest.mark.parametrize(
    ("criterion", "why"),
    [
        ({"when": {"fact": "nonsense", "rule": "yes"}}, "there is no 'nonsense'"),
        ({"when": {"fact": "page_kb", "rule": "between", "low": 1, "high": 1}}, "must differ"),
        ({"when": {"fact": "dmarc", "rule": "one_of"}}, "one_of needs values"),
        ({"weight": 0}, "must have a weight"),
    ],
)
def test_criteria_that_cannot_be_are_named(criterion: dict[str, object], why: str) -> None:
    right = {"id": "x", "title": "T", "weight": 1, "when": {"fact": "mobile", "rule": "no"}, "says": "so"}
    with pytest.raises(ValidationError, match=why):
        CriteriaRequest.model_validate({"criteria": [{**right, **criterion}]})
    with pytest.raises(ValidationError, match="each id once"):
        CriteriaRequest.model_validate({"criteria": [right, right]})


def test_a_model_is_used_only_where_it_is_better_on_deals_held_out() -> None:
    chances = random.Random(7)
    told, noise = list[Closed](), list[Closed]()
    for n in range(400):
        a, b = chances.random(), chances.random()
        told.append(Closed(str(n), {"a": a, "b": b if n % 9 else None}, 100 * b, chances.random() < 0.05 + 0.9 * a))
        noise.append(Closed(str(n), {"a": a}, 100 * a, chances.random() < 0.05 + 0.9 * a))
    better = compared(told)
    assert better.fit is not None
    assert better.fit.auc > 0.7 > better.fit.auc_of_score
    assert better.fit.held_out > 50
    assert compared(told) == better
    assert "is used" in better.says
    high, low = ({"a": value, "b": None} for value in (1.0, 0.0))
    factors = [_factors(high), _factors(low)]
    assert chance(better.fit, factors[0]) > 0.7 > 0.3 > chance(better.fit, factors[1])
    assert compared(noise).fit is None
    assert "not better" in compared(noise).says
    assert compared(told[: ENOUGH - 1]) == (f"199 closed deals; below {ENOUGH} the score alone is used.", None)
    assert compared([each._replace(won=True) for each in told]).fit is None


def test_auc_and_calibration_are_those_of_the_textbook() -> None:
    assert auc([1, 2, 3, 4], [False, False, True, True]) == 1
    assert auc([1, 1, 1, 1], [False, True, False, True]) == 0.5
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert calibration([0.5] * 10, [True, False] * 5, bins=1) == 0
    assert calibration([1.0] * 10, [False] * 10) == 1


def _factors(given: dict[str, float | None]) -> list[Factor]:
    return [Factor(criterion=id, title="", weight=1, factor=value, points=0, says="") for id, value in given.items()]


def _person() -> LeadPerson:
    return LeadPerson(name="Ada Halm", email="ada@halm.example", source="https://halm.example/", at=AT)
