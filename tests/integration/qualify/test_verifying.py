"""Scores of stored leads can be computed again, all of them, whatever is known; one that was changed is named."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from shared.agents import qualify
from shared.agents.qualify import weighing
from shared.domain.footprint import FACTS
from shared.domain.lead import Lead, LeadFact, LeadPerson
from shared.domain.lead_check import Difference
from shared.domain.lead_criteria import CriteriaRequest
from shared.domain.names import Kind
from shared.ports import Ports, Write

from .conftest import SCOPE, START

MANY = 2_000


def generated(chances: random.Random, n: int) -> Lead:
    """One that may know anything, true or strange."""
    values = (True, False, None, "absent", "none", "Müller & Söhne", "", "1e3", "nan", [], ["Dentist"], 3, 2**40, -1.5)
    names = chances.sample([*FACTS, "given.revenue", "country"], chances.randrange(12))
    facts = [
        LeadFact(name=each, value=chances.choice(values), why="so", source=f"row {n}", at=START - timedelta(days=n % 7))
        for each in names
    ]
    people = [LeadPerson(name="Ada", email="ada@halm.example", source="x", at=START)] * chances.randrange(2)
    more = {"website": f"https://c{n}.example", "country": chances.choice([None, "GB"]), "taken": not n % 50}
    return Lead.model_validate(
        {
            "id": f"{n:032x}",
            "name": f"C{n}",
            "facts": facts,
            "people": people,
            **more,
            "created_at": START,
            "created_by": "me",
            "changed_at": START,
        }
    )


def verified(ports: Ports) -> tuple[int, list[Difference]]:
    cursor, scored, wrong = None, 0, list[Difference]()
    while True:
        page = qualify.verify(ports, SCOPE, 100, cursor)
        scored, wrong, cursor = scored + page.scored, wrong + page.differing, page.cursor
        if cursor is None:
            return scored, wrong


def stored(ports: Ports) -> Iterator[Lead]:
    """Two thousand, by two versions of the criteria."""
    chances, only = random.Random(11), {"id": "phones", "title": "T", "weight": 7, "says": "no phones"}
    old = qualify.criteria(ports, SCOPE)
    wanted = {"criteria": [{**only, "when": {"fact": "given.revenue", "rule": "between", "low": 1, "high": 3000}}]}
    new = qualify.put_criteria(ports, SCOPE, "me", CriteriaRequest.model_validate(wanted))
    for at in range(0, MANY, 100):
        leads = [weighing.scored(generated(chances, n), (old, new)[n % 2], START) for n in range(at, at + 100)]
        ports.documents.batch(SCOPE, Kind.LEAD, [Write(each.id, each.model_dump(mode="json")) for each in leads])
        yield from leads


def test_every_stored_score_follows_from_what_is_stored_and_one_that_does_not_is_named(ports: Ports) -> None:
    leads = list(stored(ports))
    assert not [each for each in leads if each.trouble]
    assert verified(ports) == (MANY, [])
    chosen = next(each for each in leads if each.score and each.score.value > 10)
    assert chosen.score
    rich = chosen.model_copy(update={"score": chosen.score.model_copy(update={"value": 99.9, "reason": "Bought."})})
    lost = leads[-1].model_copy(update={"score": chosen.score.model_copy(update={"criteria": 77})})
    for each in (rich, lost):
        ports.documents.put(SCOPE, Kind.LEAD, each.id, each.model_dump(mode="json"), "*")
    scored, wrong = verified(ports)
    assert scored == MANY
    assert [(each.id, each.stored, each.computed, each.fields) for each in wrong] == [
        (rich.id, 99.9, chosen.score.value, ["value", "reason"]),
        (lost.id, chosen.score.value, None, ["version 77 of the criteria is gone"]),
    ]
