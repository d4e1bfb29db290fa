"""What an import does to people: who is new, what changes, who is never to be written to, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from shared.agents.contacts.columns import CHANNELS
from shared.agents.contacts.entry import Declared, Entry
from shared.agents.contacts.merge import PLAIN, begun, merged
from shared.agents.contacts.records import path
from shared.agents.contacts.rows import No
from shared.domain.contact import Consent, Contact, contact_id
from shared.domain.imports import Example, Import, RowOutcome
from shared.domain.names import Kind
from shared.domain.policy import Channel
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports

CHUNK = 100
"""People per transaction."""
_LONGEST_WHY = 200
People = Mapping[str, list[Entry]]


@dataclass(frozen=True)
class Change:
    """What becomes of one person. `rev` None: the contact is not there yet; `named`: the identity document is."""

    contact: Contact | None
    """As it is to be; None: they get none."""
    rev: str | None
    named: bool
    outcome: RowOutcome
    entries: list[Entry]
    before: Contact
    no: No | None = None
    said: Mapping[Channel, Declared] = field(default_factory=dict)
    """What changes the consents on record."""

    @property
    def id(self) -> str:
        return self.before.id

    @property
    def is_written(self) -> bool:
        """Is the contact to be another than it is?"""
        return self.contact is not None and (self.rev is None or self.contact != self.before)


def people_of(ports: Ports, scope: Scope, found: Import, n: int) -> People:
    """The entries of batch `n` by person, with what is declared of the whole file."""
    people: dict[str, list[Entry]] = {}
    for line in ports.files.get(scope, path(found.id, "batches", f"{n}.jsonl")).splitlines():
        entry = _declared(Entry.model_validate_json(line), found)
        people.setdefault(entry.person, []).append(_asked_first(entry) if found.double_opt_in else entry)
    return people


def chunks_of(people: People) -> Iterator[People]:
    """As many people as one transaction takes."""
    rest = iter(people.items())
    while chunk := dict(islice(rest, CHUNK)):
        yield chunk


def plan(ports: Ports, scope: Scope, found: Import, people: People) -> list[Change]:
    """What is to become of these people, as the address book is now."""
    identities = _by_id(ports, scope, Kind.IDENTITY, list(people))
    ids = {p: identities[p].body["contact"] if p in identities else contact_id(p) for p in people}
    contacts = _by_id(ports, scope, Kind.CONTACT, list(ids.values()))
    return [
        _change(found, ids[person], entries, contacts.get(ids[person]), person in identities)
        for person, entries in people.items()
    ]


def tallied(changes: list[Change]) -> dict[str, int]:
    """Rows by outcome, and how many of the people may be written to by e-mail afterwards."""
    counts = Counter[str](each.outcome for each in changes)
    counts["merged"] = sum(len(each.entries) - 1 for each in changes)
    counts["agreed"] = sum(
        each.contact is not None and each.contact.consent.get("email", Consent()).status == "granted"
        for each in changes
        if not each.no
    )
    return dict(counts)


def examples(changes: list[Change]) -> Iterator[Example]:
    """Each row with what becomes of it and why."""
    for each in changes:
        first, *others = each.entries
        yield _example(first, each.outcome, _why(each))
        for other in others:
            where = f" of {first.file}" if first.file != other.file else ""
            yield _example(other, "merged", f"the same person as in line {first.line}{where}")


def _example(entry: Entry, outcome: RowOutcome, why: str) -> Example:
    return Example(outcome=outcome, line=entry.line, file=entry.file, email=entry.email, why=why[:_LONGEST_WHY])


def _why(change: Change) -> str:
    if change.no:
        at = next((each.no_at for each in change.entries if each.no_at), None)
        return f"{change.no}{f' on {at:%Y-%m-%d}' if at else ''}"
    if change.outcome == "updated" and change.contact:
        return "; ".join(_differences(change.before, change.contact))
    return ""


def _differences(before: Contact, after: Contact) -> Iterator[str]:
    for name in PLAIN:
        if getattr(before, name) != getattr(after, name):
            yield f"{name}: {getattr(before, name) or '–'} → {getattr(after, name)}"
    if new := [tag for tag in after.tags if tag not in before.tags]:
        yield f"tags: + {', '.join(new)}"
    for name, value in after.attributes.items():
        if before.attributes.get(name) != value:
            yield f"{name}: {before.attributes.get(name) or '–'} → {value}"
    for key, consent in after.consent.items():
        if (was := before.consent.get(key, Consent()).status) != consent.status:
            yield f"consent to {key}: {was} → {consent.status}"


def _change(found: Import, id: str, entries: list[Entry], stored: Document | None, named: bool) -> Change:
    first, no = entries[0], _no(entries)
    known = Contact.model_validate(stored.body) if stored else None
    start = known or begun(
        Contact(
            id=id, person=first.person, email=first.email, created_at=found.created_at, source=f"import {found.id}"
        ),
        first,
    )
    rev = stored.rev if stored else None
    if no and (known is None or no == "bounced"):
        return Change(known, rev, named, "suppressed", entries, start, no)
    told = [_withdrawal(found, each) for each in entries if each.no == "unsubscribed"] if no else entries
    contact = merged(start, told)
    outcome: RowOutcome = "created" if known is None else "unchanged" if contact == known else "updated"
    said = {
        each: _told_of(told, each, contact) for each in CHANNELS if contact.consent.get(each) != start.consent.get(each)
    }
    return Change(contact, rev, named, "suppressed" if no else outcome, entries, start, no, said)


def _no(entries: list[Entry]) -> No | None:
    """One row that says no outweighs all others; what a person said, what a mail server said."""
    said = {each.no for each in entries}
    return "unsubscribed" if "unsubscribed" in said else "bounced" if "bounced" in said else None


def _withdrawal(found: Import, entry: Entry) -> Entry:
    """What an export's "no" means for who is in the address book already."""
    told = Declared(status="withdrawn", source=f"unsubscribed at {found.origin or 'the source'}", at=entry.no_at)
    return Entry(person=entry.person, email=entry.email, consents={"email": told})


def _declared(entry: Entry, found: Import) -> Entry:
    """With the consent that whoever brought the file declares; what the row itself says counts more. A date without a
    yes is none."""
    own = entry.consents.get("email", Declared())
    if not entry.covered or (found.consent is None and own.status != "unknown"):
        return entry
    others = {channel: said for channel, said in entry.consents.items() if channel != "email"}
    if found.consent is None:
        return entry.model_copy(update={"consents": others})
    told = own.model_copy(
        update={
            "status": "granted",
            "at": own.at or found.consent.at or found.created_at,
            "source": own.source or found.consent.source,
            "wording": own.wording or found.consent.wording,
        }
    )
    return entry.model_copy(update={"consents": {**others, "email": told}})


def _asked_first(entry: Entry) -> Entry:
    """Who is said to have agreed to e-mail is to confirm it."""
    said = entry.consents.get("email")
    if said is None or said.status != "granted":
        return entry
    waits = said.model_copy(update={"status": "pending"})
    return entry.model_copy(update={"consents": {**entry.consents, "email": waits}})


def _told_of(entries: list[Entry], channel: Channel, contact: Contact) -> Declared:
    """The row that the consent comes from: the last that says what it now is."""
    said = [each.consents[channel] for each in entries if channel in each.consents]
    return next((each for each in reversed(said) if each.status == contact.consent[channel].status), said[-1])


def _by_id(ports: Ports, scope: Scope, kind: Kind, ids: list[str]) -> dict[str, Document]:
    found = ports.documents.find(scope, kind, [Filter("id", "in", ids)], limit=CHUNK)
    return {document.id: document for document in found.documents}
