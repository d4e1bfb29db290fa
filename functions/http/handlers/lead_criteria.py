"""By what leads are scored: read, edited as a new version, and who would change place before it holds."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import discovery_flow
from functions.http.handlers.html import html, see
from functions.http.handlers.leads import Compared
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import qualify
from shared.agents.qualify import lists, ranking
from shared.domain.faults import FieldError, Rejected
from shared.domain.lead_criteria import CriteriaRequest
from shared.domain.lead_ranking import Ranking
from shared.process.source import read
from shared.web.yaml_text import yaml_text

_OWN = set(CriteriaRequest.model_fields)


def preview(call: Call, body: CriteriaRequest) -> Answer[Ranking]:
    """Which leads would change place if these criteria held; nothing is kept."""
    return Answer(ranking.preview(call.ports, call.scope, body))


def comparison(call: Call) -> Answer[Compared]:
    """Compare a model with the score on closed deals; nothing is kept."""
    found = qualify.compare(call.ports, call.scope)
    return Answer(Compared(says=found.says, used=qualify.criteria(call.ports, call.scope).fit is not None))


def page(call: Call) -> Answer[str]:
    """The newest criteria, their text, and whether closed deals say more."""
    found = qualify.criteria(call.ports, call.scope)
    text = yaml_text(found.model_dump(mode="json", include=_OWN, exclude_defaults=True))
    return _shown(call, text, None)


def look(call: Call) -> Answer[str]:
    """Who would change place; the text stays as it is written."""
    text = call.form.get("criteria", "")
    return _shown(call, text, ranking.preview(call.ports, call.scope, _wanted(text)))


def save(call: Call) -> Answer[str]:
    """Keep the text as the newest version, and score every lead by it."""
    qualify.put_criteria(call.ports, call.scope, call.principal, _wanted(call.form.get("criteria", "")))
    made = lists.rescore(call.ports, call.scope, call.principal)
    return see("/leads", start=[discovery_flow(call.scope, made)])


def fit(call: Call) -> Answer[str]:
    """Compare, and use the model only where it is better."""
    qualify.fit(call.ports, call.scope, call.principal)
    return see("/leads/criteria")


def _shown(call: Call, text: str, changes: Ranking | None) -> Answer[str]:
    found, told = qualify.criteria(call.ports, call.scope), qualify.compare(call.ports, call.scope)
    return html(call, "lead_criteria", here="leads", criteria=found, text=text, changes=changes, says=told.says)


def _wanted(text: str) -> CriteriaRequest:
    """Raises Rejected, with the line of what cannot be read, or the wrong fields."""
    source = read(text.encode(), text.lstrip()[:1] == "{")
    if source.wrong:
        wrong = source.wrong[:20]
        raise Rejected(*(FieldError(f"line {source.place(each).line}", each.message) for each in wrong))
    try:
        return CriteriaRequest.model_validate(source.value)
    except ValidationError as error:
        raise rejected(error, "criteria") from None
