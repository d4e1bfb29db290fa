"""A model over deals that were really closed, and criteria whose effect is seen before they hold."""

from __future__ import annotations

import random

from shared.agents import deals, qualify
from shared.agents.qualify import ranking, weighing
from shared.domain.deal import DealRequest
from shared.domain.lead import Lead, LeadFact
from shared.domain.lead_criteria import CriteriaRequest
from shared.domain.names import Kind
from shared.ports import Ports, Write

from .conftest import SCOPE, START

MANY = 201
WANTED = CriteriaRequest.model_validate(
    {
        "criteria": [
            {"id": id, "title": id, "weight": weight, "says": id, "when": {"fact": f"given.{id}", **between}}
            for id, weight, between in (
                ("size", 1, {"rule": "between", "low": 0, "high": 1000}),
                ("noise", 9, {"rule": "between", "low": 0, "high": 1000}),
            )
        ]
    }
)


def leads(ports: Ports, chances: random.Random, count: int) -> list[Lead]:
    """Leads of which `size` tells whether they buy, and the weights look mostly at something else."""
    by, made = qualify.put_criteria(ports, SCOPE, "me", WANTED), list[Lead]()
    for n in range(count):
        facts = [
            LeadFact(name=f"given.{name}", value=str(chances.randrange(1000)), source="x", at=START)
            for name in ("size", "noise")
        ]
        told = {"id": f"{n:032x}", "name": f"C{n:03}", "created_at": START, "created_by": "me", "changed_at": START}
        made.append(weighing.scored(Lead.model_validate({**told, "facts": facts}), by, START))
    for at in range(0, count, 100):
        part = [Write(each.id, each.model_dump(mode="json")) for each in made[at : at + 100]]
        ports.documents.batch(SCOPE, Kind.LEAD, part)
    return made


def test_a_model_is_fitted_to_two_hundred_closed_deals_and_used_because_it_is_better(ports: Ports) -> None:
    chances = random.Random(26)
    made = leads(ports, chances, MANY)
    for n, lead in enumerate(made):
        if n == 199:
            assert qualify.compare(ports, SCOPE).says.startswith("199 closed deals; below 200 the score alone is used")
        size = lead.fact("given.size")
        assert size
        won = chances.random() * 1000 < float(str(size.value))
        stage = {"stage": "won"} if won else {"stage": "lost", "why": "too dear"}
        request = DealRequest.model_validate({"name": lead.name, "lead": lead.id, **stage})
        deals.create(ports, SCOPE, "me", request, id=f"d{n:04}")
    seen = qualify.compare(ports, SCOPE)
    assert qualify.criteria(ports, SCOPE).fit is None
    found = qualify.fit(ports, SCOPE, "me")
    assert found == seen
    assert found.fit
    assert found.fit.deals == MANY
    assert found.fit.auc > 0.75 > found.fit.auc_of_score
    assert qualify.criteria(ports, SCOPE).version == 3
    again = weighing.scored(made[1], qualify.criteria(ports, SCOPE), START)
    assert again.score
    assert again.score.chance is not None
    assert qualify.recomputed(ports, SCOPE, again) == again.score


def test_who_changes_place_is_seen_before_the_criteria_hold(ports: Ports) -> None:
    leads(ports, random.Random(5), 120)
    same = ranking.preview(ports, SCOPE, WANTED)
    assert (same.leads, same.moved, same.items, same.whole) == (120, 0, [], True)
    turned = WANTED.model_copy(deep=True)
    turned.criteria[0].weight, turned.criteria[1].weight = 9, 1
    found = ranking.preview(ports, SCOPE, turned)
    assert found.moved > 60
    assert all(min(each.before, each.after) <= 20 for each in found.items)
    assert [each.after for each in found.items] == sorted(each.after for each in found.items)
    assert qualify.criteria(ports, SCOPE).version == 2
    first = qualify.listing(ports, SCOPE, limit=1)[0][0]
    best = min(found.items, key=lambda each: each.before)
    assert (best.name, best.before) == (first.name, 1)
