"""A home with a clock that the test sets, and a campaign that went out to as many people as the test wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from shared.adapters._sqlite.database import Database
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.clock.host import HostClock
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dns.resolver import DnsResolver
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.knowledge.reader import ChildReader
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.models.writer import BuiltInWriter
from shared.agents.analyze import track
from shared.agents.contacts import unsubscribe
from shared.domain.address import effect_key, person_of
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.contact import Contact
from shared.domain.draft import Draft, draft_id
from shared.domain.links import Link, Purpose
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Claim, Keys, PlannedRow, Ports, Settlement

SCOPE = Scope("local", "main")
START = datetime(2027, 3, 2, 8, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
APPLE = "Mozilla/5.0"


class Home(NamedTuple):
    """Ports and the file that says what time it is."""

    ports: Ports
    clock: Path

    def at(self, now: datetime) -> None:
        since = now - datetime(1970, 1, 1, tzinfo=UTC)
        self.clock.write_bytes((since // timedelta(microseconds=1) * 1000).to_bytes(8, "little", signed=True))


@contextmanager
def home(folder: Path) -> Iterator[Home]:
    """The real local adapters over `folder`; it is `START`."""
    published = folder / "clock"
    database, clock = Database(folder / "baton.db"), HostClock(published)
    ports = Ports(
        documents=SqliteDocuments(database, clock=clock, replica="test"),
        ledger=SqliteLedger(database),
        journal=SqliteJournal(database),
        files=FolderFiles(folder / "files"),
        models={"built-in": BuiltInWriter()},
        channels={"email": OutboxChannel(folder / "outbox")},
        clock=clock,
        keys=Keys(b"a" * 32, {"1": b"l" * 32}, {"1": b"f" * 32}),
        dkim=FolderDkimKeys(folder / "dkim"),
        resolver=DnsResolver(("127.0.0.1", 9)),
        relays=(),
        public_url="http://127.0.0.1:7071",
        timezone="Europe/Berlin",
        knowledge=SqliteKnowledge(folder / "knowledge"),
        reader=ChildReader(),
    )
    made = Home(ports, published)
    made.at(START)
    try:
        yield made
    finally:
        database.close()


class Fate(NamedTuple):
    """What becomes of one recipient: a ledger state (held with its reason) and what the address book knows."""

    state: str = "accepted"
    variant: str = "A"
    country: str | None = None
    tags: Sequence[str] = ()


class Sent(NamedTuple):
    """A campaign in the ledger and the persons it is for, in the order of their fates; `shards` says where each is."""

    campaign: str
    persons: list[str]
    shards: list[int]

    def link(self, n: int, purpose: Purpose, target: int = 0) -> Link:
        return Link(purpose, SCOPE, self.campaign, self.shards[n], self.persons[n], target)


def send(home: Home, fates: Sequence[Fate], shard_size: int = 100) -> Sent:
    """A campaign 'Spring' whose messages were accepted at START (or met their fates)."""
    campaign = _campaign(home.ports, -(-len(fates) // shard_size))
    persons = [person_of(f"p{n}@example.org", b"a" * 32) for n in range(len(fates))]
    shards = [n // shard_size for n in range(len(fates))]
    for n, (person, fate) in enumerate(zip(persons, fates, strict=True)):
        _contact(home.ports, n, person, fate)
    for shard in sorted(set(shards)):
        of = [n for n in range(len(fates)) if shards[n] == shard]
        _ship(home.ports, campaign, shard, [(n, persons[n], fates[n]) for n in of])
    return Sent(campaign, persons, shards)


def react(home: Home, sent: Sent, n: int, purpose: Purpose, agent: str = PHONE, at: datetime | None = None) -> None:
    """One request for one of the links in the n-th recipient's message; by default an hour after it was sent."""
    home.at(at or START + timedelta(hours=1))
    if purpose == "u":
        unsubscribe(home.ports, sent.link(n, purpose))
    else:
        track(home.ports, sent.link(n, purpose), agent, "GET")


def _campaign(ports: Ports, shards: int) -> str:
    request = CampaignRequest.model_validate(
        {
            "name": "Spring",
            "brief": {
                "goal": "g",
                "offer": "o",
                "audience": "a",
                "call_to_action": {"text": "Book", "url": "https://example.org/book"},
            },
            "segment": {"all": True},
            "sender": {"name": "Praxis", "address": "hallo@example.org", "postal_address": "1 Mill Road, Leeds"},
            "window": {"start": START},
            "variants": 2,
        }
    )
    made = Campaign(
        id="0" * 31 + "1",
        request=request,
        name="Spring",
        status="sending",
        created_at=START,
        created_by="test",
        version=2,
        shards=shards,
        last_due=START,
    )
    ports.documents.put(SCOPE, Kind.CAMPAIGN, made.id, made.model_dump(mode="json"))
    for version in (1, 2):
        for variant, page in (("A", "a"), ("B", "b")):
            _draft(ports, made.id, version, variant, page)
    return made.id


def _draft(ports: Ports, campaign: str, version: int, variant: str, page: str) -> None:
    links = [f"https://example.org/{page}", f"https://example.org/{page}/more"]
    body = {"campaign": campaign, "version": version, "variant": variant, "links": links, "written_by": "test"}
    body |= {"subject": "s", "preheader": "p", "html": "h", "text": "t"}
    draft = Draft.model_validate(body)
    ports.documents.put(SCOPE, Kind.DRAFT, draft_id(campaign, version, variant), draft.model_dump(mode="json"))


def _contact(ports: Ports, n: int, person: str, fate: Fate) -> None:
    made = Contact(
        id="p" + person[:23],
        person=person,
        email=f"p{n}@example.org",
        country=fate.country,
        tags=list(fate.tags),
        created_at=START,
    )
    ports.documents.put(SCOPE, Kind.CONTACT, made.id, made.model_dump(mode="json"))


def _ship(ports: Ports, campaign: str, shard: int, people: list[tuple[int, str, Fate]]) -> None:
    ledger = ports.ledger
    keys = {person: effect_key(SCOPE, campaign, "1", "email", person) for _, person, _ in people}
    rows = [PlannedRow(keys[p], "p" + p[:23], p, fate.variant, START, "first") for _, p, fate in people]
    ledger.plan(SCOPE, campaign, shard, rows)
    held = {keys[p]: fate.state[5:] for _, p, fate in people if fate.state.startswith("held.")}
    claims = [Claim(k, 1, "held" if k in held else "intent", {}, held.get(k)) for k in keys.values()]
    for at in range(0, len(claims), 99):
        ledger.claim(SCOPE, campaign, shard, "test", claims[at : at + 99], START, START + timedelta(minutes=5))
    settled = [Settlement(keys[p], 1, fate.state) for _, p, fate in people if keys[p] not in held]  # type: ignore[arg-type]
    ledger.settle(SCOPE, campaign, shard, settled, START)
