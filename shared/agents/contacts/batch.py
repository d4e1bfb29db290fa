"""One batch of an import. What becomes of its rows is decided and stored once, before the first write; the writes can
then be repeated after any kill, and the counts stay (design 4.7, 4.11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
import uuid_utils

from shared.agents.contacts.columns import CHANNELS
from shared.agents.contacts.entry import Declared, Entry
from shared.agents.contacts.evidence import declaration, declare
from shared.agents.contacts.merge import begun, merged
from shared.agents.contacts.records import change, load, path
from shared.domain.consent import expires
from shared.domain.contact import Consent, Contact, contact_id
from shared.domain.evidence import Declaration, digest_of
from shared.domain.imports import Import, RowOutcome
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.policy import Channel
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Stale, Write

_CHUNK = 100
"""People per transaction."""
_People = Mapping[str, list[Entry]]
_Evidence = dict[tuple[str, Channel], str]
"""contact, channel -> the id of the evidence of the consent."""


def apply(ports: Ports, scope: Scope, id: str, n: int) -> Done:
    """Merge batch `n` into the address book and count its rows on the document."""
    found = load(ports, scope, id)
    chunks = list(_chunks(_people(ports, scope, found, n)))
    plans = [_plan(ports, scope, found, chunk) for chunk in chunks]
    outcomes = _decided(ports, scope, path(id, "outcomes", f"{n}.json"), plans)
    told = _evidenced(ports, scope, found, f"{id}-{n}", [each for plan in plans for each in plan])
    for chunk, plan in zip(chunks, plans, strict=True):
        _write(ports, scope, found, n, chunk, plan, told)
    change(ports, scope, id, lambda present: _count(present, n, outcomes))
    return Done(outcomes)


@dataclass(frozen=True)
class _Change:
    """What one person's contact is to be. `rev` None: it is not there yet; `named`: the identity document is."""

    contact: Contact
    rev: str | None
    named: bool
    outcome: RowOutcome
    repeats: int
    before: Contact
    said: Mapping[Channel, Declared]
    """What changes the consents on record."""


def _people(ports: Ports, scope: Scope, found: Import, n: int) -> _People:
    people: dict[str, list[Entry]] = {}
    for line in ports.files.get(scope, path(found.id, "batches", f"{n}.jsonl")).splitlines():
        entry = Entry.model_validate_json(line)
        people.setdefault(entry.person, []).append(_asked_first(entry) if found.double_opt_in else entry)
    return people


def _asked_first(entry: Entry) -> Entry:
    """Who is said to have agreed to e-mail is to confirm it."""
    said = entry.consents.get("email")
    if said is None or said.status != "granted":
        return entry
    waits = said.model_copy(update={"status": "pending"})
    return entry.model_copy(update={"consents": {**entry.consents, "email": waits}})


def _chunks(people: _People) -> Iterator[_People]:
    rest = iter(people.items())
    while chunk := dict(islice(rest, _CHUNK)):
        yield chunk


def _plan(ports: Ports, scope: Scope, found: Import, people: _People) -> list[_Change]:
    identities = _by_id(ports, scope, Kind.IDENTITY, list(people))
    ids = {p: identities[p].body["contact"] if p in identities else contact_id(p) for p in people}
    contacts = _by_id(ports, scope, Kind.CONTACT, list(ids.values()))
    return [
        _change(found, ids[person], entries, contacts.get(ids[person]), person in identities)
        for person, entries in people.items()
    ]


def _change(found: Import, id: str, entries: list[Entry], stored: Document | None, named: bool) -> _Change:
    first = entries[0]
    known = Contact.model_validate(stored.body) if stored else None
    start = known or begun(
        Contact(
            id=id, person=first.person, email=first.email, created_at=found.created_at, source=f"import {found.id}"
        ),
        first,
    )
    contact = merged(start, entries)
    outcome: RowOutcome = "created" if known is None else "unchanged" if contact == known else "updated"
    return _Change(
        contact,
        stored.rev if stored else None,
        named,
        outcome,
        len(entries) - 1,
        start,
        {
            each: _told_of(entries, each, contact)
            for each in CHANNELS
            if contact.consent.get(each) != start.consent.get(each)
        },
    )


def _told_of(entries: list[Entry], channel: Channel, contact: Contact) -> Declared:
    """The row that the consent comes from: the last that says what it now is."""
    said = [each.consents[channel] for each in entries if channel in each.consents]
    return next((each for each in reversed(said) if each.status == contact.consent[channel].status), said[-1])


def _evidenced(ports: Ports, scope: Scope, found: Import, id: str, plan: list[_Change]) -> _Evidence:
    """Evidence of every consent that this plan changes. It is on file before the contact says so."""
    told: _Evidence = {}
    for channel in CHANNELS:
        if channel == "email" or any(channel in each.said for each in plan):
            own = id if channel == "email" else f"{id}-{channel}"
            kept = _of_channel(ports, scope, found, own, channel, plan)
            told |= {(contact, channel): declared for contact, declared in kept.items()}
    return told


def _of_channel(
    ports: Ports, scope: Scope, found: Import, id: str, channel: Channel, plan: list[_Change]
) -> dict[str, str]:
    """contact -> the id of the evidence. What a run that was killed has declared stands, and what came between is
    declared again."""
    kept = declaration(ports, scope, id)
    told = {each.contact.id: id for each in plan if kept and _told(kept, each, channel)}
    rows = {
        each.contact.id: _row(found, each, channel)
        for each in plan
        if channel in each.said and each.contact.id not in told
    }
    if rows:
        other = id if kept is None else f"{id}-{uuid_utils.uuid7().hex}"
        declare(ports, scope, Declaration.of(other, f"import/{found.id}", _common(found, channel), rows))
        told |= dict.fromkeys(rows, other)
    if kept:
        declare(ports, scope, kept)
    return told


def _told(kept: Declaration, change: _Change, channel: Channel) -> bool:
    row, now = kept.rows.get(change.contact.id), change.contact.consent.get(channel, Consent())
    return row is not None and (row["status"], row.get("before")) == (now.status, _before(change, channel))


def _before(change: _Change, channel: Channel) -> str | None:
    """The evidence of consent on record until now."""
    return change.before.consent.get(channel, Consent()).evidence


def _common(found: Import, channel: Channel) -> dict[str, Any]:
    """What is the same for everybody in one file."""
    at = found.created_at.isoformat()
    form = f"import {found.id}, SHA-256 {found.digest}" if found.digest else f"import {found.id}"
    return {"recorded_at": at, "by": found.by, "method": "import", "channel": channel, "form": form}


def _row(found: Import, change: _Change, channel: Channel) -> dict[str, Any]:
    consent, said = change.contact.consent[channel], change.said[channel]
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
        "before": _before(change, channel),
    }
    return {name: value for name, value in told.items() if value is not None}


def _decided(ports: Ports, scope: Scope, file: str, plans: list[list[_Change]]) -> dict[str, int]:
    """The counts of this batch: those of the first run that got here."""
    counts = Counter[str](each.outcome for plan in plans for each in plan)
    counts["merged"] = sum(each.repeats for plan in plans for each in plan)
    ports.files.put(scope, file, orjson.dumps(dict(counts)), only_new=True)
    decided: dict[str, int] = orjson.loads(ports.files.get(scope, file))
    return decided


def _write(
    ports: Ports,
    scope: Scope,
    found: Import,
    n: int,
    people: _People,
    plan: list[_Change],
    told: _Evidence,
) -> None:
    """Write what differs; where somebody was faster, plan these people again."""
    while True:
        identities = [Write(each.contact.person, {"contact": each.contact.id}) for each in plan if not each.named]
        contacts = [
            Write(each.contact.id, _proved(each.contact, told).model_dump(mode="json"), each.rev)
            for each in plan
            if each.outcome != "unchanged"
        ]
        try:
            for kind, writes in ((Kind.IDENTITY, identities), (Kind.CONTACT, contacts)):
                if writes:
                    ports.documents.batch(scope, kind, writes)
            return
        except Stale:
            plan = _plan(ports, scope, found, people)
            told = _evidenced(ports, scope, found, f"{found.id}-{n}", plan)


def _proved(contact: Contact, told: _Evidence) -> Contact:
    proved = {
        each: contact.consent[each].model_copy(update={"evidence": told[contact.id, each]})
        for each in CHANNELS
        if (contact.id, each) in told
    }
    return contact.model_copy(update={"consent": {**contact.consent, **proved}}) if proved else contact


def _count(present: Import, n: int, outcomes: Mapping[str, int]) -> None:
    """Batches come one after another, so their number tells whether this one is counted already."""
    if present.batches_done == n:
        present.batches_done = n + 1
        present.count(outcomes)


def _by_id(ports: Ports, scope: Scope, kind: Kind, ids: list[str]) -> dict[str, Document]:
    found = ports.documents.find(scope, kind, [Filter("id", "in", ids)], limit=_CHUNK)
    return {document.id: document for document in found.documents}
