"""A home with a real model endpoint: what the tests of generate, and the process they kill, build alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared import home
from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dns.resolver import DnsResolver
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.knowledge.reader import ChildReader
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.models.openai import OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.campaign import Campaign
from shared.domain.model_names import ModelNames
from shared.domain.names import Kind
from shared.domain.routing import HomeName
from shared.domain.scope import Scope
from shared.ports import Model, Ports

SCOPE = Scope("local", "main")
ORDER = {"scope": [*SCOPE], "instance": "local~main~campaign~spring~1", "campaign": "spring"}
REQUEST: dict[str, Any] = {
    "name": "Spring back course",
    "brief": {
        "goal": "Fill the spring back course",
        "offer": "Six evenings, eight people, one physiotherapist who watches every movement",
        "audience": "Former patients",
        "call_to_action": {"text": "Book a place", "url": "https://practice.example/course"},
        "facts": [
            "It starts on Tuesday 3 March at 18:30",
            "All dates: https://practice.example/dates?year=2027&from=mail",
        ],
    },
    "segment": {"all": True},
    "sender": {"name": "The Practice", "address": "hello@practice-mail.com", "postal_address": "1 Mill Road\nLeeds"},
    "variants": 2,
}


def copy(**changes: Any) -> dict[str, Any]:
    """Copy as a good model writes it."""
    body = {
        "subject": "Your back, six evenings, one physiotherapist",
        "preheader": "It starts on Tuesday 3 March",
        "headline": "Six evenings for your back",
        "greeting": 'Dear {{ first_name | default("friend", true) }},',
        "paragraphs": ["eight people, and one physiotherapist who watches every movement."],
        "points": ["It starts on Tuesday 3 March at 18:30"],
        "closing": "See you there?",
        "sign_off": "Warm wishes,\nThe Practice",
        "language": "en",
        "notes": [],
    }
    return {**body, **changes}


@contextmanager
def opened(
    path: Path, model_url: str | None = None, with_writer: bool = False, clock: HostClock | None = None
) -> Iterator[Ports]:
    """Every local adapter in `path`; the model is the endpoint, else or also the built-in writer."""
    path.mkdir(exist_ok=True)
    database, clock = Database(path / "baton.db"), clock or HostClock(None)
    homes: dict[HomeName, Model] = {"built-in": BuiltInWriter()}
    endpoint = _endpoint(model_url) if model_url else None
    if endpoint:
        homes = {"endpoint": endpoint} | (homes if with_writer else {})
    try:
        yield Ports(
            documents=SqliteDocuments(database, clock=clock, replica="here"),
            ledger=SqliteLedger(database),
            journal=SqliteJournal(database),
            files=FolderFiles(path / "files"),
            models=homes,
            channels={},
            clock=clock,
            keys=home.keys(path),
            dkim=FolderDkimKeys(path / "dkim"),
            resolver=DnsResolver(("127.0.0.1", 9)),
            relays=(),
            public_url="https://baton.example",
            timezone="UTC",
            knowledge=SqliteKnowledge(path / "knowledge"),
            reader=ChildReader(),
        )
    finally:
        if endpoint:
            endpoint.close()
        database.close()


def _endpoint(url: str) -> OpenAiModel:
    """Nobody waits between two tries."""
    return OpenAiModel("endpoint", "cloud", url, "key", ModelNames("test-model"), lambda seconds: None)


def accept(ports: Ports, **changes: Any) -> None:
    """The campaign document as accept() leaves it; `changes` replace parts of the request."""
    campaign = Campaign.model_validate(
        {
            "id": "spring",
            "request": {**REQUEST, **changes},
            "name": "Spring",
            "status": "generating",
            "created_at": ports.clock.now(),
            "created_by": "maria",
        }
    )
    ports.documents.put(SCOPE, Kind.CAMPAIGN, "spring", campaign.model_dump(mode="json"))
