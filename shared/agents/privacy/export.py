"""Everything about one person, put together to be handed to them: JSON for a program to read, and a PDF (rule G5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import uuid_utils

from shared.agents.campaigns.explain import explain
from shared.agents.contacts.evidence import history
from shared.agents.contacts.records import contacts
from shared.agents.privacy.erase import STREAM, received
from shared.agents.privacy.files import files_naming
from shared.agents.privacy.messages import rows_of
from shared.agents.privacy.outside import outside
from shared.agents.privacy.places import Place, documents_about, everything, unreadable
from shared.agents.privacy.subject import subject
from shared.agents.records import Records
from shared.domain.data_use import KINDS, holding
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.opt_in import asked_contact
from shared.domain.privacy import Export, ExportFile, PrivacyRequest, month_after
from shared.domain.review import AUTOMATED
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports
from shared.render.export import export_pdf

SCHEMA = "baton-export-1"
KEPT = timedelta(days=30)
"""So long the files are here to be handed out."""
_EXPORTS = Records(Kind.EXPORT, Export)
_SHOWN_ELSEWHERE = (Kind.CONTACT, Kind.CONSENT, Kind.IDENTITY, Kind.IDEMPOTENCY, Kind.EXPORT)


def export(ports: Ports, scope: Scope, id: str, by: str, request: PrivacyRequest) -> Export:
    """Put everything together that this workspace, and the agency, hold about a contact. Raises Missing, Rejected."""
    person, now = contacts.load(ports, scope, id).person, ports.clock.now()
    asked = received(request, now)
    found = everything_about(ports, scope, id, now)
    made = uuid_utils.uuid7().hex
    contents = {
        "export.json": orjson.dumps(found, option=orjson.OPT_INDENT_2),
        "export.pdf": export_pdf(found, ports.fonts),
    }
    kept = Export(
        id=made,
        contact=id,
        person=person,
        requested_by=request.requested_by,
        checked=request.checked,
        received_at=asked,
        due=month_after(asked),
        by=by,
        created_at=now,
        until=now + KEPT,
        files=[_kept(ports, scope, made, name, content) for name, content in contents.items()],
    )
    ports.documents.put(scope, Kind.EXPORT, made, kept.model_dump(mode="json"))
    said = {"export": made, "requested_by": kept.requested_by, "checked": kept.checked}
    ports.journal.append(scope, STREAM, now, by, "exported", said)
    return kept


def get(ports: Ports, scope: Scope, id: str) -> Export:
    """Raises Missing."""
    return _EXPORTS.load(ports, scope, id)


def file(ports: Ports, scope: Scope, id: str, name: str) -> bytes:
    """One of its files. Raises Missing, also when its time is over."""
    found = next((each for each in get(ports, scope, id).files if each.name == name), None)
    try:
        return ports.files.get(scope, found.path if found else "")
    except (FileNotFoundError, ValueError):
        raise Missing("file", name) from None


def expire(ports: Ports, scope: Scope) -> int:
    """Remove what was handed out long enough ago; returns how many exports."""
    before = Filter("created_at", "lt", (ports.clock.now() - KEPT).isoformat())
    old = list(everything(ports, scope, Kind.EXPORT, before))
    for each in old:
        for kept in each.body["files"]:
            ports.files.delete(scope, kept["path"])
        ports.documents.delete(scope, Kind.EXPORT, each.id)
    return len(old)


def everything_about(ports: Ports, scope: Scope, id: str, now: datetime) -> dict[str, Any]:
    """What is handed out, as plain JSON. What says something of others as well is named, or cut to what names them."""
    contact = contacts.load(ports, scope, id)
    who = subject(ports, scope.tenant, contact.person, {scope.workspace: id})
    places = [
        Place(ports, each, who, rows_of(ports, each, contact.person, id if each == scope else None))
        for each in (scope, scope.agency)
    ]
    messages = [row for place in places for row in ports.ledger.of_person(place.scope, place.rows)]
    return {
        "schema": SCHEMA,
        "made_at": now.isoformat(),
        "workspace": scope.workspace,
        "contact": contact.model_dump(mode="json"),
        "consents": [each.model_dump(mode="json", exclude_none=True) for each in history(ports, scope, id)],
        "messages": [_message(ports, scope, id, row) for row in messages],
        "records": {
            kind.value: told for kind in KINDS if (told := [each for place in places for each in _told(place, kind)])
        },
        "named_in": sorted({name for place in places for name in _named_in(place)}),
        "unreadable": sorted(
            {f"{kind}/{each.id}" for place in places for kind in KINDS for each in unreadable(place, kind)}
        ),
        "outside": outside(ports),
        "decisions": [each._asdict() for each in AUTOMATED],
        "backups": "Copies that the operator makes of the home are not searched; they hold no more than this.",
    }


def _message(ports: Ports, scope: Scope, contact: str, row: LedgerRow) -> dict[str, Any]:
    asked = asked_contact(row.campaign) is not None
    told = None if asked else explain(ports, scope, row.campaign, contact)
    return {
        "campaign": row.campaign,
        "name": told.name if told else "the mail that asked them to confirm",
        "state": row.state,
        "due": row.due.isoformat(),
        "left_at": row.intended_at.isoformat() if row.intended_at else None,
        "why": told.sentence if told else row.held or "they were signed up",
    }


def _told(place: Place, kind: Kind) -> Iterator[dict[str, Any]]:
    """Documents about them alone as a whole; of the machine's records the texts that name them."""
    handling = holding(kind).erasure
    if kind in _SHOWN_ELSEWHERE or handling not in ("deleted", "redacted", "anonymised", "kept"):
        return
    for each in documents_about(place, kind):
        texts = [text for text in _texts(each.body) if place.who.named_in(text)]
        yield {"id": each.id, **({"texts": texts} if handling == "redacted" else {"record": each.body})}


def _named_in(place: Place) -> Iterator[str]:
    """Texts that are about others, too: where, not what."""
    for kind in KINDS:
        if holding(kind).erasure == "listed":
            yield from (f"{kind}/{each.id}" for each in documents_about(place, kind))
    yield from (f"files/{path}" for path in files_naming(place))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)


def _kept(ports: Ports, scope: Scope, id: str, name: Any, content: bytes) -> ExportFile:
    path = f"exports/{id}/{name}"
    ports.files.put(scope, path, content)
    return ExportFile(name=name, path=path, bytes=len(content), digest=hashlib.sha256(content).hexdigest())
