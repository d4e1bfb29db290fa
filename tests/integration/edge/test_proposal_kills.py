"""Stopped at any moment around a mail: what left is called sent, what did not is not, and nobody's words are lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared import wiring
from shared.agents.distribute.alone import send_alone
from shared.agents.propose import mailing, sending
from shared.agents.propose.proposals import PROPOSALS
from shared.domain.faults import Conflict, FieldError
from shared.domain.names import Kind
from shared.domain.offer_examples import EXAMPLE
from shared.domain.proposal import Proposal

from .conftest import Edge
from .test_offer_terms import bring
from .test_pieces import HTML
from .test_proposals import SCOPE, deal, edited, filled, made, mails, sent

__all__ = ["deal"]
DEARER = EXAMPLE.replace("price: 450.00", "price: 500.00").replace("floor: 360.00", "floor: 460.00")


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


@pytest.fixture
def killed_after_a_mail(monkeypatch: pytest.MonkeyPatch) -> Any:
    def leave(*given: Any) -> Any:
        monkeypatch.setattr(mailing, "send_alone", send_alone)
        send_alone(*given)
        raise Killed

    return lambda: monkeypatch.setattr(mailing, "send_alone", leave)


def test_what_left_before_a_kill_is_called_sent_though_floors_have_risen(
    edge: Edge, deal: str, home: Path, killed_after_a_mail: Any
) -> None:
    id = made(edge, deal)["id"]
    asked = sending.question(wiring.ports(), SCOPE, sending.submit(wiring.ports(), SCOPE, id, "o"))
    assert asked
    killed_after_a_mail()
    with pytest.raises(Killed):
        sending.decide(wiring.ports(), SCOPE, id, "a", "approve", asked.digest, None)
    bring(edge, DEARER)
    sending.look_after(wiring.ports(), SCOPE)
    found = PROPOSALS.load(wiring.ports(), SCOPE, id)
    assert (found.status, found.held, len(mails(home))) == ("sent", "", 1)


def test_what_is_held_takes_no_newer_approval_with_it(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = made(edge, deal)
    sending.submit(ports := wiring.ports(), SCOPE, found["id"], "o")

    def refused(*given: Any) -> list[FieldError]:
        """While the first version is looked at, a second one is approved."""
        monkeypatch.setattr(mailing, "refusals", lambda *given: [])
        assert edited(edge, found, title="Another").status == 200

        def approve(each: Proposal) -> None:
            each.approved, each.tries = 2, each.tries + 1

        PROPOSALS.change(ports, SCOPE, found["id"], approve)
        return [FieldError("x", "is wrong")]

    monkeypatch.setattr(mailing, "refusals", refused)
    asked = sending.question(ports, SCOPE, PROPOSALS.load(ports, SCOPE, found["id"]))
    assert asked
    sending.decide(ports, SCOPE, found["id"], "a", "approve", asked.digest, None)
    assert PROPOSALS.load(ports, SCOPE, found["id"]).approved == 2
    sending.look_after(ports, SCOPE)
    assert [subject for _, subject, _ in mails(home)] == ["Proposal: Another"]


def test_an_answer_that_cannot_leave_is_kept_and_one_whose_mail_was_begun_leaves_once(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, killed_after_a_mail: Any
) -> None:
    id = made(edge, deal)["id"]
    link = sent(edge, id, home)
    filled(edge, link, do="say", text="When?")
    [said] = edge.ask("GET", f"/api/v1/proposals/{id}/messages").json["items"]
    path = f"/api/v1/proposals/{id}/messages/{said['id']}/answer"

    def unreachable(*given: Any) -> Any:
        raise Conflict("email", "the mail server cannot be reached")

    monkeypatch.setattr(mailing, "send_alone", unreachable)
    assert edge.ask("POST", path, {"text": "In March, I hope."}).status == 409
    assert "In March, I hope.</textarea>" in edge.ask("GET", f"/proposals/{id}", **HTML).body.decode()
    assert "In March" not in edge.ask("GET", link, token=None).body.decode(), "the client was not told"
    killed_after_a_mail()
    with pytest.raises(Killed):
        edge.ask("POST", path, {"text": "In March."})
    assert edge.ask("POST", path, {"text": "In April."}).status == 409, "the first words may have left"
    sending.look_after(wiring.ports(), SCOPE)
    [told] = edge.ask("GET", f"/api/v1/proposals/{id}/messages").json["items"]
    assert (told["answer"], told["mail"], told["leaving"], len(mails(home))) == ("In March.", "accepted", False, 2)
    assert "In March." in edge.ask("GET", link, token=None).body.decode()


def test_all_that_wait_for_approval_are_listed(edge: Edge, deal: str) -> None:
    ports, id = wiring.ports(), made(edge, deal)["id"]
    found = sending.submit(ports, SCOPE, id, "o")
    asked = sending.question(ports, SCOPE, found)
    assert asked
    for n in range(101):
        copy, question = found.model_copy(update={"id": f"{n:032x}"}), asked.model_copy(update={"subject": f"{n:032x}"})
        ports.documents.put(SCOPE, Kind.PROPOSAL, copy.id, copy.model_dump(mode="json"))
        ports.documents.put(SCOPE, Kind.APPROVAL, f"{copy.id}-1", question.model_dump(mode="json"))
    assert len([*sending.waiting(ports, SCOPE)]) == 102
