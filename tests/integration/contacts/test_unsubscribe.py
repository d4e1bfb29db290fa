"""Unsubscribing: at once, once, and whatever else is gone or dies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.agents.contacts import find_by_address, get_contact, history, unsubscribe
from shared.domain.address import effect_key, person_of
from shared.domain.contact import contact_id
from shared.domain.engagement import Engagement
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Document, Ports
from tests.integration.contacts.home import SCOPE, bring_in, home, watched

FILE = b"email,consent,consent_source\nann@x.example,yes,fair\n"


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    with home(tmp_path) as opened:
        yield opened


def link(ports: Ports, campaign: str = "c1", scope: Scope = SCOPE) -> Link:
    return Link("u", scope, campaign, 3, person_of("ann@x.example", ports.keys.address))


def state(ports: Ports) -> tuple[list[Document], list[Any]]:
    """Everything that an unsubscription can have written."""
    documents = [*ports.documents.changes(SCOPE, None)[0], *ports.documents.changes(SCOPE.agency, None)[0]]
    return documents, list(ports.journal.read(SCOPE, f"contact/{contact_id(link(ports).person)}"))


def test_an_unsubscription_is_suppressed_recorded_and_withdrawn(ports: Ports) -> None:
    bring_in(ports, FILE)
    asked = link(ports)
    unsubscribe(ports, asked)
    suppression = ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, asked.person)
    assert suppression is not None
    assert {key: suppression.body[key] for key in ("person", "channel", "reason", "campaign")} == {
        "person": asked.person,
        "channel": "all",
        "reason": "unsubscribed",
        "campaign": "c1",
    }
    contact = find_by_address(ports, SCOPE, "ann@x.example")
    assert contact is not None
    assert (contact.consent["email"].status, contact.consent["email"].source) == ("withdrawn", "unsubscribe link")
    key = effect_key(SCOPE, "c1", "1", "email", asked.person)
    engagement = ports.documents.get(SCOPE, Kind.ENGAGEMENT, f"c1-{key}-unsubscribe")
    assert engagement is not None
    assert Engagement.model_validate(engagement.body).human == 1
    (fact,) = state(ports)[1]
    (proof,) = [each for each in history(ports, SCOPE, contact.id) if each.method == "link"]
    told = {"campaign": "c1", "person": asked.person, "evidence": proof.id, "digest": fact.data["digest"]}
    assert (fact.what, dict(fact.data)) == ("unsubscribed", told)
    assert (proof.status, proof.channel, proof.verified) == ("withdrawn", "all", True)


def test_rule_u4_asking_again_changes_nothing_and_another_campaign_is_recorded_too(ports: Ports) -> None:
    bring_in(ports, FILE)
    unsubscribe(ports, link(ports))
    before = state(ports)
    unsubscribe(ports, link(ports), simulated=True)
    assert state(ports) == before
    unsubscribe(ports, link(ports, "c2"))
    assert [fact.data["campaign"] for fact in state(ports)[1]] == ["c1", "c2"]
    suppression = ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, link(ports).person)
    assert suppression is not None
    assert suppression.body["campaign"] == "c1"


def test_rule_u7_it_works_when_contact_and_campaign_are_gone_and_outlives_the_next_import(ports: Ports) -> None:
    unsubscribe(ports, link(ports))
    bring_in(ports, FILE)
    id = contact_id(link(ports).person)
    assert get_contact(ports, SCOPE, id).suppressed
    assert len(state(ports)[1]) == 1


def test_a_kill_between_any_two_steps_is_made_up_for_by_asking_again(tmp_path: Path) -> None:
    def kinds(ports: Ports) -> list[str]:
        documents, facts = state(ports)
        return [*sorted(document.kind for document in documents), *(fact.what for fact in facts)]

    with home(tmp_path / "whole") as ports:
        steps: list[str] = []
        unsubscribe(watched(ports, lambda method, _: steps.append(method)), link(ports))
        whole = kinds(ports)
    assert len(steps) >= 5
    for step in range(len(steps)):
        with home(tmp_path / str(step)) as ports:
            with pytest.raises(_Killed):
                unsubscribe(watched(ports, _killer(step)), link(ports))
            unsubscribe(ports, link(ports))
            assert kinds(ports) == whole


def test_a_contact_that_changes_meanwhile_is_withdrawn_all_the_same(ports: Ports) -> None:
    bring_in(ports, FILE)
    changes = [b"email,city\nann@x.example,Ulm\n"]

    def overtake(method: str, given: tuple[Any, ...]) -> None:
        if method == "put" and given[1] == Kind.CONTACT and changes:
            bring_in(ports, changes.pop())

    unsubscribe(watched(ports, overtake), link(ports))
    contact = find_by_address(ports, SCOPE, "ann@x.example")
    assert contact is not None
    assert (contact.city, contact.consent["email"].status) == ("Ulm", "withdrawn")


class _Killed(BaseException):
    """Stands for the end of the process."""


def _killer(step: int) -> Any:
    steps = iter(range(step + 1))

    def before(method: str, given: tuple[Any, ...]) -> None:
        if next(steps) == step:
            raise _Killed

    return before


def test_rule_u8_it_needs_no_model_no_mail_server_no_ledger_and_no_file(ports: Ports) -> None:
    bring_in(ports, FILE)
    gone: Any = None
    unsubscribe(replace(ports, ledger=gone, files=gone, models=gone, channels={}), link(ports))
    assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, link(ports).person)


def test_rule_u5_the_suppression_is_there_before_anything_else_can_fail(ports: Ports) -> None:
    bring_in(ports, FILE)
    gone: Any = None
    with pytest.raises(AttributeError):
        unsubscribe(replace(ports, journal=gone), link(ports))
    assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, link(ports).person)
