"""An import is taken back: what it wrote and nobody has changed since becomes what it was. A "no" stays, whoever said
it (rule G4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import orjson

from shared.agents.contacts.images import Image, Images
from shared.agents.contacts.merge import PLAIN
from shared.agents.contacts.records import path
from shared.domain.contact import Consent, Contact
from shared.domain.imports import Import, Undone
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Stale, Write

_CHUNK = 100


def take_back(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
    """Undo what batch `n` wrote; how many contacts are gone, as before, or changed since. Repeatable: what the first
    run decided is what is counted."""
    chunks = list(_chunks(Images(ports, scope, found.id, n)))
    decided = Counter[str](undone for chunk in chunks for undone, _ in _decide(ports, scope, chunk))
    place = path(found.id, "undo", f"{n}.json")
    ports.files.put(scope, place, orjson.dumps(decided), only_new=True)
    for chunk in chunks:
        _write(ports, scope, chunk)
    counts: dict[str, int] = orjson.loads(ports.files.get(scope, place))
    return counts


def _write(ports: Ports, scope: Scope, chunk: list[Image]) -> None:
    while True:
        writes = [write for _, write in _decide(ports, scope, chunk) if write]
        try:
            if writes:
                ports.documents.batch(scope, Kind.CONTACT, writes)
            return
        except Stale:
            continue


def _decide(ports: Ports, scope: Scope, chunk: list[Image]) -> Iterator[tuple[Undone, Write | None]]:
    ids = [each.after.id for each in chunk]
    page = ports.documents.find(scope, Kind.CONTACT, [Filter("id", "in", ids)], limit=_CHUNK)
    present = {document.id: document for document in page.documents}
    for image in chunk:
        yield _back(image, present.get(image.after.id))


def _back(image: Image, document: Document | None) -> tuple[Undone, Write | None]:
    """What becomes of one contact. One that the import made goes if nobody has touched it since, and if they did not
    say no in the file."""
    before, after = image
    if document is None:
        return "removed", None
    present = Contact.model_validate(document.body)
    if before is None and _plain(present) == _plain(after) and not _says_no(after):
        return "removed", Write(present.id, None, document.rev)
    back = restored(present, before or _bare(after), after)
    if back == present:
        return "kept", None
    return "restored", Write(present.id, back.model_dump(mode="json"), document.rev)


def restored(present: Contact, before: Contact, after: Contact) -> Contact:
    """The contact as it was before, but for what was changed after the import, and for every "no". Pure."""
    plain = {
        name: getattr(before, name)
        for name in (*PLAIN, "found")
        if getattr(present, name) == getattr(after, name) != getattr(before, name)
    }
    given = set(after.tags) - set(before.tags)
    attributes = {
        name: value
        for name, value in present.attributes.items()
        if not (after.attributes.get(name) == value != before.attributes.get(name))
    }
    changed = {name for name in after.attributes if name not in attributes and name in before.attributes}
    return present.model_copy(
        update={
            **plain,
            "tags": [tag for tag in present.tags if tag not in given],
            "attributes": attributes
            | {name: before.attributes[name] for name in changed if name in present.attributes},
            "consent": dict(_consents(present, before, after)),
        }
    )


def _consents(present: Contact, before: Contact, after: Contact) -> Iterator[tuple[str, Consent]]:
    for key, consent in present.consent.items():
        was, made = before.consent.get(key), after.consent.get(key)
        is_ours = made is not None and _unproved(consent) == _unproved(made) and made != was
        if not is_ours or consent.status == "withdrawn":
            yield key, consent
        elif was is not None:
            yield key, was


def _bare(contact: Contact) -> Contact:
    """Who is in the address book and of whom nothing is known."""
    kept = ("id", "person", "email", "created_at", "source")
    return Contact(**{name: getattr(contact, name) for name in kept})


def _plain(contact: Contact) -> Contact:
    """The proof of a consent has an id of its own each time it is declared."""
    return contact.model_copy(update={"consent": {key: _unproved(each) for key, each in contact.consent.items()}})


def _unproved(consent: Consent) -> Consent:
    return consent.model_copy(update={"evidence": None})


def _says_no(contact: Contact) -> bool:
    return any(consent.status == "withdrawn" for consent in contact.consent.values())


def _chunks(images: Images) -> Iterator[list[Image]]:
    rest = iter(images)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
