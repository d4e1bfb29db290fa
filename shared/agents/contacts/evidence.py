"""Evidence of consent on file: written once, its digest in the journal, read back and checked (rule G1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared.domain.contact import Contact
from shared.domain.evidence import Declaration, Evidence
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Fact, Ports, Stale

WHAT = "consent"
"""What its facts are called, unless they say more."""
_PAGE = 100


class Verified(Evidence):
    """Evidence, and whether it is the one that the journal has a digest of."""

    verified: bool


def keep(ports: Ports, scope: Scope, evidence: Evidence, what: str = WHAT, **data: str) -> Evidence:
    """Store it, then its digest on the person's stream. Repeating it (same id) changes nothing: the first stands.

    Returns the one that stands."""
    evidence = evidence.model_copy(update={"others": _others(ports, scope, evidence)})
    kept = Evidence.model_validate(_once(ports, scope, evidence.id, evidence.model_dump(mode="json")))
    told = {**data, "evidence": kept.id, "digest": kept.digest()}
    _note_once(ports, scope, stream_of(kept.contact), kept.recorded_at, kept.by, what, told)
    return kept


def _others(ports: Ports, scope: Scope, evidence: Evidence) -> list[str] | None:
    """Named here, or nobody would find it again once this one takes its place on the contact."""
    found = ports.documents.get(scope, Kind.CONTACT, evidence.contact)
    consents = Contact.model_validate(found.body).consent.values() if found else ()
    known = {each.evidence for each in consents if each.evidence} - {evidence.before, evidence.id}
    return sorted(known) or None


def declare(ports: Ports, scope: Scope, declared: Declaration) -> Declaration:
    """The same for many people of one file."""
    kept = Declaration.model_validate(_once(ports, scope, declared.id, declared.model_dump(mode="json")))
    at, by = datetime.fromisoformat(kept.common["recorded_at"]), kept.common["by"]
    data = {"evidence": kept.id, "digest": kept.digest(), "people": len(kept.leaves)}
    _note_once(ports, scope, kept.stream, at, by, WHAT, data)
    return kept


def declaration(ports: Ports, scope: Scope, id: str) -> Declaration | None:
    """The declaration of this id, if there is one."""
    found = ports.documents.get(scope, Kind.CONSENT, id)
    return Declaration.model_validate(found.body) if found and "rows" in found.body else None


def history(ports: Ports, scope: Scope, contact: str) -> list[Verified]:
    """All evidence about a person, oldest first, each checked against the journal. Raises Missing."""
    known = ports.documents.get(scope, Kind.CONTACT, contact)
    own = [Evidence.model_validate(body) for body in _of(ports, scope, contact)]
    if known is None and not own:
        raise Missing("contact", contact)
    facts = _digests(ports, scope, stream_of(contact))
    found = [Verified(**each.model_dump(), verified=facts.get(each.id) == each.digest()) for each in own]
    found += _declared(ports, scope, contact, _places(known.body if known else None, own))
    return sorted(found, key=lambda each: (each.recorded_at, each.id))


def stream_of(contact: str) -> str:
    """The person's stream of the journal."""
    return f"contact/{contact}"


def _of(ports: Ports, scope: Scope, contact: str) -> Iterator[Body]:
    cursor = None
    while True:
        asked = [Filter("id", "prefix", f"{contact}-")]
        page = ports.documents.find(scope, Kind.CONSENT, asked, None, _PAGE, cursor)
        yield from (document.body for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _places(contact: Body | None, own: list[Evidence]) -> set[str]:
    """Where the trail of declarations begins: what is on record now, and what was before each evidence of its own."""
    consents = Contact.model_validate(contact).consent.values() if contact else ()
    trail = {each.evidence for each in consents} | {each.before for each in own}
    trail |= {other for each in own for other in each.others or ()}
    return {id for id in trail if id} - {each.id for each in own}


def _declared(ports: Ports, scope: Scope, contact: str, places: set[str]) -> list[Verified]:
    found: dict[str, Verified] = {}
    while places:
        kept = declaration(ports, scope, places.pop())
        said = kept.evidence(contact) if kept else None
        if kept is None or said is None or said.id in found:
            continue
        facts = _digests(ports, scope, kept.stream)
        holds = kept.holds(contact) and facts.get(kept.id) == kept.digest()
        found[said.id] = Verified(**said.model_dump(), verified=holds)
        if said.before:
            places.add(said.before)
    return list(found.values())


def _digests(ports: Ports, scope: Scope, stream: str) -> dict[str, str]:
    """evidence -> digest, as the stream has it; nothing if its chain does not hold."""
    try:
        ports.journal.verify(scope, stream)
    except ValueError:
        return {}
    facts = (fact for fact in _facts(ports, scope, stream) if "evidence" in fact.data)
    return {str(fact.data["evidence"]): str(fact.data["digest"]) for fact in facts}


def _facts(ports: Ports, scope: Scope, stream: str) -> Iterator[Fact]:
    after = 0
    while facts := ports.journal.read(scope, stream, after):
        yield from facts
        after = facts[-1].seq


def _once(ports: Ports, scope: Scope, id: str, body: Body) -> Body:
    """The body that is stored under this id for good."""
    try:
        return ports.documents.put(scope, Kind.CONSENT, id, body).body
    except Stale:
        found = ports.documents.get(scope, Kind.CONSENT, id)
        return found.body if found else body


def _note_once(
    ports: Ports, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]
) -> None:
    """Looking first makes up for a kill between the writes."""
    if not any(fact.data.get("evidence") == data["evidence"] for fact in _facts(ports, scope, stream)):
        ports.journal.append(scope, stream, at, by, what, data)
