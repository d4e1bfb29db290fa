"""The pages of pieces, and their forms."""

from __future__ import annotations

from urllib.parse import parse_qs

from pydantic import ValidationError

from functions.flows import piece_flow
from functions.http.handlers.as_seen import as_seen
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Paging
from shared.access.problem import rejected
from shared.agents import cards, pieces
from shared.agents.piece_claims import answer_claim
from shared.agents.pieces import WITHOUT_IMAGES
from shared.domain import client_view
from shared.domain.fact import ClaimRequest
from shared.domain.piece import PartWish, PieceDecision, PieceRequest, question_of
from shared.web.pieces import FORMAT_NAMES, parts_of, plan_of_form, request_of_form, total_cost


def overview(call: Call, query: Paging) -> Answer[str]:
    """All pieces, and the form for the next."""
    items, cursor = pieces.listing(call.ports, call.scope, query.limit, query.cursor)
    return html(call, "pieces", here="pieces", pieces=items, cursor=cursor, formats=FORMAT_NAMES)


def create(call: Call, body: bytes) -> Answer[str]:
    """Have the brief of the form written."""
    given = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    try:
        request = PieceRequest.model_validate(request_of_form(given))
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = pieces.accept(call.ports, call.scope, call.principal, request)
    return see(f"/pieces/{made.id}", start=[piece_flow(call.scope, made)])


def show(call: Call) -> Answer[str]:
    """One piece: its plan, its texts, what was found, what it cost."""
    found = as_seen(call, pieces.get(call.ports, call.scope, call.path["id"]), client_view.piece)
    made, _ = cards.listing(call.ports, call.scope) if found.status == "ready" else ([], None)
    shown = {
        "cards": made,
        "digest": question_of(found),
        "cost": total_cost(found) if "reader" in call.permissions else "",
        "parts": parts_of(found),
        "formats": FORMAT_NAMES,
    }
    return html(call, "piece", here="pieces", piece=found, without_images=WITHOUT_IMAGES, **shown)


def decide(call: Call) -> Answer[str]:
    """Confirm the plan as it was filled in, or approve or reject the texts."""
    form, id = call.form, call.path["id"]
    try:
        plan = pieces.get(call.ports, call.scope, id).plan if form.get("decision") == "confirm" else None
        changed = plan_of_form(plan, form) if plan else None
        said = {"decision": form.get("decision"), "digest": form.get("digest"), "plan": changed}
        request = PieceDecision.model_validate(said)
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = pieces.decide(call.ports, call.scope, id, call.principal, request)
    return see(f"/pieces/{made.id}", ring=[piece_flow(call.scope, made).instance_id])


def rewrite(call: Call) -> Answer[str]:
    """Have the part that was chosen said otherwise."""
    found = pieces.get(call.ports, call.scope, call.path["id"])
    try:
        wish = PartWish.model_validate(call.form)
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = pieces.rewrite(call.ports, call.scope, found.id, call.principal, wish)
    return see(f"/pieces/{made.id}#{wish.text}", start=[piece_flow(call.scope, made)])


def answer(call: Call) -> Answer[str]:
    """Answer for a sentence that nobody has said."""
    found = pieces.get(call.ports, call.scope, call.path["id"])
    try:
        given = ClaimRequest.model_validate({name: value for name, value in call.form.items() if value.strip()})
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = answer_claim(call.ports, call.scope, found.id, call.principal, given)
    return see(f"/pieces/{made.id}", start=[piece_flow(call.scope, made)] if made.wish else [])
