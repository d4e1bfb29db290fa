"""Double opt-in: ask, at most once a week; take the answer that comes by the link, and only that (rule G1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress as ignoring
from datetime import datetime
from typing import Literal

import uuid_utils

from shared.agents.contacts.consents import Trace, on_record, put_on_record
from shared.agents.contacts.evidence import keep
from shared.agents.contacts.preferences import in_force
from shared.agents.contacts.records import contacts
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.consent import expires
from shared.domain.contact import Consent, Contact
from shared.domain.evidence import Evidence, digest_of
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.opt_in import LASTS, Asked, ListedOptIn, OptIn, OptInRequest, OptInState, opt_in_campaign
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Settlement, Stale

opt_ins = Records(Kind.OPT_IN, OptIn)
Answer = Literal["open", "confirmed", "expired", "said_no"]


def ask(ports: Ports, scope: Scope, id: str, by: str, request: OptInRequest, asking: str | None = None) -> OptIn:
    """Have a contact asked: the caller starts the flow of `asking` (a new one if none is given), and should it die
    first, the sweep does. Until they confirm, nothing else leaves.

    Raises Missing; Conflict if they said no, have agreed already, cannot be reached, or were asked less than a week
    ago."""
    contact = contacts.load(ports, scope, id)
    now = ports.clock.now()
    _refuse(ports, scope, contact, now)
    found = ports.documents.get(scope, Kind.OPT_IN, id)
    before = OptIn.model_validate(found.body) if found else None
    made = _next(before, contact, by, request, asking or new_asking(), now)
    register(ports, scope)
    _put(ports, scope, made, found)

    def wait(contact: Contact) -> None:
        if contact.consent.get("email", Consent()).status == "unknown":
            contact.consent |= {"email": Consent(status="pending", source=request.form, at=now)}

    contacts.change(ports, scope, id, wait)
    return made


def new_asking() -> str:
    """A name for one request, whatever it asks of how many."""
    return uuid_utils.uuid7().hex


def ask_pending(
    ports: Ports, scope: Scope, by: str, request: OptInRequest, asking: str, cursor: str | None = None
) -> Asked:
    """Ask everybody on one page (100) of those whose consent is to be confirmed; the caller starts the flow of
    `asking`. Raises Rejected for a bad cursor."""
    waiting = [Filter("consent.email.status", "eq", "pending")]
    try:
        page = ports.documents.find(scope, Kind.CONTACT, waiting, None, 100, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    asked = 0
    for each in page.documents:
        with ignoring(Conflict):
            ask(ports, scope, each.id, by, request, asking)
            asked += 1
    return Asked(asked=asked, skipped=len(page.documents) - asked, cursor=page.cursor)


def standing(ports: Ports, link: Link) -> tuple[OptIn, Answer] | None:
    """What the link asks, and whether it still does. None if nothing is known of it."""
    found = ports.documents.get(link.scope, Kind.OPT_IN, link.campaign.removeprefix("opt-in-"))
    if found is None:
        return None
    asked = OptIn.model_validate(found.body)
    if asked.person != link.person or link.shard > asked.tries:
        return None
    if asked.state == "confirmed":
        return asked, "confirmed"
    if _said_no(ports, link, asked.contact):
        return asked, "said_no"
    return asked, "expired" if ports.clock.now().timestamp() >= link.target else "open"


def confirm(ports: Ports, link: Link, trace: Trace) -> Answer | None:
    """The owner of the address says yes. What they said against it since they were asked outweighs it. Repeating it
    changes nothing."""
    known = standing(ports, link)
    if known is None or known[1] != "open":
        return known[1] if known else None
    asked = known[0]
    kept = keep(ports, link.scope, _evidence(ports, link, asked, trace), ledger=_proved(ports, link))
    with ignoring(Missing):
        put_on_record(ports, link.scope, kept)

    def settle(found: OptIn) -> None:
        found.state, found.confirmed_at = "confirmed", kept.at

    opt_ins.change(ports, link.scope, asked.contact, settle)
    return "confirmed"


def renew(ports: Ports, link: Link) -> OptIn | None:
    """A new link to the same address, asked for on the page of one that has expired; at most once a week, so it tells
    nobody more than that it was asked. None: it is not renewed."""
    known = standing(ports, link)
    if known is None or known[1] != "expired":
        return None
    with ignoring(Conflict, Missing):
        return ask(ports, link.scope, known[0].contact, known[0].by, known[0].request)
    return None


def listing(
    ports: Ports, scope: Scope, limit: int, cursor: str | None = None, state: OptInState | None = None
) -> tuple[list[ListedOptIn], str | None]:
    """Who was asked, by contact id, and what came of it. Raises Rejected for a cursor that is none."""
    wanted = [Filter("state", "eq", state)] if state else []
    try:
        page = ports.documents.find(scope, Kind.OPT_IN, wanted, None, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    known = Filter("id", "in", [each.id for each in page.documents])
    people = ports.documents.find(scope, Kind.CONTACT, [known], limit=limit).documents if page.documents else []
    addresses = {each.id: each.body["email"] for each in people}
    shown = [ListedOptIn(**each.body, email=addresses.get(each.id)) for each in page.documents]
    return shown, page.cursor


def follow(ports: Ports, scope: Scope, asked: OptIn) -> OptIn:
    """Note on the document what the ledger has of the mail; a confirmation outweighs everything."""
    rows = ports.ledger.of_shard(scope, opt_in_campaign(asked.contact), asked.tries, limit=1)
    state = _STATES.get(rows[0].state) if rows else None

    def write(found: OptIn) -> None:
        if state and found.tries == asked.tries and found.state != "confirmed":
            found.state = state
            found.reason = rows[0].held or (rows[0].detail if state in ("failed", "unknown") else None)

    return opt_ins.change(ports, scope, asked.contact, write)


_STATES: Mapping[str, OptInState] = {
    "planned": "asked",
    "accepted": "sent",
    "delivered": "sent",
    "unknown": "unknown",
    "failed": "failed",
    "held": "held",
}


def link_of(scope: Scope, asked: OptIn) -> Link:
    """The link of the last mail."""
    return Link(
        "d", scope, opt_in_campaign(asked.contact), asked.tries, asked.person, target=int(asked.until.timestamp())
    )


def _refuse(ports: Ports, scope: Scope, contact: Contact, now: datetime) -> None:
    consent = contact.consent.get("email", Consent())
    if consent.status == "withdrawn" or in_force(ports, scope, contact.person, contact).keys() & _STOPS:
        raise Conflict("contact", "they said no, or their address is suppressed; only they themselves can come back")
    until = expires(consent)
    if consent.status == "granted" and consent.basis in (None, "explicit") and (until is None or until > now):
        raise Conflict("contact", "they have agreed already")


_STOPS = {"all", "number", "email"}


def _said_no(ports: Ports, link: Link, id: str) -> bool:
    found = ports.documents.get(link.scope, Kind.CONTACT, id)
    contact = Contact.model_validate(found.body) if found else None
    if contact is None or contact.consent.get("email", Consent()).status == "withdrawn":
        return True
    return bool(in_force(ports, link.scope, link.person, contact).keys() & _STOPS)


def _next(before: OptIn | None, contact: Contact, by: str, request: OptInRequest, asking: str, now: datetime) -> OptIn:
    if before and now < before.again_at:
        again = f"{before.again_at:%Y-%m-%d %H:%M} UTC"
        raise Conflict("contact", f"they were asked less than a week ago; they may be asked again from {again}")
    tries = before.tries + 1 if before else 1
    return OptIn(
        contact=contact.id,
        person=contact.person,
        request=request,
        by=by,
        asking=asking,
        tries=tries,
        asked_at=now,
        until=now + LASTS,
    )


def _put(ports: Ports, scope: Scope, made: OptIn, found: Document | None) -> None:
    try:
        ports.documents.put(
            scope, Kind.OPT_IN, made.contact, made.model_dump(mode="json"), found.rev if found else None
        )
    except Stale:
        raise Conflict("contact", "they are being asked already") from None


def _proved(ports: Ports, link: Link) -> str:
    """Who has the link has the mail, whatever was known of it. Returns its effect key."""
    rows = ports.ledger.of_shard(link.scope, link.campaign, link.shard, limit=1)
    if not rows:
        return ""
    settled = [Settlement(rows[0].key, rows[0].attempt, "delivered", detail="proved by its recipient: confirmed")]
    ports.ledger.settle(link.scope, link.campaign, link.shard, settled, ports.clock.now())
    return rows[0].key


def _evidence(ports: Ports, link: Link, asked: OptIn, trace: Trace) -> Evidence:
    now, request = ports.clock.now(), asked.request
    contact = contacts.load(ports, link.scope, asked.contact)
    # The one that they had: signed anew after a rotation of keys, it would be another.
    token = hashlib.sha256((trace.token or sign(link, ports.keys.link)).encode()).hexdigest()
    return Evidence(
        id=f"{asked.contact}-d-{link.shard}-{int(asked.asked_at.timestamp())}",
        contact=asked.contact,
        at=now,
        recorded_at=now,
        by="confirmation link",
        method="double_opt_in",
        status="granted",
        channel="email",
        wording=request.wording,
        wording_digest=digest_of(request.wording),
        form=request.form,
        source="confirmation link",
        basis="explicit",
        asked_at=asked.asked_at,
        address=contact.email,
        link=f"try {link.shard}, SHA-256 {token}",
        before=on_record(ports, link.scope, asked.contact),
        **trace.blinded(ports.keys.address),
    )
