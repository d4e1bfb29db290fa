"""Evidence of every consent that a batch of a file changes: a declaration for the people of the batch (rule G1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils

from shared.agents.contacts.columns import CHANNELS
from shared.agents.contacts.evidence import declaration, declare
from shared.agents.contacts.plan import Change
from shared.domain.consent import expires
from shared.domain.contact import Consent, Contact
from shared.domain.evidence import Declaration, digest_of
from shared.domain.imports import Import
from shared.domain.policy import Channel
from shared.domain.scope import Scope
from shared.ports import Ports

Proofs = Mapping[tuple[str, Channel], str]
"""contact, channel -> the id of the evidence of the consent."""


def evidenced(ports: Ports, scope: Scope, found: Import, id: str, changes: list[Change]) -> Proofs:
    """Evidence of every consent that these changes bring. It is on file before the contact says so."""
    told: dict[tuple[str, Channel], str] = {}
    for channel in CHANNELS:
        if channel == "email" or any(channel in each.said for each in changes):
            own = id if channel == "email" else f"{id}-{channel}"
            kept = _of_channel(ports, scope, found, own, channel, changes)
            told |= {(contact, channel): declared for contact, declared in kept.items()}
    return told


def _of_channel(
    ports: Ports, scope: Scope, found: Import, id: str, channel: Channel, changes: list[Change]
) -> dict[str, str]:
    """contact -> the id of the evidence. What a run that was killed has declared stands, and what came between is
    declared again."""
    kept = declaration(ports, scope, id)
    told = {each.id: id for each in changes if kept and each.contact and _told(kept, each, each.contact, channel)}
    rows = {
        each.id: _row(found, each, each.contact, channel)
        for each in changes
        if each.contact and channel in each.said and each.id not in told
    }
    if rows:
        other = id if kept is None else f"{id}-{uuid_utils.uuid7().hex}"
        declare(ports, scope, Declaration.of(other, f"import/{found.id}", _common(found, channel), rows))
        told |= dict.fromkeys(rows, other)
    if kept:
        declare(ports, scope, kept)
    return told


def _told(kept: Declaration, change: Change, contact: Contact, channel: Channel) -> bool:
    row, now = kept.rows.get(change.id), contact.consent.get(channel, Consent())
    return row is not None and (row["status"], row.get("before")) == (now.status, _before(change, channel))


def _before(change: Change, channel: Channel) -> str | None:
    """The evidence of consent on record until now."""
    return change.before.consent.get(channel, Consent()).evidence


def _common(found: Import, channel: Channel) -> dict[str, Any]:
    """What is the same for everybody in one file."""
    at = found.created_at.isoformat()
    form = f"import {found.id}, SHA-256 {found.digest}" if found.digest else f"import {found.id}"
    return {"recorded_at": at, "by": found.by, "method": "import", "channel": channel, "form": form}


def _row(found: Import, change: Change, contact: Contact, channel: Channel) -> dict[str, Any]:
    consent, said = contact.consent[channel], change.said[channel]
    until = expires(consent) if consent.status == "granted" else None
    told = {
        "at": (consent.at or found.created_at).isoformat(),
        "status": consent.status,
        "source": consent.source,
        "basis": consent.basis,
        "jurisdiction": consent.jurisdiction,
        "expires_at": until.isoformat() if until else None,
        "wording": said.wording,
        "wording_digest": digest_of(said.wording),
        "ip": said.ip,
        "before": _before(change, channel),
    }
    return {name: value for name, value in told.items() if value is not None}
