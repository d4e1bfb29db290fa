"""Every stored score computed again from stored facts and the version of the criteria that it names."""

from __future__ import annotations

from pydantic import ValidationError

from shared.agents.qualify.weighing import criteria
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.lead import Lead
from shared.domain.lead_check import Difference, Verified, differing
from shared.domain.lead_criteria import Criteria
from shared.domain.lead_score import score
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Document, Ports


def verify(ports: Ports, scope: Scope, limit: int = 100, cursor: str | None = None) -> Verified:
    """The next leads by id, merged ones included. Nothing is changed. Raises Rejected for a wrong cursor."""
    try:
        page = ports.documents.find(scope, Kind.LEAD, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    versions: dict[int, Criteria | None] = {}
    scored = [each for each in page.documents if each.body.get("score")]
    for version in {each.body["score"]["criteria"] for each in scored}:
        versions[version] = _version(ports, scope, version)
    found = [wrong for each in scored if (wrong := _difference(each, versions))]
    return Verified(leads=len(page.documents), scored=len(scored), differing=found, cursor=page.cursor)


def _version(ports: Ports, scope: Scope, version: int) -> Criteria | None:
    try:
        return criteria(ports, scope, version)
    except Missing:
        return None


def _difference(document: Document, versions: dict[int, Criteria | None]) -> Difference | None:
    told, by = document.body["score"], versions[document.body["score"]["criteria"]]
    wrong = Difference(id=document.id, name=document.body["name"], stored=told["value"], computed=None, fields=[])
    if by is None:
        return wrong.model_copy(update={"fields": [f"version {told['criteria']} of the criteria is gone"]})
    try:
        lead = Lead.model_validate(document.body)
        assert lead.score is not None
        again = score(lead, by, lead.score.at)
    except (ValidationError, ArithmeticError, LookupError, TypeError) as fault:
        return wrong.model_copy(update={"fields": [f"it cannot be weighed ({type(fault).__name__})"]})
    fields = differing(lead.score, again)
    return wrong.model_copy(update={"computed": again.value, "fields": fields}) if fields else None
