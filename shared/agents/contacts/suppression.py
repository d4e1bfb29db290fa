"""Taking "no" for an answer: at once, for every campaign, whatever else is gone (rules C1, G4, U1, U4, U7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from shared.domain.address import effect_key
from shared.domain.contact import Consent, Contact, contact_id
from shared.domain.engagement import Engagement
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.suppression import BY_SERVERS, Reason
from shared.ports import Body, Ports, Stale

_SOURCE = "unsubscribe link"
_WHAT = "unsubscribed"

_RANK: tuple[str, ...] = get_args(Reason)


def suppress(ports: Ports, scope: Scope, person: str, reason: Reason, campaign: str | None = None) -> None:
    """Nothing of this agency reaches this person any more. Repeating it changes nothing; of several reasons the
    weightiest stands, in whatever order they come, with the time of the first that was the person's own (rules B1, B2,
    G4)."""
    now = ports.clock.now().isoformat()
    body: Body = {"person": person, "channel": "all", "reason": reason, "campaign": campaign, "at": now}
    while True:
        found = ports.documents.get(scope.agency, Kind.SUPPRESSION, person)
        if found and _rank(found.body.get("reason")) >= _rank(reason):
            return
        if found and found.body["reason"] not in BY_SERVERS:
            body["at"] = found.body["at"]
        try:
            ports.documents.put(scope.agency, Kind.SUPPRESSION, person, body, found.rev if found else None)
            return
        except Stale:
            continue


def _rank(reason: Any) -> int:
    return _RANK.index(reason) if reason in _RANK else len(_RANK)


def unsubscribe(ports: Ports, link: Link, simulated: bool = False) -> None:
    """The person behind a verified link gets no further message of this agency. The suppression comes first: it is what
    the gate reads. Repeating it, also after a kill in the middle, changes nothing more."""
    now = ports.clock.now()
    suppress(ports, link.scope, link.person, "unsubscribed", link.campaign)
    contact = _contact_of(ports, link)
    _withdraw(ports, link.scope, contact, now)
    seen = _engagement(link, now, simulated)
    _put_once(
        ports, link.scope, Kind.ENGAGEMENT, f"{seen.campaign}-{seen.key}-{seen.what}", seen.model_dump(mode="json")
    )
    _note(ports, link, f"contact/{contact}", now)


def _put_once(ports: Ports, scope: Scope, kind: Kind, id: str, body: Body) -> None:
    try:
        ports.documents.put(scope, kind, id, body)
    except Stale:
        return  # the first "no" stands


def _contact_of(ports: Ports, link: Link) -> str:
    """The id of the contact that has, or would have, this address."""
    identity = ports.documents.get(link.scope, Kind.IDENTITY, link.person)
    return str(identity.body["contact"]) if identity else contact_id(link.person)


def _withdraw(ports: Ports, scope: Scope, id: str, now: datetime) -> None:
    withdrawn = Consent(status="withdrawn", source=_SOURCE, at=now)
    while True:
        document = ports.documents.get(scope, Kind.CONTACT, id)
        if document is None:
            return
        contact = Contact.model_validate(document.body)
        if contact.consent.get("email", Consent()).status == "withdrawn":
            return
        contact.consent["email"] = withdrawn
        try:
            ports.documents.put(scope, Kind.CONTACT, id, contact.model_dump(mode="json"), document.rev)
        except Stale:
            continue


def _engagement(link: Link, now: datetime, simulated: bool) -> Engagement:
    return Engagement(
        campaign=link.campaign,
        key=effect_key(link.scope, link.campaign, "1", "email", link.person),
        person=link.person,
        what="unsubscribe",
        human=1,
        first_at=now,
        first_human_at=now,
        last_at=now,
        simulated=simulated,
    )


def _note(ports: Ports, link: Link, stream: str, now: datetime) -> None:
    """One fact per person and campaign; looking first makes up for a kill between the writes."""
    after = 0
    while facts := ports.journal.read(link.scope, stream, after):
        if any(fact.what == _WHAT and fact.data.get("campaign") == link.campaign for fact in facts):
            return
        after = facts[-1].seq
    data = {"campaign": link.campaign, "person": link.person}
    ports.journal.append(link.scope, stream, now, _SOURCE, _WHAT, data)
