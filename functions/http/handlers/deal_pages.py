"""The pages of deals: the pipeline as a board, one deal as a thread, and their forms."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.flows import journey_flow
from functions.http.handlers import deals as messages
from functions.http.handlers.billing import paid_already
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import contacts, deals, journeys
from shared.agents.thread import thread
from shared.domain.deal import CLOSED, DealRequest, MoveRequest, NoteOnDeal, OutreachRequest
from shared.domain.faults import FieldError, Rejected
from shared.domain.needs import AskNeeds, Heard
from shared.web.deals import marked, request_of_form
from shared.web.imports import import_words

_RECENT = 20
Form = TypeVar("Form", bound=BaseModel)


def board(call: Call) -> Answer[str]:
    """Every stage with its deals, and their sums by currency."""
    columns = deals.pipeline(call.ports, call.scope)
    recent, _ = contacts.list_imports(call.ports, call.scope, _RECENT, None, deals.TAKINGS)
    total = sum(each.count for each in columns)
    return html(call, "deals", here="deals", columns=columns, total=total, imports=recent, words=import_words)


def show(call: Call) -> Answer[str]:
    """One deal, and everything that happened in it."""
    id = call.path["id"]
    found = deals.get(call.ports, call.scope, id)
    entries, known = thread(call.ports, call.scope, id), journeys.listing(call.ports, call.scope, 100, None)[0]
    needs = deals.needs_of(call.ports, call.scope, id)
    begun = {each.journey for each in found.outreach}
    sequences = [each.id for each in known if each.status == "running" and each.id not in begun]
    late = [each for each in entries if each.what in ("heard", "reaction") and each.at > found.since]
    return html(
        call, "deal", here="deals", deal=found, entries=entries, sequences=sequences, needs=needs,
        late=late if found.stage in CLOSED else [],
    )  # fmt: skip


def create(call: Call) -> Answer[str]:
    """Begin a deal."""
    made = deals.begin(call.ports, call.scope, call.principal, _filled_in(call, DealRequest))
    return see(f"/deals/{made.id}")


def move(call: Call) -> Answer[str]:
    """Put it at a stage, from the board or its page."""
    on_board = call.form.get("back") == "board"
    wish = _filled_in(call, MoveRequest, "back")
    moved = deals.move(call.ports, call.scope, call.path["id"], wish.to, call.principal, wish.why, wish.from_)
    flows = paid_already(call.ports, call.scope, moved)
    there = f"/deals#{moved.stage}" if on_board else f"/deals/{moved.id}"
    return see(there, start=flows, ring=[each.instance_id for each in flows])


def write_down(call: Call) -> Answer[str]:
    """Write something down about it."""
    text = _filled_in(call, NoteOnDeal).text
    return see(f"/deals/{deals.write_down(call.ports, call.scope, call.path['id'], call.principal, text).id}")


def reach_out(call: Call) -> Answer[str]:
    """Let its contact into a sequence."""
    wish = _filled_in(call, OutreachRequest)
    begun = deals.reach_out(call.ports, call.scope, call.path["id"], call.principal, wish.journey)
    return see(f"/deals/{begun.deal.id}", ring=[journey_flow(call.scope, begun.journey).instance_id])


def ask(call: Call) -> Answer[str]:
    """Mail them the questions that are ticked, and one's own."""
    own = [line.strip() for line in call.form.get("own", "").splitlines() if line.strip()]
    chosen = [name.removeprefix("q_") for name in call.form if name.startswith("q_")]
    said = {name: text for name, text in call.form.items() if name in ("note", "language") and text.strip()}
    try:
        wish = AskNeeds.model_validate({**said, "questions": chosen, "own": own})
    except ValidationError as error:
        raise rejected(error, "form") from None
    if not chosen and not own:
        raise Rejected(FieldError("questions", "tick at least one, or write one of your own"))
    deals.ask(call.ports, call.scope, call.path["id"], call.principal, wish)
    return see(f"/deals/{call.path['id']}#needs")


def message(call: Call) -> Answer[str]:
    """A message of theirs as it came, with what was read out of it marked."""
    found = messages.message(call).body
    deal = deals.get(call.ports, call.scope, call.path["id"])
    needs = deals.needs_of(call.ports, call.scope, deal.id)
    pieces = marked(found.text, [each for each in needs.statements if each.message == found.message.id])
    return html(call, "deal_message", here="deals", deal=deal, message=found.message, pieces=pieces)


def hear(call: Call) -> Answer[str]:
    """Add a message of theirs."""
    deals.hear(call.ports, call.scope, call.path["id"], call.principal, _filled_in(call, Heard))
    return see(f"/deals/{call.path['id']}#needs")


def _filled_in(call: Call, form: type[Form], *others: str) -> Form:
    try:
        return form.model_validate(
            {name: value for name, value in request_of_form(call.form).items() if name not in others}
        )
    except ValidationError as error:
        raise rejected(error, "form") from None
