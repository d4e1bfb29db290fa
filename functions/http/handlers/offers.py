"""What is sold, and what it would cost, over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents.propose import offers
from shared.agents.propose.capacity import capacity
from shared.domain.capacity import fits
from shared.domain.derivation import ROUNDING, printed
from shared.domain.faults import FieldError, Rejected
from shared.domain.floor import below_floor
from shared.domain.offer import Offer, OfferShown, OfferTerms, Slug
from shared.domain.pricing import Priced, PriceRequest
from shared.process.source import read


class WhichVersion(BaseModel):
    """The newest if none is named."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)] | None = None


class WhichOffer(BaseModel):
    """Under which id it is kept."""

    model_config = ConfigDict(extra="forbid")

    id: Slug


class PriceShown(Priced):
    """What it costs, how that came about line by line, and what of it could not be sent. `hours` of work are in it, of
    `hours_a_month` that there are; `capacity`: what is free of them, and whether this fits."""

    printed: list[str]
    rounding: str
    below: list[str]
    hours: Decimal
    hours_a_month: Decimal | None
    capacity: str = ""


def listing(call: Call, query: Paging) -> Answer[Listing[Offer]]:
    """Offers by name, with their versions."""
    items, cursor = offers.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call, query: WhichVersion) -> Answer[OfferShown]:
    """One offer with the terms of a version, the newest if none is named."""
    return Answer(offers.get(call.ports, call.scope, call.path["id"], query.version))


def bring(call: Call, body: bytes, query: WhichOffer) -> Answer[OfferShown]:
    """Keep the terms that a text says, YAML or JSON, as a new offer, or as the newest version of one that is there."""
    made = offers.put(call.ports, call.scope, call.principal, query.id, terms_of(body))
    return Answer(made, status=201, headers={"Location": f"/api/v1/offers/{made.id}"})


def put(call: Call, body: OfferTerms) -> Answer[OfferShown]:
    """Keep these terms as the newest version; proposals that were sent stay as they were."""
    found = offers.get(call.ports, call.scope, call.path["id"])
    return Answer(offers.put(call.ports, call.scope, call.principal, found.id, body))


def price(call: Call, body: PriceRequest) -> Answer[PriceShown]:
    """What lines of an offer would cost, with every step of the computation; nothing is kept."""
    terms, found = offers.price(call.ports, call.scope, call.path["id"], body)
    room = capacity(call.ports, call.scope, call.path["id"], terms)
    return Answer(shown(terms, found).model_copy(update={"capacity": fits(found, room)}), shows_data=True)


def shown(terms: OfferTerms, found: Priced) -> PriceShown:
    """A price with what was printed of it."""
    return PriceShown(
        **found.model_dump(),
        printed=printed(found),
        rounding=ROUNDING["en"],
        below=[f"{each.field}: {each.reason}" for each in below_floor(terms, found)],
        hours=sum((each.hours for each in found.lines), Decimal(0)),
        hours_a_month=terms.hours_a_month,
    )


def terms_of(text: bytes) -> OfferTerms:
    """What a text says, YAML or JSON. Raises Rejected with the line of what cannot be read, or the wrong fields."""
    source = read(text, text.lstrip()[:1] == b"{")
    if source.wrong:
        raise Rejected(*(FieldError(_line(source.place(each).line), each.message) for each in source.wrong[:20]))
    try:
        return OfferTerms.model_validate(source.value)
    except ValidationError as error:
        raise rejected(error, "terms") from None


def _line(number: int) -> str:
    return f"line {number}"
