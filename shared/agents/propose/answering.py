"""What a client is answered, by mail and on their page: once for each message, with the words that are kept before
anything leaves. A kill around the mail loses no words and sends no others."""

from __future__ import annotations

from decimal import Decimal

from shared.agents.propose.mailing import LEFT, REFUSED, answer_begun, answer_mail
from shared.agents.propose.messages import MESSAGES
from shared.agents.propose.negotiating import answers
from shared.agents.propose.priced import foreign_amounts, whole
from shared.agents.propose.proposals import PROPOSALS, note
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.proposal import Message, Proposal
from shared.domain.scope import Scope
from shared.ports import Ports


def answer(ports: Ports, scope: Scope, id: str, message: str, by: str, text: str) -> Message:
    """Answer the client by mail, and on their page. Raises Missing, Conflict if it was answered or the mail cannot
    leave just now (the words are kept), Rejected if they name a price that the proposal does not have."""
    found = PROPOSALS.load(ports, scope, id)
    before = MESSAGES.load(ports, scope, message)
    if before.proposal != id or found.current is None:
        raise Missing("message", message)
    if wrong := _wrong(ports, scope, found, before, text):
        raise Rejected(*wrong)
    now = ports.clock.now()

    def told(each: Message) -> None:
        if not each.waits:
            raise Conflict("message", "it is answered already; the words are kept")
        each.answer, each.answered_at, each.answered_by = text, now, by
        each.waits, each.leaving = False, True

    MESSAGES.change(ports, scope, message, told)
    note(ports, scope, id, by, "answered", message=message)
    return finish(ports, scope, MESSAGES.load(ports, scope, message))


def finish(ports: Ports, scope: Scope, message: Message) -> Message:
    """Have an answer that was begun leave, or say what became of its mail. Raises Conflict if it cannot leave just now,
    Rejected if it may not any more: then it waits again, with its words."""
    found = PROPOSALS.load(ports, scope, message.proposal)
    row = answer_begun(ports, scope, found, message.id)
    if row is None:
        try:
            if wrong := _wrong(ports, scope, found, message, message.answer):
                raise Rejected(*wrong)
            row = answer_mail(ports, scope, found, message.id, message.answer)
        except (Conflict, Rejected):
            MESSAGES.change(ports, scope, message.id, _unanswered)
            raise
    state = row.state

    def settled(each: Message) -> None:
        each.mail, each.leaving = state, state not in (*LEFT, *REFUSED)

    return MESSAGES.change(ports, scope, message.id, settled)


def _unanswered(message: Message) -> None:
    """It waits again; nobody has to type the words anew."""
    message.answered_at, message.answered_by, message.waits, message.leaving = None, "", True, False


def _wrong(ports: Ports, scope: Scope, found: Proposal, message: Message, text: str) -> list[FieldError]:
    """Sums and discounts in the words that nothing carries. To a counter-offer, those of every alternative may be
    named; the sum asked for is repeated in the thanks alone."""
    assert found.current is not None, "it was sent"
    priced = whole(ports, scope, found.current.digest)
    if message.kind != "counter":
        return [*foreign_amounts(priced, [("text", text)])]
    room = answers(ports, scope, found.id, message.id)
    lines = [line for each in room.alternatives for option in each.content.options for line in option.lines]
    sums: set[Decimal] = {each.engagement for each in room.alternatives}
    cuts = {each.percent for line in lines for each in line.discounts}
    return [*foreign_amounts(priced, [("text", text.replace(room.thanks, ""))], sums, cuts)]
