"""Offers as people keep them: each change is a version, and prices are made of the newest."""

from __future__ import annotations

import re

import orjson

from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.offer import Offer, OfferShown, OfferTerms, OfferVersion
from shared.domain.pricing import Priced, PriceRequest, priced
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.ports import Order, Ports, Stale

_OFFERS = Records(Kind.OFFER, Offer)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST_VERSIONS = 500


def put(ports: Ports, scope: Scope, by: str, id: str, terms: OfferTerms) -> OfferShown:
    """Keep these terms as the newest version; the same terms as the newest are no new one. Raises Rejected for an id
    that is none, Conflict when there are too many versions."""
    if not _ID.fullmatch(id):
        raise Rejected(FieldError("id", "must be 1 to 40 lower-case letters, digits and hyphens"))
    register(ports, scope)
    while True:
        found = ports.documents.get(scope, Kind.OFFER, id)
        offer = Offer.model_validate(found.body) if found else None
        made = _with(ports, scope, by, id, offer, terms)
        if made == offer:
            return _shown(ports, scope, made, made.version)
        try:
            ports.documents.put(scope, Kind.OFFER, id, made.model_dump(mode="json"), found.rev if found else None)
        except Stale:
            continue
        newest = made.versions[-1]
        ports.journal.append(
            scope, f"offer/{id}", newest.at, by, "version", newest.model_dump(include={"version", "digest"})
        )
        return _shown(ports, scope, made, made.version)


def get(ports: Ports, scope: Scope, id: str, version: int | None = None) -> OfferShown:
    """An offer with the terms of a version, the newest if none is named. Raises Missing."""
    offer = _OFFERS.load(ports, scope, id)
    return _shown(ports, scope, offer, offer.version if version is None else version)


def listing(ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None) -> tuple[list[Offer], str | None]:
    """Offers by name. Raises Rejected for a wrong cursor."""
    try:
        page = ports.documents.find(scope, Kind.OFFER, order=Order("name"), limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Offer.model_validate(each.body) for each in page.documents], page.cursor


def price(ports: Ports, scope: Scope, id: str, request: PriceRequest) -> tuple[OfferTerms, Priced]:
    """What it would cost by the newest version. Raises Missing, and Rejected as `priced` does."""
    terms = get(ports, scope, id).terms
    return terms, priced(terms, request.currency or terms.currency, request.lines, request.discounts)


def _with(ports: Ports, scope: Scope, by: str, id: str, offer: Offer | None, terms: OfferTerms) -> Offer:
    """The offer with these terms as its newest version, which are written under their digest before it names them."""
    body = orjson.loads(terms.model_dump_json())
    seal, now = digest(body), ports.clock.now()
    versions = offer.versions if offer else []
    if versions and versions[-1].digest == seal and offer:
        return offer
    if len(versions) >= MOST_VERSIONS:
        raise Conflict("versions", f"an offer has at most {MOST_VERSIONS} versions; begin another")
    ports.documents.put(scope, Kind.OFFER_TERMS, seal, body, "*")
    number = len(versions) + 1
    return Offer(
        id=id,
        name=terms.name,
        version=number,
        versions=[*versions, OfferVersion(version=number, digest=seal, at=now, by=by)],
        created_at=offer.created_at if offer else now,
    )


def _shown(ports: Ports, scope: Scope, offer: Offer, version: int) -> OfferShown:
    named = next((each for each in offer.versions if each.version == version), None)
    found = ports.documents.get(scope, Kind.OFFER_TERMS, named.digest) if named else None
    if found is None:
        raise Missing("version", str(version))
    return OfferShown(**offer.model_dump(), shown=version, terms=OfferTerms.model_validate(found.body))
