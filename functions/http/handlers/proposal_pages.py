"""The pages of proposals, and their forms."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from functions.http.handlers.html import html, see
from functions.http.handlers.proposals import TwoVersions, WhichProposals, compared
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import deals
from shared.agents.propose import answering, client, negotiating, offers, proposals, prose, sending
from shared.agents.propose.capacity import capacity
from shared.agents.propose.messages import of_proposal
from shared.domain.asked import Address
from shared.domain.capacity import exceeds, fits
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.negotiation import Negotiated
from shared.domain.offer import OfferTerms
from shared.domain.proposal import AnswerRequest, Content, Message, ProposalRequest, ProposalShown, Say
from shared.domain.proposal_text import TextRequest
from shared.web.proposal_form import chosen_of, content_of

_NEW = ("deal", "to", "title", "offer", "like", "language", "answer_by", "currency")
Form = TypeVar("Form", bound=BaseModel)


class WhichPage(TwoVersions):
    """Two versions to compare, and which one is shown."""

    version: int | None = None


def listing(call: Call, query: WhichProposals) -> Answer[str]:
    """All proposals, and the form for the next."""
    items, cursor = proposals.listing(call.ports, call.scope, query.limit, query.cursor, query.deal)
    now = call.ports.clock.now()
    known, _ = offers.listing(call.ports, call.scope, 100)
    sold = {each.id: offers.get(call.ports, call.scope, each.id) for each in known}
    running, _ = deals.listing(call.ports, call.scope, 100)
    shown = {"proposals": items, "cursor": cursor, "sold": sold, "deals": running, "deal": query.deal or ""}
    return html(call, "proposals", here="proposals", standing={each.id: each.stands(now) for each in items}, **shown)


def create(call: Call) -> Answer[str]:
    """Begin one."""
    form = call.form
    given = {name: form[name].strip() for name in _NEW if form.get(name, "").strip()}
    whom = {name: form.get(f"recipient.{name}", "") for name in ("name", "company", "address")}
    needs = [line.strip() for line in form.get("needs", "").splitlines() if line.strip()]
    body = {**given, "recipient": whom, "needs": needs, "tiers": form.get("tiers") == "yes"}
    if "like" in given:
        body.pop("offer", None)
    else:
        body["chosen"] = [*chosen_of(form)]
    made = proposals.create(call.ports, call.scope, call.principal, _checked(ProposalRequest, body))
    return see(f"/proposals/{made.id}")


def show(call: Call, query: WhichPage) -> Answer[str]:
    """One proposal: what it says and costs, every part of it to change, where it stands, what the client said."""
    return _page(call, proposals.get(call.ports, call.scope, call.path["id"], query.version), query)


def edit(call: Call) -> Answer[str]:
    """Recalculate without keeping anything, save a version, put it up for approval, or take it back."""
    id, form = proposals.PROPOSALS.load(call.ports, call.scope, call.path["id"]).id, call.form
    did = form.get("do", "")
    if did == "withdraw":
        sending.withdraw(call.ports, call.scope, id, call.principal)
        return see(f"/proposals/{id}")
    if did == "submit":
        sending.submit(call.ports, call.scope, id, call.principal)
        return see(f"/proposals/{id}#approve")
    if did == "write":
        wish = _checked(TextRequest, {"parts": [form["part"]] if form.get("part") else []})
        prose.write(call.ports, call.scope, id, call.principal, wish)
        return see(f"/proposals/{id}#rests-on")
    if did not in ("save", "recalculate"):
        raise Rejected(FieldError("do", "must be recalculate, save, write, submit or withdraw"))
    content = _checked(Content, content_of(form))
    if did == "recalculate":
        shown = proposals.preview(call.ports, call.scope, id, content)
        return _page(call, shown, WhichPage(), unsaved=True, to=form.get("to", ""))
    said = _checked(_Beside, {name: form[name] for name in ("to", "seen") if form.get(name, "").strip()})
    proposals.edit(call.ports, call.scope, id, call.principal, content, said.seen, said.to)
    return see(f"/proposals/{id}")


def reply(call: Call) -> Answer[str]:
    """Answer the client, take an alternative into the next version, or write down what they said elsewhere."""
    found = proposals.PROPOSALS.load(call.ports, call.scope, call.path["id"])
    id, form = found.id, call.form
    message, did = form.get("message", ""), form.get("do", "")
    if did == "answer":
        text = _checked(AnswerRequest, {"text": form.get("text", "")}).text
        answering.answer(call.ports, call.scope, id, message, call.principal, text)
    elif did == "take":
        negotiating.take(call.ports, call.scope, id, message, form.get("alternative", ""), call.principal)
        return see(f"/proposals/{id}")
    else:
        version = found.current.version if found.current else found.version
        said = _checked(Say, {name: text for name, text in form.items() if name in Say.model_fields})
        client.keep(call.ports, call.scope, found, version, said, call.principal)
    return see(f"/proposals/{id}#messages")


class _Beside(BaseModel):
    """What the form says beside the content."""

    to: Address | None = None
    seen: Annotated[int, Field(ge=1)] | None = None


def _page(call: Call, shown: ProposalShown, query: WhichPage, unsaved: bool = False, to: str = "") -> Answer[str]:
    terms: OfferTerms = offers.get(call.ports, call.scope, shown.offer).terms
    messages = of_proposal(call.ports, call.scope, shown.id)
    room = None if shown.accepted else capacity(call.ports, call.scope, shown.offer, terms)
    found = proposals.PROPOSALS.load(call.ports, call.scope, shown.id)
    return html(
        call,
        "proposal",
        here="proposals",
        proposal=shown,
        content=shown.content,
        terms=terms,
        deal=_deal(call, shown.deal),
        unsaved=unsaved,
        to=to or shown.to,
        claims=prose.rests_on(call.ports, call.scope, found, shown.content),
        by_hand=prose.by_hand(found, shown.content),
        question=sending.question(call.ports, call.scope, found),
        messages=messages,
        rooms={each.id: _room(call, shown.id, each) for each in messages if each.kind == "counter" and each.waits},
        changes=compared(call, query) if query.old or query.new else None,
        capacity=[(fits(each.priced, room), exceeds(each.priced, room)) for each in shown.options],
    )


def _room(call: Call, id: str, message: Message) -> Negotiated | None:
    try:
        return negotiating.answers(call.ports, call.scope, id, message.id)
    except (Conflict, Rejected):
        return None


def _deal(call: Call, id: str) -> str:
    return deals.get(call.ports, call.scope, id).name


def _checked(model: type[Form], given: object) -> Form:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
