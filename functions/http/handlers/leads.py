"""Leads over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import qualify
from shared.agents.qualify import claims
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.lead import Country, DecisionRequest, Lead, LeadRequest, Stage, lead_id
from shared.domain.lead_check import Verified
from shared.domain.lead_criteria import Criteria, CriteriaRequest
from shared.domain.lead_list import TakenRequest
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


class CriteriaQuery(BaseModel):
    """The newest version if none is named."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int | None, Field(ge=1, le=999_999)] = None


class Compared(BaseModel):
    """What came of comparing a model with the score on closed deals."""

    says: str
    used: bool


class Forbidden(BaseModel):
    """A company that nobody of the agency may approach."""

    website: str
    taken: bool


def criteria(call: Call, query: CriteriaQuery) -> Answer[Criteria]:
    """By what leads are scored: every criterion with its weight; versions never change."""
    return Answer(qualify.criteria(call.ports, call.scope, query.version))


def put_criteria(call: Call, body: CriteriaRequest) -> Answer[Criteria]:
    """A new version of the criteria; leads keep their scores until they are scored anew (`rescore`)."""
    return Answer(qualify.put_criteria(call.ports, call.scope, call.principal, body))


def verification(call: Call, query: Paging) -> Answer[Verified]:
    """Compute stored scores again, page by page, and name those that differ; nothing is changed."""
    return Answer(qualify.verify(call.ports, call.scope, query.limit, query.cursor))


def model(call: Call) -> Answer[Compared]:
    """Compare a model with the score on closed deals, and use it only where it is better on those held out."""
    found = qualify.fit(call.ports, call.scope, call.principal)
    return Answer(Compared(says=found.says, used=found.fit is not None))


def forbid(call: Call, body: TakenRequest) -> Answer[Forbidden]:
    """Nobody of the agency may approach this company; every workspace sees that it is taken, none sees why."""
    try:
        id = lead_id(body.website)
    except ValueError as wrong:
        raise Rejected(FieldError("website", str(wrong))) from None
    claims.forbid(call.ports, call.scope, call.principal, id, body.reason)
    return Answer(Forbidden(website=body.website, taken=True))


def allow(call: Call) -> Answer[Forbidden]:
    """It may be approached again; `id` is the host of its web site."""
    host = call.path["id"]
    try:
        claims.allow(call.ports, call.scope, call.principal, lead_id(host))
    except (ValueError, Missing):
        raise Missing("lead", host) from None
    return Answer(Forbidden(website=host, taken=False))
