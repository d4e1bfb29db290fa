"""What the law wants a person to look at: decisions that somebody asked about, and breaches of data."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.html import see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents.privacy import breaches, reviews
from shared.domain.breach import Breach, BreachRequest
from shared.domain.review import Review, ReviewRequest


def ask(call: Call, body: ReviewRequest) -> Answer[Review]:
    """Somebody asks for a person to look at what was decided about them; it waits among the approvals."""
    made = reviews.ask(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/reviews/{made.id}"})


def show(call: Call) -> Answer[Review]:
    """What was decided, what they say of it, and the answer."""
    return Answer(reviews.get(call.ports, call.scope, call.path["id"]))


def ask_form(call: Call) -> Answer[str]:
    """The same, from the page of the person."""
    try:
        said = ReviewRequest.model_validate({name: value for name, value in call.form.items() if value.strip()})
    except ValidationError as error:
        raise rejected(error, "form") from None
    reviews.ask(call.ports, call.scope, call.path["id"], call.principal, said)
    return see("/approvals")


def report(call: Call, body: BreachRequest) -> Answer[Breach]:
    """Write a breach of personal data down; that the authority is told within 72 hours waits among the approvals."""
    made = breaches.report(call.ports, call.scope, call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/privacy/breaches/{made.id}"})


def log(call: Call, query: Paging) -> Answer[Listing[Breach]]:
    """The log of breaches, newest first."""
    items, cursor = breaches.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def breach(call: Call) -> Answer[Breach]:
    """One of them."""
    return Answer(breaches.get(call.ports, call.scope, call.path["id"]))
