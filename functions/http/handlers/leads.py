"""Leads over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import qualify
from shared.domain.lead import Country, DecisionRequest, Lead, LeadRequest, Stage
from shared.domain.segment import Filter


class LeadsQuery(Paging):
    """Leads in a stage, of a country, of a list, or with at least so many points."""

    stage: Stage | None = None
    country: Country | None = None
    list: Annotated[str | None, Field(max_length=40)] = None
    least: Annotated[float | None, Field(ge=0, le=100)] = None

    def filters(self) -> list[Filter]:  # type: ignore[valid-type]  # a field is called list, too
        """What was given, as conditions on the documents."""
        given = {
            "stage": Filter("stage", "eq", self.stage),
            "country": Filter("country", "eq", self.country),
            "list": Filter("lists", "has", self.list),
            "least": Filter("score.value", "ge", self.least),
        }
        return [each for name, each in given.items() if getattr(self, name) is not None]


def listing(call: Call, query: LeadsQuery) -> Answer[Listing[Lead]]:
    """Leads, the best score first."""
    items, cursor = qualify.listing(call.ports, call.scope, query.filters(), query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def create(call: Call, body: LeadRequest) -> Answer[Lead]:
    """Add a company; one that is known already keeps what it has, and gaps are filled."""
    made = qualify.add(call.ports, call.scope, call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/leads/{made.id}"})


def show(call: Call) -> Answer[Lead]:
    """One lead: every fact with its source, people, the score with its factors."""
    return Answer(qualify.get(call.ports, call.scope, call.path["id"]))


def decide(call: Call, body: DecisionRequest) -> Answer[Lead]:
    """A person takes it (qualify) or leaves it (reject), with the reason."""
    return Answer(qualify.decide(call.ports, call.scope, call.path["id"], call.principal, body))
