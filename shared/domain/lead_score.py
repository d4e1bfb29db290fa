"""From a lead and the criteria to a score that can be recomputed by hand: Σ weight × factor, each with its fact; what
is missing is shown, never assumed (S1.16). Pure: the same lead and the same version give the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import exp

from shared.domain.lead import Budget, Channel, Factor, Lead, LeadFact, LeadScore, Value
from shared.domain.lead_criteria import OF_THE_LEAD, Criteria, Criterion, Fit

TELLING = 0.5
"""From this factor on a criterion is named in the reason."""
_NAMED = 3


def score(lead: Lead, criteria: Criteria, at: datetime) -> LeadScore:
    """The score as it is at `at`; nothing but the lead and the criteria goes into it."""
    factors = [_factor(lead, each) for each in criteria.criteria]
    whole = sum(each.weight for each in criteria.criteria)
    points, missing = sum(each.points for each in factors), sum(each.weight for each in factors if each.factor is None)
    services = _services(criteria, factors)
    return LeadScore(
        value=round(100 * points / whole, 1),
        missing=round(100 * missing / whole, 1),
        factors=factors,
        reason=reason(lead, criteria, factors),
        criteria=criteria.version,
        chance=chance(criteria.fit, factors) if criteria.fit else None,
        services=services,
        package=next((each.title for each in criteria.packages if services and each.service == services[0]), None),
        budget=_budget(lead, criteria),
        channel=_channel(lead),
        next_step=_next(lead),
        at=at,
    )


def reason(lead: Lead, criteria: Criteria, factors: Sequence[Factor]) -> str:
    """One sentence: what speaks for it, the weightiest first; else why there is nothing to say."""
    if lead.taken:
        return "Taken: somebody else of the agency has it, or nobody may write to it."
    says = {each.id: each.says for each in criteria.criteria}
    telling = [each for each in factors if each.factor is not None and each.factor >= TELLING and each.points]
    best = sorted(telling, key=lambda each: -each.points)[:_NAMED]
    if best:
        told = " and ".join(
            filter(None, [", ".join(says[each.criterion] for each in best[:-1]), says[best[-1].criterion]])
        )
        return f"{told[0].upper()}{told[1:]}."
    open_ = next((fact.why for fact in lead.facts if fact.name == "mobile" and fact.value is None), "")
    if open_:
        return f"Little is known: {open_}."
    known = any(each.factor is not None for each in factors)
    return "Nothing that counts speaks for it." if known else "Nothing that counts is known of it yet."


def chance(fit: Fit, factors: Sequence[Factor]) -> float:
    """What the model says of deals like this one, in thousandths."""
    given = {each.criterion: each.factor for each in factors}
    total = fit.intercept
    for id, weight in fit.weights.items():
        value = given.get(id)
        total += weight * (fit.means.get(id, 0.0) if value is None else value)
    return round(1 / (1 + exp(-max(-30.0, min(30.0, total)))), 3)


def _factor(lead: Lead, criterion: Criterion) -> Factor:
    fact = _fact(lead, criterion.when.fact)
    factor = criterion.when.factor(fact.value if fact else None)
    return Factor(
        criterion=criterion.id,
        title=criterion.title,
        weight=criterion.weight,
        factor=factor,
        points=round(criterion.weight * (factor or 0.0), 3),
        says=_said(criterion.when.fact, fact, factor),
    )


def _fact(lead: Lead, name: str) -> LeadFact | None:
    found = lead.fact(name)
    value = getattr(lead, name) if name in OF_THE_LEAD else None
    if value is not None and (found is None or found.value is None):
        return LeadFact(name=name, value=value, source="the lead itself", at=lead.created_at)
    return found


def _said(name: str, fact: LeadFact | None, factor: float | None) -> str:
    plain = name.removeprefix("given.").replace("_", " ")
    if fact is None:
        return f"{plain} is not known: it was not looked up"
    if fact.value is None:
        return f"{plain} is not known: {fact.why}"
    if factor is None:
        return f"{plain} is {shown(fact.value)}, which cannot be weighed so"
    return f"{plain} is {shown(fact.value)} ({fact.source})"


def shown(value: Value) -> str:
    """A value as it stands in a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)


def _services(criteria: Criteria, factors: Sequence[Factor]) -> list[str]:
    """What the agency could do for it, the weightiest need first."""
    of = {each.id: each.service for each in criteria.criteria}
    sums: dict[str, float] = {}
    for each in factors:
        service = of[each.criterion]
        if service and each.factor and each.factor >= TELLING:
            sums[service] = sums.get(service, 0.0) + each.points
    return sorted(sums, key=lambda service: (-sums[service], service))


def _budget(lead: Lead, criteria: Criteria) -> Budget:
    for each in criteria.budget:
        fact = _fact(lead, each.when.fact)
        if fact and each.when.factor(fact.value) == 1.0:
            basis = f"assumed, because {each.says} ({fact.source})"
            return Budget(low=each.low, high=each.high, currency=criteria.currency, basis=basis)
    return Budget(basis="not known: nothing says how large it is, or whether it sells on its site")


def _channel(lead: Lead) -> Channel:
    """How they let themselves be reached: what the site shows, in the order in which it says something of a person."""
    for one in lead.people:
        if one.name and one.email:
            return Channel(by="email", basis=f"the address of a person is shown at {one.source}")
    ways = (("email", "contact_email"), ("form", "contact_form"), ("phone", "contact_phone"))
    for by, name in ways:
        fact = lead.fact(name)
        if fact and fact.value is True:
            return Channel.model_validate({"by": by, "basis": f"{name.replace('_', ' ')} at {fact.source}"})
    if any(one.email for one in lead.people):
        return Channel(by="email", basis="an address came with the lead")
    return Channel(basis="not known: none was found")


def _next(lead: Lead) -> str:
    if lead.taken:
        return "Leave it: it is taken."
    reachable = lead.fact("reachable")
    if lead.website is None:
        return "Find its web site."
    if reachable is None:
        return "Have its site looked at."
    if reachable.value is not True:
        return "Look at its site by hand: it could not be looked at."
    if any(one.email for one in lead.people):
        return "Decide; then write, with the notice of where the address is from."
    return "Decide; then look for whom to write to."
