"""A person who is put everywhere, and looked for in every byte of a home afterwards."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.agents.asking.tape import answer_digest
from shared.agents.privacy import erase
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.domain.privacy import Erasure, PrivacyRequest
from shared.domain.scope import Scope
from shared.ports import Ports, RowRef
from tests.integration.agents.conftest import SCOPE

EMAIL, FIRST, LAST, PHONE = "Kanari.Vogel@canary.example", "Kanari", "Vogelsang", "+49 151 23456789"
NAMED = f"{FIRST} {LAST} <{EMAIL}>, {PHONE}"
ROWS = (
    "email,first_name,last_name,phone,city,consent,consent_source,consent_wording,beruf\n"
    f"{EMAIL},{FIRST},{LAST},{PHONE},Käfigstadt,yes,form at the vogelmesse,Ja bitte an vogelsang,Vogelsangtrainer\n"
    "other@people.example,Olga,Other,,Ulm,yes,form,Yes,\n"
)
LOST = f"email,consent\n{EMAIL.replace('@', '@@')},yes\nolga2@people.example,yes\n"
TRACES = tuple(
    text.encode()
    for text in ("kanari.vogel", "vogelsang", "15123456789", "151 23456789", "vogelmesse", "k\u00e4figstadt")
)
"""In lower case: what no file of the home may hold afterwards."""
TRUNCATED = base64.b64encode(b"xx" + EMAIL.encode())[4:24]


def _reply(text: str) -> dict[str, Any]:
    return {"digest": "d", "at": "2027-03-02T09:00:00+00:00", "reply": {
        "status": 201, "headers": {}, "content": base64.b64encode(text.encode()).decode()}}  # fmt: skip


def _taped() -> dict[str, Any]:
    said = {"key": "k", "agent": "writer", "question": f"Write to {NAMED}", "data": {"to": EMAIL.upper()}, "text": "",
            "calls": [], "model": "m", "at": "2027-03-02T09:00:00+00:00"}  # fmt: skip
    return {**said, "answered": answer_digest(said)}


Plant = Callable[[Contact, RowRef], tuple[str, dict[str, Any]]]
AT = "2027-03-02T09:00:00+00:00"
PLANTS: Mapping[Kind, Plant] = {
    Kind.OPT_IN: lambda who, row: (who.id, {"contact": who.id, "person": who.person, "form": NAMED, "state": "sent"}),
    Kind.RESERVATION: lambda who, row: (who.person, {"uses": [[AT, "email", row.key]], "of": NAMED}),
    Kind.ENGAGEMENT: lambda who, row: (f"{row.campaign}-{row.key}-reply", {"person": who.person, "said": NAMED}),
    Kind.RETURN: lambda who, row: ("r", {"person": who.person, "trouble": "soft", "at": AT, "said": NAMED}),
    Kind.CONVERSION: lambda who, row: (
        "c",
        {"person": who.person, "contact": who.id, "order": NAMED, "reference": EMAIL, "key": row.key, "micros": 1},
    ),
    Kind.POSITION: lambda who, row: (f"j-{who.id}-1", {"journey": "j", "contact": who.id, "of": NAMED}),
    Kind.NEEDS: lambda who, row: (
        "d",
        {
            "statements": [{"id": "1", "quote": f"{NAMED} needs a website"}],
            "messages": [{"id": 1, "said_by": f"{NAMED} <{EMAIL}>"}],
            "askings": [{"id": "a", "to": EMAIL, "note": NAMED}],
            "waits": False,
        },
    ),
    Kind.DEAL: lambda who, row: (
        "d",
        {"stage": "new", "changed_at": AT, "notes": [{"at": AT, "by": "o", "text": NAMED}]},
    ),
    Kind.JOURNEY_EVENT: lambda who, row: (f"{who.id}-bought", {"contact": who.id, "name": "bought", "of": NAMED}),
    Kind.FEEDBACK: lambda who, row: ("f", {"person": who.person, "contact": who.id, "at": AT, "said": NAMED}),
    Kind.INQUIRY: lambda who, row: (
        f"{row.campaign}-{row.key}",
        {"campaign": row.campaign, "key": row.key, "attempt": 1, "asked": [{"whom": "x", "at": AT, "answer": NAMED}]},
    ),
    Kind.HANDED: lambda who, row: ("id-of-provider", {"key": row.key, "at": AT, "to": EMAIL}),
    Kind.AUTO_REPLY: lambda who, row: (f"{who.person}-2027-03-02-0", {"at": AT, "to": EMAIL}),
    Kind.IMPORT: lambda who, row: ("i", {"status": "completed", "errors": [{"reason": f"{EMAIL!r} is no address"}]}),
    Kind.TAPE: lambda who, row: ("t", _taped()),
    Kind.TASK: lambda who, row: ("t", {"status": "done", "input": {"text": f"mail of {NAMED}"}, "created_at": AT}),
    Kind.RUN: lambda who, row: ("r", {"status": "done", "inputs": {"who": NAMED}, "outputs": {"mail": EMAIL}}),
    Kind.RUN_STEP: lambda who, row: ("r~a", {"status": "done", "why": f"{EMAIL} is none", "outputs": {"of": NAMED}}),
    Kind.RUN_LOG: lambda who, row: ("r~1", {"step": "a", "at": AT, "lines": [{"at": AT, "text": f"row of {NAMED}"}]}),
    Kind.MEMORY: lambda who, row: ("m", {"text": f"{FIRST.upper()} {LAST.upper()} likes mornings"}),
    Kind.DELIVERY: lambda who, row: ("d", {"answer": f"422 {EMAIL} is not known here", "at": AT}),
    Kind.COMMAND: lambda who, row: ("c", {"text": NAMED, "at": AT}),
    Kind.IDEMPOTENCY: lambda who, row: ("i", _reply(f'{{"email": "{EMAIL}", "city": "Käfigstadt"}}')),
    Kind.REVIEW: lambda who, row: (
        "v",
        {
            "person": who.person,
            "status": "open",
            "view": NAMED,
            "reason": NAMED,
            "received_at": AT,
            "due": AT,
            "decided": NAMED,
        },
    ),
    Kind.INBOUND: lambda who, row: ("w", {"person": who.person, "state": "taken_in", "at": AT, "text": NAMED}),
    Kind.LEAD: lambda who, row: ("l", {"name": "Halm", "people": [{"name": f"{FIRST} {LAST}", "email": EMAIL}]}),
    Kind.LEAD_LIST: lambda who, row: ("l", {"status": "completed", "problems": [f"line 1: {EMAIL!r} is no web site"]}),
    Kind.SIGHTINGS: lambda who, row: ("s", {"id": "s", "items": {"a": {"title": f"{NAMED} opens a shop"}}}),
    Kind.EXPORT: lambda who, row: (
        "e",
        {
            "person": who.person,
            "created_at": "2027-03-01T09:00:00+00:00",
            "files": [{"path": "exports/e/export.json"}],
            "of": NAMED,
        },
    ),
}
"""Beside what an import and a campaign put into the home: one document of each kind that holds data of people."""
SIGNED: Mapping[Kind, dict[str, Any]] = {
    Kind.DOCUMENT: {"title": f"Offer for {NAMED}"},
    Kind.OFFER_TERMS: {"name": "Websites", "text": f"As for {NAMED}"},
    Kind.PROPOSAL: {"deal": "d", "title": "Site", "to": EMAIL, "status": "accepted", "accepted": {"client": NAMED}},
    Kind.PROPOSAL_CONTENT: {"title": "Site", "recipient": {"name": f"{FIRST} {LAST}"}, "paragraphs": []},
    Kind.PROPOSAL_MESSAGE: {"proposal": "p", "at": AT, "kind": "question", "name": LAST, "text": f"{NAMED} asks"},
}
"""What was approved, sent or signed: no erasure changes it by itself, whoever decides about it finds it listed."""
OF_THE_AGENCY = (Kind.RESERVATION, Kind.AUTO_REPLY)
BY_AN_IMPORT = (Kind.CONTACT, Kind.IDENTITY, Kind.CONSENT)


def plant(ports: Ports, who: Contact, row: RowRef) -> None:
    """Put the person everywhere."""
    for kind, made in PLANTS.items():
        scope = SCOPE.agency if kind in OF_THE_AGENCY else SCOPE
        id, body = made(who, row)
        ports.documents.put(scope, kind, id, body, "*")
    ports.files.put(SCOPE, "exports/e/export.json", NAMED.encode())


def ordered(ports: Ports, contact: str, scope: Scope = SCOPE) -> Erasure:
    return erase.order(ports, scope, contact, "owner", PrivacyRequest(checked="signed_in"))


def carry_out(ports: Ports, found: Erasure, scope: Scope = SCOPE) -> Erasure:
    """Every step, as the flow does."""
    for step in steps(found, scope):
        outcome = erase.run(ports, step)
        assert isinstance(outcome, Done), outcome
    return erase.get(ports, scope, found.id)


def steps(found: Erasure, scope: Scope = SCOPE) -> Iterator[dict[str, Any]]:
    order = {"scope": list(scope), "erasure": found.id}
    yield from ({**order, "op": "workspace", "workspace": each} for each in found.workspaces)
    yield {**order, "op": "people"}
    yield {**order, "op": "finish"}


def traces(home: Path) -> list[str]:
    """Where anything of the person is left, in any byte of any file."""
    found = []
    for path in sorted(each for each in home.rglob("*") if each.is_file()):
        data = path.read_bytes()
        folded = data.lower()
        found += [f"{path.relative_to(home)}: {trace!r}" for trace in TRACES if trace in folded]
        found += [f"{path.relative_to(home)}: base64"] if TRUNCATED in data else []
    return found


def damaged(home: Path) -> None:
    """Somebody was at the file: of the task the result is no longer what was encrypted, and its input stands in plain;
    of a note nothing can be read; and the key of an answer is gone."""
    database = Database(home / "baton.db")
    documents = SqliteDocuments(database, clock=HostClock(), replica="elsewhere")
    lost, gone = {"$encrypted": "1.AAAA"}, {"$encrypted": "0.AAAA"}
    for kind, id, body in (
        (Kind.TASK, "t", {"title": f"mail of {NAMED}", "result": lost, "input": {"text": NAMED}, "created_at": AT}),
        (Kind.MEMORY, "m", {"text": lost}),
        (Kind.IDEMPOTENCY, "i", {"digest": "d", "at": AT, "expires_at": AT, "reply": gone}),
    ):
        documents.put(SCOPE, kind, id, body, "*")
    database.close()


def later(outcome: object) -> datetime:
    assert isinstance(outcome, Later)
    return outcome.at
