"""Leads as they are kept: once each, merged, decided on by a person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.agents import qualify
from shared.agents.qualify import claims
from shared.agents.qualify.people import people_csv
from shared.domain.faults import Conflict, Missing
from shared.domain.lead import DecisionRequest, LeadRequest, lead_id
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

from .conftest import SCOPE, START

OTHER = Scope("local", "other")


def test_a_company_is_one_lead_however_often_it_is_added(ports: Ports) -> None:
    first = qualify.add(ports, SCOPE, "me", LeadRequest(website="www.halm.example", source="card"))
    more = LeadRequest.model_validate(
        {"website": "http://halm.example/", "city": "Leeds", "country": "gb", "people": [{"email": "ada@halm.example"}]}
    )
    second = qualify.add(ports, SCOPE, "you", more)
    assert first.id == second.id == lead_id("halm.example")
    assert (second.city, second.country, second.created_by) == ("Leeds", "GB", "me")
    assert {each.source for each in second.facts} == {"card", "added by hand"}
    assert second.people[0].due > START
    assert len(qualify.listing(ports, SCOPE)[0]) == 1


def test_a_lead_known_by_its_name_becomes_the_sites(ports: Ports) -> None:
    named = qualify.add(ports, SCOPE, "me", LeadRequest(name="Halm GmbH", country="DE", city="Ulm"))
    qualify.decide(ports, SCOPE, named.id, "me", DecisionRequest(decision="qualify", reason="they called"))
    sited = qualify.add(ports, SCOPE, "me", LeadRequest(name="Halm", country="DE", website="halm.example"))
    assert (sited.id, sited.city, sited.stage) == (lead_id("halm.example"), "Ulm", "qualified")
    assert qualify.get(ports, SCOPE, named.id).id == sited.id
    assert [each.id for each in qualify.listing(ports, SCOPE)[0]] == [sited.id]
    again = qualify.add(ports, SCOPE, "me", LeadRequest(name="HALM", country="DE"))
    assert again.id == sited.id


def test_what_becomes_one_lead_has_one_workspace(ports: Ports) -> None:
    """Two homes of one company, known here by its name and there by its site, never both have it."""
    yes = DecisionRequest(decision="qualify", reason="they called")
    by_name, sited = (
        LeadRequest(name="Halm GmbH", country="DE"),
        LeadRequest(name="Halm", country="DE", website="halm.example"),
    )
    named = qualify.add(ports, SCOPE, "me", by_name)
    qualify.decide(ports, SCOPE, named.id, "me", yes)
    ours = qualify.add(ports, SCOPE, "me", sited)
    assert (ours.stage, ours.taken, ours.absorbed) == ("qualified", False, [named.id])
    theirs = qualify.add(ports, OTHER, "you", LeadRequest(website="halm.example"))
    for lead in (theirs, qualify.add(ports, OTHER, "you", by_name)):
        with pytest.raises(Conflict, match="it is taken"):
            qualify.decide(ports, OTHER, lead.id, "you", yes)
    qualify.decide(ports, SCOPE, ours.id, "me", DecisionRequest(decision="reject", reason="no"))
    assert qualify.decide(ports, OTHER, theirs.id, "you", yes).stage == "qualified"


def test_of_two_who_had_parts_of_one_company_one_keeps_it(ports: Ports) -> None:
    yes = DecisionRequest(decision="qualify", reason="they called")
    named = qualify.add(ports, SCOPE, "me", LeadRequest(name="Halm", country="DE"))
    qualify.decide(ports, SCOPE, named.id, "me", yes)
    theirs = qualify.add(ports, OTHER, "you", LeadRequest(website="halm.example"))
    qualify.decide(ports, OTHER, theirs.id, "you", yes)
    ours = qualify.add(ports, SCOPE, "me", LeadRequest(name="Halm", country="DE", website="halm.example"))
    assert (ours.taken, ours.stage) == (True, "found")
    theirs = qualify.add(ports, OTHER, "you", LeadRequest(name="Halm", country="DE", website="halm.example"))
    assert (theirs.taken, theirs.stage) == (False, "qualified")
    assert claims.taken(ports, SCOPE, ours.known_as) == {ours.id}
    assert not claims.taken(ports, OTHER, theirs.known_as)


def test_whoever_has_the_site_keeps_it_whatever_name_turns_up(ports: Ports) -> None:
    yes = DecisionRequest(decision="qualify", reason="they called")
    ours = qualify.add(ports, SCOPE, "me", LeadRequest(website="halm.example"))
    qualify.decide(ports, SCOPE, ours.id, "me", yes)
    named = qualify.add(ports, OTHER, "you", LeadRequest(name="Halm", country="DE"))
    qualify.decide(ports, OTHER, named.id, "you", yes)
    qualify.add(ports, SCOPE, "me", LeadRequest(name="Halm", country="DE"))
    ours = qualify.add(ports, SCOPE, "me", LeadRequest(name="Halm", country="DE", website="halm.example"))
    assert (ours.taken, ours.stage) == (False, "qualified")
    theirs = qualify.add(ports, OTHER, "you", LeadRequest(website="halm.example"))
    with pytest.raises(Conflict, match="it is taken"):
        qualify.decide(ports, OTHER, theirs.id, "you", yes)


def test_pages_on_a_host_of_many_are_no_sites(ports: Ports) -> None:
    with pytest.raises(ValueError, match="give the name"):
        LeadRequest(website="https://m.facebook.com/salonada", name="Salon Ada")


def test_a_person_decides_and_the_journal_has_it(ports: Ports) -> None:
    lead = qualify.add(ports, SCOPE, "me", LeadRequest(website="halm.example"))
    no = DecisionRequest(decision="reject", reason="too far")
    assert qualify.decide(ports, SCOPE, lead.id, "ada", no).stage == "rejected"
    assert qualify.converted(ports, SCOPE, lead.id, "ada", "d1").stage == "converted"
    with pytest.raises(Conflict, match="a deal was made"):
        qualify.decide(ports, SCOPE, lead.id, "ada", no)
    with pytest.raises(Conflict, match="has a deal already"):
        qualify.converted(ports, SCOPE, lead.id, "ada", "d2")
    with pytest.raises(Missing):
        qualify.decide(ports, SCOPE, "none", "ada", no)
    assert [fact.what for fact in ports.journal.read(SCOPE, "leads")] == ["reject", "converted"]


def test_how_people_were_found_is_what_their_own_source_says(ports: Ports) -> None:
    body = {"website": "halm.example", "people": [{"email": "ada@halm.example"}], "source": "export of HubSpot"}
    lead = qualify.add(ports, SCOPE, "me", LeadRequest.model_validate(body))
    read = lead.people[0].model_copy(update={"email": "bo@halm.example", "source": "https://www.halm.example/contact"})
    rows = (people_csv(lead.model_copy(update={"people": [*lead.people, read]})) or b"").decode().splitlines()
    assert rows[1].endswith("export of HubSpot")
    assert rows[2].endswith("read on the company's site")


def test_people_are_encrypted_at_rest_and_listed_by_what_is_not(ports: Ports) -> None:
    body = {"website": "halm.example", "people": [{"name": "Ada Halm", "email": "ada@halm.example"}]}
    lead = qualify.add(ports, SCOPE, "me", LeadRequest.model_validate(body))
    assert ports.encryption is not None
    assert b"ada@halm" not in b"".join(each.read_bytes() for each in _files())
    assert qualify.get(ports, SCOPE, lead.id).people[0].name == "Ada Halm"
    assert not qualify.listing(ports, SCOPE, [Filter("stage", "eq", "rejected")])[0]
    assert ports.documents.get(SCOPE, Kind.LEAD, lead.id)


def _files() -> list[Path]:
    return [each for each in Path(os.environ["BATON_HOME"]).rglob("*.db*") if each.is_file()]
