"""The pages of offers."""

from __future__ import annotations

from functions.http.handlers.html import html, see
from functions.http.handlers.offers import WhichVersion, shown, terms_of
from shared.access.call import Answer, Call, Paging
from shared.agents.propose import offers
from shared.agents.propose.capacity import capacity
from shared.domain.derivation import amount
from shared.domain.offer import OfferTerms
from shared.domain.offer_examples import EXAMPLE
from shared.domain.pricing import Chosen, priced, up
from shared.web.yaml_text import yaml_text


def listing(call: Call, query: Paging) -> Answer[str]:
    """All offers, and a form for the next."""
    items, cursor = offers.listing(call.ports, call.scope, query.limit, query.cursor)
    return html(call, "offers", here="offers", offers=items, cursor=cursor, example=EXAMPLE)


def show(call: Call, query: WhichVersion) -> Answer[str]:
    """One offer: what is sold, how each price comes about, its versions, and its text to change it."""
    found = offers.get(call.ports, call.scope, call.path["id"], query.version)
    text = yaml_text(found.terms.model_dump(exclude_defaults=True))
    room = capacity(call.ports, call.scope, found.id, found.terms)
    shown = {"capacity": room, "offer": found, "terms": found.terms, "text": text, "alone": _alone(found.terms)}
    return html(call, "offer", here="offers", **shown, amount=lambda sum: amount(up(sum, found.terms.currency)))


def put(call: Call) -> Answer[str]:
    """Keep the text as the newest version."""
    id = call.form.get("id", "").strip()
    offers.put(call.ports, call.scope, call.principal, id, terms_of(call.form.get("terms", "").encode()))
    return see(f"/offers/{id}")


def _alone(terms: OfferTerms) -> dict[str, list[str]]:
    """How the price of each package comes about, for the least of it that is sold."""
    sold = [each for each in terms.packages if each.price is not None]
    return {
        each.id: shown(terms, priced(terms, terms.currency, [Chosen(item=each.id, quantity=each.least)])).printed[1:]
        for each in sold
    }
