"""Consent given and withdrawn: evidence first, then what the gate reads (rules G1, G2, G4, U7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import uuid_utils

from shared.agents.contacts.evidence import Verified, keep
from shared.agents.contacts.records import contacts
from shared.agents.contacts.suppression import suppress
from shared.domain.consent import key_of, renewed
from shared.domain.contact import Consent, Contact
from shared.domain.evidence import ConsentRequest, Evidence, blinded, digest_of
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Keys, Ports

_AHEAD = timedelta(minutes=5)
"""So far may a form's clock be ahead of ours."""


class Trace(NamedTuple):
    """From where somebody asked, and with which link."""

    ip: str | None = None
    user_agent: str | None = None
    token: str | None = None

    def blinded(self, key: bytes) -> dict[str, Any]:
        """As evidence keeps it."""
        return {"ip": blinded(self.ip, key), "user_agent": blinded(self.user_agent, key)}


def record(ports: Ports, scope: Scope, id: str, by: str, said: ConsentRequest) -> Verified:
    """Record by hand what a person said. A withdrawal also stops the channel for the whole agency; for one purpose,
    only that purpose here. Raises Missing, Rejected (a time to come), Conflict: a "no" is not undone by hand."""
    now = ports.clock.now()
    if said.at and said.at > now + _AHEAD:
        raise Rejected(FieldError("at", "must not lie in the future"))
    contact = contacts.load(ports, scope, id)
    if said.status == "granted":
        _refuse_undoing(contact, said)
    elif said.purpose is None:
        suppress(ports, scope, contact.person, "unsubscribed", channel=said.channel)
    made = keep(ports, scope, _evidence(ports.keys, contact, by, said, now))
    put_on_record(ports, scope, made)
    return Verified(**made.model_dump(), verified=True)


def put_on_record(ports: Ports, scope: Scope, evidence: Evidence) -> None:
    """The contact says what the evidence does. Repeating it changes nothing. Raises Missing."""
    said = evidence.consent()
    channels = ("email", "sms") if evidence.channel == "all" else (evidence.channel,)
    keys = [key_of(channel, evidence.purpose) for channel in channels]

    def write(contact: Contact) -> None:
        known = {key: contact.consent.get(key, Consent()) for key in keys}
        contact.consent |= {key: _settled(known[key], said, evidence) for key in keys}

    contacts.change(ports, scope, evidence.contact, write)


def _settled(known: Consent, said: Consent, evidence: Evidence) -> Consent:
    """A choice on the page settles all but what is to be confirmed first; a confirmation settles just that."""
    waits = known.status == "pending"
    own = (evidence.method == "preferences" and not waits) or (evidence.method == "double_opt_in" and waits)
    return said if own else renewed(known, said, evidence.recorded_at)


def last_word(ports: Ports, scope: Scope, contact: str, base: str) -> tuple[str, str | None]:
    """The id for evidence of a "no" that `base` names, and what was on record before. The same "no" again is the same
    evidence, unless they came back of their own accord in between."""
    before = on_record(ports, scope, contact)
    if before and before.startswith(base):
        return before, None
    came_back = before is not None and before.startswith((f"{contact}-p-", f"{contact}-d-"))
    return (f"{base}-{before[-12:]}" if before and came_back else base), before


def on_record(ports: Ports, scope: Scope, id: str, key: str = "email") -> str | None:
    """The evidence that the contact's consent now rests on, whatever else the contact holds."""
    found = ports.documents.get(scope, Kind.CONTACT, id)
    consent = ((found.body.get("consent") if found else None) or {}).get(key) or {}
    evidence = consent.get("evidence")
    return evidence if isinstance(evidence, str) else None


def _refuse_undoing(contact: Contact, said: ConsentRequest) -> None:
    for key in (said.channel, key_of(said.channel, said.purpose)):
        status = contact.consent.get(key, Consent()).status
        if status == "pending":
            raise Conflict("status", "they are asked to confirm it; only the link in the mail that asks them does")
        if status == "withdrawn":
            raise Conflict("status", f"they withdrew their consent to {key}; only they themselves can give it again")


def _evidence(keys: Keys, contact: Contact, by: str, said: ConsentRequest, now: datetime) -> Evidence:
    known = contact.consent.get(key_of(said.channel, said.purpose), Consent())
    granted = said.status == "granted"
    made = Evidence(
        **said.model_dump(exclude={"at", "ip", "user_agent", "basis", "opt_out_offered"}),
        id=f"{contact.id}-{uuid_utils.uuid7().hex}",
        contact=contact.id,
        at=said.at or now,
        recorded_at=now,
        by=by,
        method="api",
        basis=said.basis if granted else None,
        opt_out_offered=said.opt_out_offered or None,
        wording_digest=digest_of(said.wording),
        **Trace(str(said.ip) if said.ip else None, said.user_agent).blinded(keys.address),
        before=known.evidence,
    )
    return made.model_copy(update={"expires_at": made.consent().expires_at})
