"""A list of companies from the paste to the scored leads, against real sites and a real name server on the loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from shared.adapters.dns.resolver import DnsResolver
from shared.adapters.sources.sites import HttpSites
from shared.agents import budget, contacts, qualify
from shared.agents.contacts.suppression import suppress
from shared.agents.qualify import batches, books, claims, lists, lookups, people, weighing
from shared.domain.address import person_of
from shared.domain.budget import Budget
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.lead import DecisionRequest, Lead, LeadRequest, LeadScore, lead_id
from shared.domain.lead_criteria import Criteria, CriteriaRequest
from shared.domain.lead_list import LeadList, LeadSearch
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.site import Visit
from shared.ports import Item, Ports, Reading
from shared.ports.sources import Asked, Unreadable
from tests.servers.dns_server import DnsServer, dns_server
from tests.servers.provider import Reply
from tests.servers.web import POOR, Web

from .conftest import SCOPE

OTHER = Scope("local", "other")


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture(scope="module")
def names() -> Iterator[DnsServer]:
    with dns_server() as server:
        yield server


@pytest.fixture
def home(ports: Ports, web: Web, names: DnsServer) -> Ports:
    """The ports with sites and names that lie on the loopback; the clock is virtual, so nobody waits."""
    sites = HttpSites(ports.clock, web.allowed, resolve=web.resolve)
    return replace(ports, sites=sites, resolver=DnsResolver(names.place))


def carried(ports: Ports, made: LeadList, scope: Scope = SCOPE) -> LeadList:
    """Every step, as the flow does."""
    order = {"scope": list(scope), "list": made.id}
    for _ in range(1000):
        outcome = lists.run(ports, order)
        assert isinstance(outcome, Done)
        if not outcome.data["left"]:
            break
    return lists.get(ports, scope, made.id)


def pasted(ports: Ports, text: str, scope: Scope = SCOPE) -> LeadList:
    return carried(ports, lists.take(ports, scope, "me", text.encode(), "pasted", "a pasted list"), scope)


def of(ports: Ports, made: LeadList, scope: Scope = SCOPE) -> dict[str, Lead]:
    found = qualify.listing(ports, scope, [Filter("lists", "has", made.id)], 100)[0]
    return {each.name: each for each in found}


def test_a_pasted_list_becomes_scored_leads_each_with_its_reason(home: Ports, web: Web, names: DnsServer) -> None:
    good, poor = web.good(), web.site("kern.example", home=POOR)
    shut = web.site("shut.example", home=POOR, robots="User-agent: *\nDisallow: /")
    made = pasted(home, f"{good}\n{poor}\n{good}/again\n{shut}\nhttp://gone.example:1\n=cmd|' /C calc'!A0\n")
    assert (made.status, made.received, made.scored, made.unreached) == ("completed", 5, 4, 2)
    assert made.problems[0] == 'line 6: "=cmd|\'" is no web site'
    found = of(home, made)
    assert next(iter(found)) == f"kern.example:{web.port}"
    halm = found["Halm Dental"]
    assert (halm.city, halm.country, halm.people[0].name) == ("Leeds", "GB", "Ada Halm")
    assert all(each.score and each.score.reason.endswith(".") for each in found.values())
    scores = {name: each.score.value for name, each in found.items() if each.score}
    assert scores["Halm Dental"] < scores[f"kern.example:{web.port}"]
    assert "robots" in next(each.score.reason for each in found.values() if each.score and "shut" in each.name)
    for lead in found.values():
        assert qualify.recomputed(home, SCOPE, lead) == lead.score


def test_mail_is_asked_of_dns_and_what_nobody_answers_is_not_known(home: Ports, names: DnsServer) -> None:
    from shared.agents.qualify.enrich import mail_of

    names.zone["halm.example", "MX"] = ["10 mx.halm.example."]
    names.txt("halm.example", "v=spf1 -all")
    names.txt("_dmarc.halm.example", "v=DMARC1; p=reject")
    names.txt("kern.example", "something else")
    names.zone["silent.example", "MX"] = "SERVFAIL"
    halm, kern, silent, none = (
        mail_of(home, host) for host in ("halm.example", "kern.example", "silent.example", "127.0.0.1")
    )
    assert (halm.mx, halm.spf, halm.dmarc) == (True, True, "reject")
    assert (kern.mx, kern.spf, kern.dmarc) == (False, False, "absent")
    assert (silent.mx, silent.dmarc) == (None, None)
    assert "no answer" in silent.why
    assert "no name" in none.why


def test_a_step_that_is_done_again_changes_nothing(home: Ports, web: Web) -> None:
    made = lists.take(home, SCOPE, "me", web.good().encode(), "pasted", "a pasted list")
    stale = lists.get(home, SCOPE, made.id)
    carried(home, made)
    lists._noted(home, SCOPE, stale, batches.looked_at(home, SCOPE, stale))
    again = lists.get(home, SCOPE, made.id)
    assert (again.scored, again.done, len(of(home, made))) == (1, 1, 1)


def test_changing_a_weight_scores_anew_and_old_versions_stay(home: Ports, web: Web) -> None:
    made = pasted(home, web.site("kern.example", home=POOR))
    (before,) = of(home, made).values()
    assert [each.name for each in before.people] == ["Jo Kern"]
    only = {
        "id": "phones",
        "title": "Telephones",
        "weight": 7,
        "when": {"fact": "mobile", "rule": "no"},
        "says": "no phones",
    }
    assert qualify.put_criteria(home, SCOPE, "me", CriteriaRequest.model_validate({"criteria": [only]})).version == 2
    assert qualify.recomputed(home, SCOPE, before) == before.score
    asked = len(web.asked)
    assert carried(home, lists.rescore(home, SCOPE, "me")).status == "completed"
    (after,) = of(home, made).values()
    assert after.score is not None
    assert (after.score.value, after.score.criteria, after.score.reason) == (100, 2, "No phones.")
    assert qualify.recomputed(home, SCOPE, after) == after.score
    assert after.people == before.people
    assert len(web.asked) == asked


def test_what_is_added_later_is_weighed_at_once(home: Ports, web: Web) -> None:
    (lead,) = of(home, pasted(home, web.site("kern.example", home=POOR))).values()
    more = qualify.add(home, SCOPE, "me", LeadRequest(website=lead.website, city="Ulm", source="a card"))
    assert qualify.recomputed(home, SCOPE, more) == more.score


def test_a_company_of_another_workspace_is_taken_and_whose_it_is_is_not_told(home: Ports, web: Web) -> None:
    site = web.good()
    (ours,) = of(home, pasted(home, site)).values()
    yes = DecisionRequest(decision="qualify", reason="they asked")
    qualify.decide(home, SCOPE, ours.id, "me", yes)
    asked = len(web.asked)
    made = pasted(home, site, OTHER)
    (theirs,) = of(home, made, OTHER).values()
    assert (theirs.taken, made.taken, len(web.asked)) == (True, 1, asked)
    assert theirs.score is not None
    assert theirs.score.reason.startswith("Taken")
    assert "main" not in theirs.model_dump_json().replace('"domain', "")
    with pytest.raises(Conflict, match="it is taken"):
        qualify.decide(home, OTHER, theirs.id, "you", yes)
    qualify.decide(home, SCOPE, ours.id, "me", DecisionRequest(decision="reject", reason="no"))
    assert qualify.decide(home, OTHER, theirs.id, "you", yes).stage == "qualified"
    with pytest.raises(Conflict, match="another workspace has it"):
        claims.forbid(home, SCOPE, "owner", theirs.id, "mine")
    claims.forbid(home, OTHER, "owner", theirs.id, "a friend")
    assert claims.taken(home, OTHER, [theirs.id]) == {theirs.id}
    claims.allow(home, SCOPE, "owner", theirs.id)
    with pytest.raises(Missing):
        claims.allow(home, SCOPE, "owner", theirs.id)
    assert [fact.what for fact in home.journal.read(SCOPE.agency, "leads")] == ["lead_forbidden", "lead_allowed"]
    claims.forbid(home, SCOPE, "owner", lead_id("forbidden.example"), "a friend")
    assert claims.taken(home, OTHER, [lead_id("forbidden.example"), "x"]) == {lead_id("forbidden.example")}


def test_rule_g10_who_must_not_be_written_to_is_not_kept(home: Ports, web: Web) -> None:
    suppress(home, SCOPE, person_of("ada@halm.example", home.keys.address), "opt_out")
    (lead,) = of(home, pasted(home, web.good())).values()
    assert [each.email for each in lead.people] == ["info@halm.example"]
    assert lead.people[0].due > lead.people[0].at


def test_a_table_keeps_its_own_columns_as_facts_that_can_be_weighed(home: Ports) -> None:
    rows = "Company;Country;Contact;E-Mail;Revenue\nHalm;GB;Ada;ada@halm.example;90\nKern;Neverland;;no address;x\n"
    made = pasted(home, rows)
    found = of(home, made)
    revenue = found["Halm"].fact("given.revenue")
    assert revenue is not None
    assert (revenue.value, revenue.source, found["Halm"].people[0].email) == (
        "90",
        "a pasted list, row 2",
        "ada@halm.example",
    )
    assert made.scored == len(found) == 2 - len(made.problems)
    assert made.unreached == made.scored


class Paid:
    """A directory that costs five euros a question."""

    costs = 5_000_000

    def __init__(self) -> None:
        self.asked = 0

    def read(self, asked: Asked) -> Reading:
        self.asked += 1
        if asked.terms == "broken":
            raise Unreadable("the directory answered 500")
        return Reading([Item("Halm", "place 1", "", {"name": "Halm", "country": "GB"})], "ODbL", "looked up")


def test_paid_look_ups_stop_at_the_budget(home: Ports) -> None:
    paid = Paid()
    home = replace(home, sources={"directory": paid})
    budget.put(
        home, SCOPE, "me", "workspace", Budget.model_validate({"money": {"micros": 8_000_000, "currency": "EUR"}})
    )
    wanted = LeadSearch(terms="dentist", city="Leeds", country="GB")
    first = carried(home, lists.search(home, SCOPE, "me", wanted))
    assert (first.status, first.scored, first.licence) == ("completed", 1, "ODbL")
    second = carried(home, lists.search(home, SCOPE, "me", wanted))
    assert (second.status, paid.asked) == ("failed", 1)
    assert "budget" in str(second.status_reason) or "workspace" in str(second.status_reason)


def test_a_directory_is_asked_once_whoever_is_killed_before_its_answer_is_used(home: Ports) -> None:
    paid, limit = Paid(), {"money": {"micros": 8_000_000, "currency": "EUR"}}
    home = replace(home, sources={"directory": paid})
    budget.put(home, SCOPE, "me", "workspace", Budget.model_validate(limit))
    made = lists.search(home, SCOPE, "me", LeadSearch(terms="dentist", city="Leeds", country="GB"))
    assert made.search
    first = lookups.looked_up(home, SCOPE, made.id, made.search)
    assert lookups.looked_up(home, SCOPE, made.id, made.search) == first
    assert (carried(home, made).scored, paid.asked) == (1, 1)
    spent = budget.left(home, SCOPE, ["workspace"])["workspace"].used
    assert 5_000_000 in spent.values()
    broken = carried(home, lists.search(home, SCOPE, "me", LeadSearch(terms="broken", country="GB")))
    assert (broken.status, paid.asked) == ("failed", 1)


def test_a_lead_that_cannot_be_weighed_says_why_and_stops_nobody(
    home: Ports, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = weighing.score

    def fragile(lead: Lead, by: Criteria, at: datetime) -> LeadScore:
        if "kern" in (lead.website or ""):
            raise ZeroDivisionError
        return real(lead, by, at)

    monkeypatch.setattr(weighing, "score", fragile)
    made = pasted(home, f"{web.good()}\n{web.site('kern.example', home=POOR)}")
    assert (made.status, made.scored, made.unweighed) == ("completed", 2, 1)
    found = of(home, made)
    sick = found.pop(f"kern.example:{web.port}")
    assert (sick.score, sick.trouble) == (None, "it could not be weighed (ZeroDivisionError)")
    assert made.problems == [f"{sick.name}: {sick.trouble}"]
    assert all(each.score for each in found.values())
    monkeypatch.undo()
    anew = carried(home, lists.rescore(home, SCOPE, "me"))
    assert (anew.unweighed, anew.scored) == (0, 2)
    now = qualify.get(home, SCOPE, sick.id)
    assert (now.trouble, qualify.recomputed(home, SCOPE, now)) == ("", now.score)


def test_rows_that_are_one_company_become_one_lead_in_one_list(home: Ports) -> None:
    rows = (
        "Company;Country;Website;City;Revenue\nHalm GmbH;DE;;Ulm;90\nHalm;DE;halm.example;;\n"
        "Kern;DE;kern.example;;1\nKern;DE;www.kern.example;Bonn;\n"
    )
    home = replace(home, sites=None)
    made = pasted(home, rows)
    found = of(home, made)
    assert {each.id: each.city for each in found.values()} == {
        lead_id("halm.example"): "Ulm",
        lead_id("kern.example"): "Bonn",
    }
    again = of(home, pasted(home, rows))
    assert again.keys() == found.keys()
    for lead in again.values():
        assert len(lead.lists) == 2
        assert qualify.recomputed(home, SCOPE, lead) == lead.score


def test_a_directory_that_fails_or_is_not_named_is_told(home: Ports) -> None:
    with pytest.raises(Rejected, match="BATON_DIRECTORY_URL"):
        lists.search(home, SCOPE, "me", LeadSearch(terms="dentist", city="Leeds"))
    free = Paid()
    free.costs = 0  # type: ignore[misc]
    home = replace(home, sources={"directory": free})
    made = carried(home, lists.search(home, SCOPE, "me", LeadSearch(terms="broken", city="Leeds")))
    assert (made.status, made.status_reason) == ("failed", "the directory answered 500")


class Meanwhile:
    """Sites during whose visit something else happens."""

    def __init__(self, sites: HttpSites, happens: Callable[[], object]) -> None:
        self.sites, self.happens, self.fetch = sites, happens, sites.fetch

    def visit(self, websites: Sequence[str]) -> list[Visit]:
        seen = self.sites.visit(websites)
        self.happens()
        return seen


def test_who_is_erased_during_a_visit_stays_erased_and_who_is_added_stays(home: Ports, web: Web) -> None:
    site = web.good()
    known = LeadRequest.model_validate({"website": site, "people": [{"name": "Old", "email": "old@halm.example"}]})
    lead = qualify.add(home, SCOPE, "me", known)

    def meanwhile() -> None:
        books.LEADS.change(home, SCOPE, lead.id, lambda found: setattr(found, "people", []))
        suppress(home, SCOPE, person_of("ada@halm.example", home.keys.address), "opt_out")
        new = {"website": site, "people": [{"name": "New", "email": "new@halm.example"}]}
        qualify.add(home, SCOPE, "me", LeadRequest.model_validate(new))

    assert isinstance(home.sites, HttpSites)
    pasted(replace(home, sites=Meanwhile(home.sites, meanwhile)), site)
    now = qualify.get(home, SCOPE, lead.id)
    assert qualify.recomputed(home, SCOPE, now) == now.score
    found = [each.email for each in now.people]
    assert found == ["new@halm.example", "info@halm.example"]


@pytest.mark.parametrize("wrong", [b"", b"\n \n", b"a,b\n1,2\n", b"\xff\xfe\x00", b"=1\n=2\n"])
def test_a_list_that_names_nobody_is_refused_with_the_reason(home: Ports, wrong: bytes) -> None:
    with pytest.raises(Rejected, match="body: "):
        lists.take(home, SCOPE, "me", wrong, "x", "x")
    assert not lists.listing(home, SCOPE, 10, None)[0]


def test_a_model_is_fitted_to_closed_deals_only_where_there_are_enough(home: Ports) -> None:
    assert qualify.fit(home, SCOPE, "me").says.startswith("0 closed deals; below 200")
    body: dict[str, Any] = {"stage": "won", "lead": "", "changed_at": "x"}
    home.documents.put(SCOPE, Kind.DEAL, "d", body)
    assert qualify.criteria(home, SCOPE).version == 1


def test_a_site_that_moved_is_told_and_not_followed(home: Ports, web: Web) -> None:
    away = Reply(301, b"", {"Location": "https://elsewhere.example/"})
    (lead,) = of(home, pasted(home, web.site("away.example", home=away))).values()
    moved = lead.fact("moved_to")
    assert moved is not None
    assert moved.value == "https://elsewhere.example/"


def test_rule_g10_people_of_a_lead_come_into_the_address_book_with_where_they_were_found(home: Ports, web: Web) -> None:
    site = web.good()
    (lead,) = of(home, pasted(home, site)).values()
    with pytest.raises(Conflict, match="qualify it first"):
        people.to_contacts(home, SCOPE, lead.id, "me")
    qualify.decide(home, SCOPE, lead.id, "me", DecisionRequest(decision="qualify", reason="they asked"))
    made = people.to_contacts(home, SCOPE, lead.id, "me")
    for step in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        assert isinstance(contacts.run(home, {"scope": list(SCOPE), "import": made.id, "attempt": 1, **step}), Done)
    found = home.documents.find(SCOPE, Kind.CONTACT).documents
    assert {each.body["email"] for each in found} == {"ada@halm.example", "info@halm.example"}
    ada = next(each.body for each in found if each.body["email"].startswith("ada"))
    assert ada["found"][0]["source"] == f"{site}/"
    assert ada["found"][0]["told_at"] is None
    claims.forbid(home, SCOPE, "me", lead.id, "they asked us to stop")
    with pytest.raises(Conflict, match="nobody may write to it"):
        people.to_contacts(home, SCOPE, lead.id, "me")
