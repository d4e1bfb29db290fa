"""Files of deals: HubSpot's export and plain tables become deals at their stage, can be looked at first, brought in
again, taken back; killed anywhere, the same comes of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from shared.agents import deals, qualify
from shared.agents.contacts import confirm, get_import, quarantined, undo
from shared.agents.deals.entry import amount
from shared.agents.imports import run
from shared.agents.qualify import lists
from shared.domain.deal import Deal, DealChange
from shared.domain.faults import Rejected
from shared.domain.imports import Import
from shared.domain.lead import Lead, LeadRequest
from shared.domain.names import Kind
from shared.domain.needs import Heard
from shared.ports import Ports

from .home import SCOPE, bring_in, home, watched

SAMPLE = Path("samples/exports/hubspot-deals.csv").read_bytes()
KICK_OFF = {"Kick-off held": "needs"}


@pytest.fixture
def ports(tmp_path: Path) -> Any:
    with home(tmp_path) as ports:
        yield ports


def passed(ports: Ports, made: Import) -> Import:
    """Every step of the pass that was begun, as the flow takes them."""
    order: dict[str, Any] = {"scope": list(SCOPE), "import": made.id, "attempt": made.attempt}
    split: Any = run(ports, {**order, "op": "split"})
    for n in range(split.data["batches"]):
        run(ports, {**order, "op": "batch", "batch": n})
    run(ports, {**order, "op": "finish"})
    return get_import(ports, SCOPE, made.id)


def take_in(ports: Ports, data: bytes, **more: Any) -> Import:
    return passed(ports, deals.accept(ports, SCOPE, "test", data, "text/csv", **more))


def pipeline(ports: Ports) -> dict[str, Deal]:
    return {
        each.body["name"]: Deal.model_validate(each.body) for each in ports.documents.find(SCOPE, Kind.DEAL).documents
    }


def counts(made: Import) -> tuple[str, int, int, int, int, int]:
    return made.status, made.created, made.updated, made.unchanged, made.merged, made.quarantined


def test_an_export_of_hubspot_is_told_its_stages_once_looked_at_and_taken_in(ports: Ports) -> None:
    bring_in(ports, b"email\nivan@client.example")
    with pytest.raises(Rejected) as refused:
        deals.accept(ports, SCOPE, "test", SAMPLE, "text/csv")
    assert [each.field for each in refused.value.errors] == ["stages.Kick-off held"]
    made = deals.accept(ports, SCOPE, "test", SAMPLE, "text/csv", dry_run=True)
    assert (made.status, made.origin, made.stages["Contract Sent"]) == ("unmapped", "HubSpot", "contract")
    looked = passed(ports, deals.tell(ports, SCOPE, made.id, {}, KICK_OFF))
    assert counts(looked) == ("previewed", 5, 0, 0, 0, 0)
    assert "negotiating" not in {each.why for each in looked.examples}
    assert pipeline(ports) == {}
    assert counts(passed(ports, confirm(ports, SCOPE, made.id, "test"))) == ("completed", 5, 0, 0, 0, 0)
    found = pipeline(ports)
    assert {name: (each.stage, each.value, each.currency) for name, each in found.items()} == {
        "Website for Weber": ("contacted", "12000", "EUR"),
        "Shop for Novak": ("contract", "8500.50", "EUR"),
        "Care for Reed": ("won", "450", "GBP"),
        "Campaign for Holm": ("lost", "3000", "EUR"),
        "Audit for Berg": ("needs", None, "EUR"),
    }
    assert found["Campaign for Holm"].history[0].why == "They do it themselves"
    assert found["Shop for Novak"].contact
    assert not found["Website for Weber"].contact
    again = take_in(ports, SAMPLE)
    assert counts(again) == ("completed", 0, 0, 5, 0, 0)
    assert pipeline(ports) == found


def test_what_is_wrong_with_a_row_is_said_and_the_rest_goes_in(ports: Ports) -> None:
    plain = (
        "Auftrag;Firma;Betrag;Abschlussdatum;Status\n"
        "Logo;Holm;1.200,50;31.03.2027;signed\n"
        ";Holm;5;;new\nShop;Berg;1.200;;new\nBlog;Berg;viel;;new\nNews;Berg;9;03/04/2027;new\nLogo;HOLM;€ 1300;;\n"
    )
    made = take_in(ports, plain.encode(), currency="CHF")
    assert counts(made) == ("completed", 1, 0, 0, 1, 4)
    assert [(each.line, each.field) for each in made.errors] == [
        (3, "name"),
        (4, "value"),
        (5, "value"),
        (6, "close_on"),
    ]
    assert b"thousands or thousandths" in quarantined(ports, SCOPE, made.id)
    (logo,) = pipeline(ports).values()
    assert (logo.stage, logo.value, logo.currency, str(logo.close_on)) == ("signed", "1300", "EUR", "2027-03-31")


def test_an_older_file_moves_nothing_back_that_was_moved_here(ports: Ports) -> None:
    take_in(ports, b"id,name,stage\n1,A,needs\n2,B,needs")
    moved = pipeline(ports)["A"].id
    deals.move(ports, SCOPE, moved, "signed", "owner")
    made = take_in(ports, b"id,name,stage\n1,A,proposed\n2,B,proposed")
    assert {name: each.stage for name, each in pipeline(ports).items()} == {"A": "signed", "B": "proposed"}
    assert "stays signed" in next(each.why for each in made.examples if each.title == "A")


def test_taken_back_deals_are_as_before_but_for_what_somebody_changed(ports: Ports) -> None:
    take_in(ports, b"id,name,stage,amount\n1,A,needs,10\n2,B,needs,20")
    before = pipeline(ports)
    made = take_in(ports, b"id,name,stage,amount\n1,A,proposed,11\n2,B,proposed,22\n3,C,new,30\n4,D,new,40")
    changed = pipeline(ports)
    deals.change(ports, SCOPE, changed["B"].id, "owner", DealChange(value="25"))
    deals.write_down(ports, SCOPE, changed["D"].id, "owner", "They called")
    undone = passed(ports, undo(ports, SCOPE, made.id, "test"))
    assert (undone.status, undone.removed, undone.restored, undone.kept) == ("undone", 1, 2, 1)
    found = pipeline(ports)
    assert found.keys() == {"A", "B", "D"}
    assert found["A"] == before["A"]
    assert (found["B"].stage, found["B"].value) == ("needs", "25")


def test_a_deal_of_which_something_was_heard_stays_when_its_import_is_taken_back(ports: Ports) -> None:
    made = take_in(ports, b"id,name,stage\n1,A,needs\n2,B,needs")
    heard = Heard(text="We need a new website by 1 May. Budget 5,000 EUR.", said_by="Ada")
    deals.hear(ports, SCOPE, pipeline(ports)["A"].id, "owner", heard)
    undone = passed(ports, undo(ports, SCOPE, made.id, "test"))
    assert (undone.removed, undone.kept) == (1, 1)
    assert pipeline(ports).keys() == {"A"}


def test_left_at_any_single_step_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    """An exception that nobody catches ends the first run, wherever it is; then it is taken in, and taken back."""
    rows = "id,name,stage,amount\n" + "\n".join(
        f"{n % 40},D{n % 40},{'needs' if n < 40 else 'won'},{n}" for n in range(60)
    )
    steps: list[str] = []

    def outcome(folder: Path, before: Callable[[str, object], None], leaves: bool) -> Any:
        with home(folder) as ports:
            take_in(ports, b"id,name,stage,amount\n1,Old,new,5\n41,Other,new,6")
            made = deals.accept(ports, SCOPE, "test", rows.encode(), "text/csv")
            if leaves:
                with pytest.raises(_Left):
                    passed(watched(ports, before), made)
            ended = passed(ports if leaves else watched(ports, before), made)
            there = {
                each.id: (each.name, each.stage, each.value, len(each.history)) for each in pipeline(ports).values()
            }
            back = passed(ports, undo(ports, SCOPE, made.id, "test"))
            left = {each.id: (each.name, each.stage, each.value) for each in pipeline(ports).values()}
            return counts(ended), there, (back.removed, back.restored, back.kept), left

    expected = outcome(tmp_path / "whole", lambda method, _: steps.append(method), leaves=False)
    assert expected[0] == ("completed", 39, 1, 0, 20, 0)
    assert expected[2] == (39, 1, 0)
    assert sorted(expected[3].values()) == [("Old", "new", "5"), ("Other", "new", "6")]
    for step in range(len(steps)):
        assert outcome(tmp_path / str(step), _leave_at(step), leaves=True) == expected, steps[step]


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("12000", ("12000", None)),
        ("12,000.50", ("12000.50", None)),
        ("1.234.567,89 EUR", ("1234567.89", "EUR")),
        ("$ 99.5", ("99.5", "USD")),
        ("1 200", ("1200", None)),
        ("1.200", None),
        ("-5", None),
        ("1e9", None),
        ("12 of them", None),
        ("9999999999999", None),
    ],
)
def test_amounts_are_read_as_they_are_meant_or_not_at_all(text: str, is_: tuple[str, str | None] | None) -> None:
    if is_:
        assert amount(text) == is_
    else:
        with pytest.raises(ValueError, match=r"amount|thousand"):
            amount(text)


class _Left(BaseException):
    """Stands for the end of the process."""


def _leave_at(step: int) -> Callable[[str, object], None]:
    steps = count()

    def before(method: str, given: object) -> None:
        if next(steps) == step:
            raise _Left

    return before


def test_companies_become_leads_once_with_the_file_as_the_source_of_each_fact(ports: Ports) -> None:
    known = qualify.add(ports, SCOPE, "owner", LeadRequest(website="novak.example", city="Brno"))
    data = Path("samples/exports/hubspot-companies.csv").read_bytes()
    made = take_in(ports, data, of="companies")
    assert counts(made) == ("completed", 2, 1, 0, 0, 1)
    assert [(each.line, each.field) for each in made.errors] == [(5, "country")]
    novak = qualify.get(ports, SCOPE, known.id)
    assert (novak.city, novak.country, novak.industry) == ("Brno", "CZ", "RETAIL")
    assert {each.source for each in novak.facts if each.name == "given.number_of_employees"} == {"export of HubSpot"}
    leads = ports.documents.find(SCOPE, Kind.LEAD).documents
    assert counts(take_in(ports, data, of="companies")) == ("completed", 0, 0, 3, 0, 1)
    assert ports.documents.find(SCOPE, Kind.LEAD).documents == leads
    undone = passed(ports, undo(ports, SCOPE, made.id, "test"))
    assert (undone.removed, undone.restored, undone.kept) == (2, 1, 0)
    assert [Lead.model_validate(each.body) for each in ports.documents.find(SCOPE, Kind.LEAD).documents] == [known]


def weighed(ports: Ports, id: str) -> Lead:
    lists.run(ports, {"scope": list(SCOPE), "list": lists.rescore(ports, SCOPE, "test").id})
    return qualify.get(ports, SCOPE, id)


def test_columns_of_companies_are_weighed_by_the_rules_of_leads_and_go_again(ports: Ports) -> None:
    ada = {"website": "halm.example", "name": "Halm", "people": [{"name": "Bo Halm"}]}
    known = weighed(ports, qualify.add(ports, SCOPE, "test", LeadRequest.model_validate(ada)).id)
    rows = b"Halm,halm.example,catholic,40,no,Leeds,Ada Halm,ada@halm.example,\nHalm,halm.example,,,,,Bo Halm,,42\n"
    head = b"Company,Website,Religion,Employees,Mobile,City,Contact,Email,Phone\n"
    made = take_in(ports, head + rows, of="companies")
    lead = qualify.get(ports, SCOPE, known.id)
    assert {each.name for each in lead.facts if each.source.startswith("file")} == {
        *("name", "website", "city", "given.employees", "given.mobile")
    }
    assert lead.score == qualify.recomputed(ports, SCOPE, lead) != known.score
    weighed(ports, known.id)
    assert passed(ports, undo(ports, SCOPE, made.id, "test")).restored == 1
    back = qualify.get(ports, SCOPE, known.id)
    assert (back.people, back.facts) == (known.people, known.facts)
    assert back.score == qualify.recomputed(ports, SCOPE, back)


def test_what_a_file_says_of_a_merged_company_goes_to_what_it_became(ports: Ports) -> None:
    qualify.add(ports, SCOPE, "test", LeadRequest(name="Halm", country="DE"))
    lead = qualify.add(ports, SCOPE, "test", LeadRequest(name="Halm", country="DE", website="halm.example"))
    made = take_in(ports, b"Company,Country,City\nHalm,DE,Ulm\n", of="companies")
    assert (made.updated, qualify.get(ports, SCOPE, lead.id).city) == (1, "Ulm")
