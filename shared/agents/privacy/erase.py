"""Erasure of one person from every store, step by step, each of which can be done again after a kill (rule G6).

First the "no": the gate holds what is still planned for them, with the reason `erased`. Then store after store of each
workspace; the address book last, because their address is what texts are searched for. What was found is written down
before it is erased, so that the certificate counts it once, however often a step is begun."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import uuid_utils

from shared.agents.contacts.records import contacts
from shared.agents.contacts.suppression import suppress
from shared.agents.privacy.files import files_naming, import_files, imports_running, take_out
from shared.agents.privacy.messages import rows_of, with_words
from shared.agents.privacy.outside import outside
from shared.agents.privacy.places import Place, documents_about, unreadable
from shared.agents.privacy.subject import contacts_of, subject
from shared.agents.records import Records
from shared.agents.scopes import register, registered
from shared.agents.tables import FOLDER as TABLES
from shared.domain.conversion import anonymous
from shared.domain.data_use import FILES, KINDS, STORES, Handling, holding
from shared.domain.evidence import Declaration
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.inquiry import mark_of
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Outcome, Refused
from shared.domain.privacy import Erasure, PrivacyRequest, month_after
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.ports import Document, Order, Ports, RowRef, Stale
from shared.render.privacy import certificate_pdf

STREAM = "privacy"
"""The journal's stream of a workspace that says who ordered what on whose request."""
_ERASURES = Records(Kind.ERASURE, Erasure)
_LAST = (Kind.CONTACT, Kind.IDENTITY)
_WHILE_IMPORTING = timedelta(seconds=20)
_AHEAD = timedelta(minutes=5)


def order(ports: Ports, scope: Scope, id: str, by: str, request: PrivacyRequest) -> Erasure:
    """Take the order in; the caller starts its flow, and should it die first, the sweep does. From now on nothing
    leaves for this person. An erasure that is under way is not ordered twice. Raises Missing, Rejected."""
    person, now = contacts.load(ports, scope, id).person, ports.clock.now()
    asked = received(request, now)
    register(ports, scope)
    places = [each for each in registered(ports, scope.tenant) if each != scope.agency]
    made = Erasure(
        id=hashlib.sha256(f"{person}|{id}".encode()).hexdigest()[:16] + uuid_utils.uuid7().hex[:16],
        contact=id,
        person=person,
        requested_by=request.requested_by,
        checked=request.checked,
        received_at=asked,
        due=month_after(asked),
        by=by,
        workspaces=[each.workspace for each in places] + [scope.agency.workspace],
        contacts={**contacts_of(ports, places, person), scope.workspace: id},
        started_at=now,
    )
    running = [each for each in listing(ports, scope)[0] if (each.person, each.status) == (person, "running")]
    if running:
        return running[0]
    suppress(ports, scope, person, "erased")
    ports.documents.put(scope, Kind.ERASURE, made.id, made.model_dump(mode="json"))
    said = {"erasure": made.id, "requested_by": made.requested_by, "checked": made.checked}
    ports.journal.append(scope, STREAM, now, by, "erasure_ordered", said)
    return made


def received(request: PrivacyRequest, now: datetime) -> datetime:
    """When they asked. Raises Rejected for a time to come."""
    if request.received_at and request.received_at > now + _AHEAD:
        raise Rejected(FieldError("received_at", "must not lie in the future"))
    return request.received_at or now


def get(ports: Ports, scope: Scope, id: str) -> Erasure:
    """An erasure as it stands. Raises Missing."""
    return _ERASURES.load(ports, scope, id)


def listing(
    ports: Ports, scope: Scope, limit: int = 100, cursor: str | None = None
) -> tuple[list[Erasure], str | None]:
    """Erasures, newest first. Raises Rejected for a cursor that is none."""
    try:
        newest = Order("started_at", descending=True)
        page = ports.documents.find(scope, Kind.ERASURE, (), newest, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Erasure.model_validate(document.body) for document in page.documents], page.cursor


def certificate_path(id: str) -> str:
    """Where the certificate lies."""
    return f"erasures/{id}/certificate.pdf"


def again(ports: Ports, scope: Scope, id: str) -> None:
    """Its flow broke: the sweep starts the next, which goes on where this one stopped."""

    def next_one(found: Erasure) -> None:
        if found.status == "running":
            found.attempt += 1

    _ERASURES.change(ports, scope, id, next_one)


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step: `{scope, erasure, op: "workspace", workspace}`, then op `people`, then `finish`."""
    scope = Scope(*order["scope"])
    try:
        found = get(ports, scope, order["erasure"])
    except Missing as missing:
        return Refused(*missing.error)
    if found.status == "completed":
        return Done()
    match order["op"]:
        case "workspace":
            return _workspace(ports, scope, found, order["workspace"])
        case "people":
            return _people(ports, scope, found)
        case "finish":
            return _finish(ports, scope, found)
        case other:
            return Refused("op", f"there is no step {other!r}; there are workspace, people and finish")


def _workspace(ports: Ports, home: Scope, found: Erasure, workspace: str) -> Outcome:
    suppress(ports, home, found.person, "erased")  # whoever let them write again meanwhile may no longer
    step = _Step(ports, home, found, _place(ports, found, Scope(home.tenant, workspace)))
    if imports_running(step.place):
        return Later(ports.clock.now() + _WHILE_IMPORTING, "import_running")
    step.messages()
    step.files()
    for kind in KINDS:
        if kind not in _LAST:
            step.documents(kind)
            step.unreadable(kind)
    return Done()


def _people(ports: Ports, home: Scope, found: Erasure) -> Outcome:
    for workspace in found.workspaces:
        step = _Step(ports, home, found, _place(ports, found, Scope(home.tenant, workspace)))
        if imports_running(step.place):
            return Later(ports.clock.now() + _WHILE_IMPORTING, "import_running")
        for kind in _LAST:
            step.documents(kind)
    return Done()


def _finish(ports: Ports, home: Scope, found: Erasure) -> Outcome:
    if ports.scrub:
        ports.scrub()
    kept = {"journal": 0, "history": 0, **({"disk": 0} if ports.scrub else {})}
    now = ports.clock.now()

    def close(present: Erasure) -> None:
        for store in kept:
            present.of(home.workspace, store, STORES[store].erasure)
        present.completed_at, present.outside = present.completed_at or now, outside(ports)
        present.hosts = list(ports.hosts)
        present.certificate = digest(present.said())

    closed = _ERASURES.change(ports, home, found.id, close)
    pdf = certificate_pdf(closed, ports.fonts)
    ports.files.put(home, certificate_path(found.id), pdf)
    said = {"erasure": closed.id, "digest": closed.certificate}
    facts = ports.journal.read(home, f"{STREAM}/{closed.id}")
    if not any(fact.data == said for fact in facts):
        ports.journal.append(home, f"{STREAM}/{closed.id}", now, closed.by, "erased", said)

    def complete(present: Erasure) -> None:
        present.status = "completed"

    _ERASURES.change(ports, home, found.id, complete)
    return Done()


def _place(ports: Ports, found: Erasure, scope: Scope) -> Place:
    who = subject(ports, scope.tenant, found.person, found.contacts)
    return Place(ports, scope, who, rows_of(ports, scope, found.person, found.contacts.get(scope.workspace)))


class _Step:
    """The stores of one workspace, one after the other."""

    def __init__(self, ports: Ports, home: Scope, found: Erasure, place: Place) -> None:
        self._ports, self._home, self._found, self.place = ports, home, found, place

    def messages(self) -> None:
        """What the ledger and the outbox hold beyond keyed hashes."""
        ports, scope, refs = self._ports, self.place.scope, self.place.rows
        self._treat("ledger", STORES["ledger"].erasure, self._rows_with_words, self._redact)
        if copies := ports.outbox:
            keys = [ref.key for ref in refs]
            self._treat(
                "outbox",
                STORES["outbox"].erasure,
                lambda: copies.kept(scope, keys),
                lambda key: copies.forget(scope, [key]),
            )

    def files(self) -> None:
        """Imports without their rows; what else names them is listed."""
        self._treat(
            "files imports/",
            FILES["imports/"].erasure,
            lambda: list(import_files(self.place)),
            lambda path: take_out(self.place, path),
        )
        self._treat(
            f"files {TABLES}",
            FILES[TABLES].erasure,
            lambda: list(self._ports.files.list(self.place.scope, TABLES)),
            lambda path: self._ports.files.delete(self.place.scope, path),
        )
        self._treat("files", "listed", lambda: list(files_naming(self.place)), None, lambda path: f"files/{path}")

    def documents(self, kind: Kind) -> None:
        """One kind of document, as `data_use` says."""
        handling = holding(kind).erasure
        if handling == "nobody":
            return
        act: Callable[[Document], Any] | None = {
            "deleted": lambda each: self._delete(kind, each),
            "entry": lambda each: self._delete_entry(kind, each),
            "redacted": lambda each: self._rewrite(kind, each, self.place.who.taken_out(each.body)),
            "anonymised": lambda each: self._rewrite(kind, each, anonymous(each.body)),
        }.get(handling)
        self._treat(
            kind, handling, lambda: list(documents_about(self.place, kind)), act, lambda each: f"{kind}/{each.id}"
        )

    def unreadable(self, kind: Kind) -> None:
        """What cannot be decrypted, as far as it is known: named, for nobody can say here whom it is about."""
        self._treat(
            f"{kind} (unreadable)",
            "unreadable",
            lambda: list(unreadable(self.place, kind)),
            None,
            lambda each: f"{kind}/{each.id}",
        )

    def _treat(
        self,
        store: str,
        handling: Handling,
        find: Callable[[], Sequence[Any]],
        act: Callable[[Any], Any] | None,
        name: Callable[[Any], str] | None = None,
    ) -> None:
        """Look, write down how much there is, erase, look again."""
        here = find()
        before = self._found.of(self.place.scope.workspace, store, handling).found
        self._found.treated = [each for each in self._found.treated if each.found]
        if not here and not before:
            return
        places = [name(each) for each in here[:_LISTED]] if handling in _NAMED and name else []
        self._note(store, handling, len(here), len(here), places)
        for each in here if act else ():
            act(each)  # type: ignore[misc]
        self._note(store, handling, len(here), len(find()) if act else len(here), places)

    def _note(self, store: str, handling: Handling, found: int, left: int, places: list[str]) -> None:
        def write(present: Erasure) -> None:
            entry = present.of(self.place.scope.workspace, store, handling)
            entry.found, entry.left, entry.places = max(entry.found, found), left, places
            entry.erased = entry.found - left

        self._found = _ERASURES.change(self._ports, self._home, self._found.id, write)

    def _rows_with_words(self) -> list[RowRef]:
        rows = self._ports.ledger.of_person(self.place.scope, self.place.rows)
        return [RowRef(row.campaign, row.shard, row.key) for row in rows if with_words(row)]

    def _redact(self, ref: RowRef) -> None:
        for row in self._ports.ledger.of_person(self.place.scope, [ref]):
            detail = row.detail if mark_of(row.detail) else None
            self._ports.ledger.redact(self.place.scope, ref, detail)

    def _delete(self, kind: Kind, found: Document) -> None:
        if kind == Kind.EXPORT:
            for file in found.body["files"]:
                self._ports.files.delete(self.place.scope, file["path"])
        self._ports.documents.delete(self.place.scope, kind, found.id)

    def _delete_entry(self, kind: Kind, found: Document) -> None:
        if "rows" not in found.body:
            self._delete(kind, found)
            return
        declared = Declaration.model_validate(found.body)
        declared.rows.pop(self.place.contact or "", None)
        self._rewrite(kind, found, declared.model_dump(mode="json"))

    def _rewrite(self, kind: Kind, found: Document, body: dict[str, Any]) -> None:
        """Against the version that was read; what changed meanwhile is found again by the next look."""
        try:
            self._ports.as_found.put(self.place.scope, kind, found.id, resealed(kind, body), found.rev)
        except Stale:
            return


_NAMED: tuple[Handling, ...] = ("listed", "unreadable")
"""Where a person has to look."""
_LISTED = 100
"""Places that are named of one store; the count goes on."""


def resealed(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """A record of the tape with the checksums of what it holds now: else a replay would take it for damaged."""
    from shared.agents.asking.tape import answer_digest, checksum

    if kind != Kind.TAPE:
        return body
    if "found" in body:
        return {**body, "digest": checksum(body["found"])}
    return {**body, "answered": answer_digest(body)} if "answered" in body else body
