"""What a turn of a journey reads and writes: nothing of those who wait, and of those who go on many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.agents.contacts.records import contacts
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.domain.position import tally_id
from shared.ports import Documents, Ports, Write

from .conftest import SCOPE, START, Hand
from .test_journeys import Journeying

TAGGED = """
journey: welcome
title: Welcome
enter: {segment: {all: true}}
sender: {name: Praxis, address: hallo@praxis.example, postal_address: "1 Mill Road, Leeds"}
steps:
  - wait: 3 days
  - tag: waited
  - wait: 1 day
"""
People = Callable[..., list[Contact]]


class Watched:
    """Documents that count what is asked of them, and let a test act before a batch is written."""

    def __init__(self, documents: Documents) -> None:
        self._documents, self.asked = documents, Counter[tuple[str, str]]()
        self.before: Callable[[str, Sequence[Write]], None] = lambda kind, writes: None

    def __getattr__(self, name: str) -> Any:
        def call(scope: Any, kind: Any, *given: Any, **named: Any) -> Any:
            self.asked[name, str(kind)] += 1
            if name == "batch":
                self.before(kind, given[0])
            return getattr(self._documents, name)(scope, kind, *given, **named)

        return call


@pytest.fixture
def journeying(ports: Ports, hand: Hand, tmp_path: Path) -> Journeying:
    return Journeying(ports, hand, tmp_path / "home" / "outbox")


@pytest.fixture
def watched(journeying: Journeying) -> Watched:
    return Watched(journeying.ports.documents)


def turn(journeying: Journeying, watched: Watched) -> None:
    watched.asked.clear()
    journeying.turn(replace(journeying.ports, documents=watched))  # type: ignore[arg-type]


def test_a_turn_looks_only_where_somebody_is_due(journeying: Journeying, people: People, watched: Watched) -> None:
    people(30)
    journeying.begin(TAGGED)
    journeying.turn()
    journeying.hand.forward(hours=12)
    turn(journeying, watched)
    assert watched.asked["find", "position"] == watched.asked["batch", "position"] == 0
    journeying.hand.set(START + timedelta(days=3, minutes=1))
    turn(journeying, watched)
    assert watched.asked["find", "position"] > 0
    assert journeying.counts() == {"wait-1-day": 30}


def test_a_journey_that_an_earlier_version_led_goes_on(journeying: Journeying, people: People) -> None:
    people(3)
    journeying.begin(TAGGED)
    journeying.turn()
    tally = journeying.ports.documents.get(SCOPE, Kind.POSITION, tally_id("welcome"))
    assert tally is not None
    body = {name: value for name, value in tally.body.items() if name != "due"}
    journeying.ports.documents.put(SCOPE, Kind.POSITION, tally_id("welcome"), body, tally.rev)
    journeying.until(START + timedelta(days=3, minutes=1))
    assert journeying.counts() == {"wait-1-day": 3}


def test_a_tag_is_put_beside_what_somebody_else_wrote_just_then(
    journeying: Journeying, people: People, watched: Watched
) -> None:
    everybody = people(20)
    journeying.begin(TAGGED)
    journeying.turn()
    journeying.hand.set(START + timedelta(days=3, minutes=1))
    written: set[str] = set()

    def first_another(kind: str, writes: Sequence[Write]) -> None:
        """Each of those who are about to be tagged gets a tag of somebody else's."""
        for each in writes if kind == Kind.CONTACT else ():
            if each.id not in written:
                written.add(each.id)
                contacts.change(journeying.ports, SCOPE, each.id, lambda found: setattr(found, "tags", ["theirs"]))

    watched.before = first_another
    turn(journeying, watched)
    assert {each.id for each in everybody} == written
    tags = {tuple(contacts.load(journeying.ports, SCOPE, each.id).tags) for each in everybody}
    assert tags == {("theirs", "waited")}
