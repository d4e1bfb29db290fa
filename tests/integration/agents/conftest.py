"""A home with every real local adapter and a clock that a test moves by hand; flows are walked without a host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import wiring
from shared.agents import campaigns, distribute, schedule
from shared.domain.address import person_of
from shared.domain.approval import ApprovalRequest
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.contact import Consent, Contact
from shared.domain.draft import Draft, draft_id
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.ports import Ports, Write

SCOPE = Scope("local", "main")
START = datetime(2027, 3, 2, 9, tzinfo=UTC)


class Hand:
    """The hand on the clock."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(START)

    def set(self, at: datetime) -> None:
        nanoseconds = int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) * 1000
        self._file.write_bytes(nanoseconds.to_bytes(8, "little", signed=True))

    def forward(self, **time: float) -> None:
        self.set(self.now() + timedelta(**time))

    def now(self) -> datetime:
        nanoseconds = int.from_bytes(self._file.read_bytes(), "little", signed=True)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return Hand(tmp_path / "clock")


@pytest.fixture
def ports(tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOST_CLOCK", str(tmp_path / "clock"))
    for name in ("BATON_SMTP_URL", "BATON_MODEL_URL", "BATON_PUBLIC_URL", "BATON_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)
    wiring.close()
    yield wiring.ports()
    wiring.close()


@pytest.fixture
def people(ports: Ports) -> Callable[..., list[Contact]]:
    """Puts contacts into the book; consent is granted unless said otherwise."""

    def put(count: int, **fields: Any) -> list[Contact]:
        prefix = fields.pop("prefix", "u")
        made = [_contact(ports, f"{prefix}{n}", **fields) for n in range(count)]
        for first in range(0, count, 100):
            writes = [Write(each.id, each.model_dump(mode="json"), "*") for each in made[first : first + 100]]
            ports.documents.batch(SCOPE, Kind.CONTACT, writes)
        return made

    return put


def _contact(ports: Ports, name: str, **fields: Any) -> Contact:
    email = f"{name}@people.example"
    person = person_of(email, ports.keys.address)
    basis: dict[str, Any] = {
        "id": f"p{person[:23]}",
        "person": person,
        "email": email,
        "first_name": name.title(),
        "timezone": "UTC",
        "consent": {"email": Consent(status="granted", source="form")},
        "created_at": START,
    }
    return Contact.model_validate({**basis, **fields})


def request(**changes: Any) -> CampaignRequest:
    basis: dict[str, Any] = {
        "name": "Spring",
        "brief": {
            "goal": "Fill the spring course",
            "offer": "Six evenings for your back",
            "audience": "former patients",
            "call_to_action": {"text": "Book a place", "url": "https://praxis.example/book"},
        },
        "segment": {"all": True},
        "sender": {"name": "Praxis", "address": "hallo@praxis.example", "postal_address": "1 Mill Road, Leeds"},
        "window": {"days": 1, "hours": [0, 24]},
        "undo_minutes": 0,
    }
    return CampaignRequest.model_validate({**basis, **changes})


class Walk:
    """Walks one campaign through its steps as its flow would, jumping to each Later."""

    def __init__(self, ports: Ports, hand: Hand, **changes: Any) -> None:
        self.ports, self.hand = ports, hand
        self.id = campaigns.accept(ports, SCOPE, "owner", request(**changes)).id
        self.order = {"scope": list(SCOPE), "campaign": self.id, "instance": f"local~main~campaign~{self.id}~1"}

    @property
    def campaign(self) -> Campaign:
        return campaigns.get(self.ports, SCOPE, self.id)

    def write(self, version: int = 1) -> None:
        """Drafts as generate leaves them."""
        for letter in "ABCD"[: self.campaign.request.variants]:
            draft = Draft(
                campaign=self.id,
                version=version,
                variant=letter,  # type: ignore[arg-type]
                subject='Dear {{ first_name | default("friend", true) }}',
                preheader="Six evenings",
                html='<p><a href="{{ links[0] }}">Book</a> <a href="{{ unsubscribe }}">Unsubscribe</a></p>'
                "<p>Praxis, 1 Mill Road, Leeds. Written with AI</p>",
                text="Book: {{ links[0] }} Unsubscribe: {{ unsubscribe }}\n1 Mill Road, Leeds\nWritten with AI",
                links=["https://praxis.example/book"],
                written_by="a test",
            )
            id = draft_id(self.id, version, letter)
            self.ports.documents.put(SCOPE, Kind.DRAFT, id, draft.model_dump(mode="json"), "*")
        document = self.ports.documents.get(SCOPE, Kind.CAMPAIGN, self.id)
        assert document is not None
        self.ports.documents.put(SCOPE, Kind.CAMPAIGN, self.id, {**document.body, "version": version}, document.rev)

    def schedule(self) -> Outcome:
        return schedule.run(self.ports, self.order)

    def approve(self) -> Campaign:
        self.schedule()
        asked = campaigns.approval(self.ports, SCOPE, self.id)
        assert asked is not None
        decision = ApprovalRequest(decision="approve", digest=asked.digest)
        return campaigns.decide(self.ports, SCOPE, self.id, "ann", decision)

    def plan(self) -> None:
        self.write()
        self.approve()
        assert isinstance(self.schedule(), Done)

    def send(self, shard: int = 0) -> Outcome:
        return distribute.run(self.ports, {**self.order, "attempt": self.campaign.attempt, "shard": shard})

    def send_all(self, until: datetime | None = None) -> None:
        """Every shard (due before `until`) until it is done, moving the clock to each Later."""
        dues = [
            (datetime.fromisoformat(due), shard)
            for n in range(self.campaign.distributions)
            for due, shard in self._shards(n)
            if until is None or datetime.fromisoformat(due) < until
        ]
        for due, shard in sorted(dues):
            self.hand.set(max(due, self.hand.now()))
            while isinstance(outcome := self.send(shard), Later):
                assert outcome.why not in ("paused", "missed")
                self.hand.set(max(outcome.at, self.hand.now()))

    def _shards(self, n: int) -> list[tuple[str, int]]:
        listed = schedule.run(self.ports, {**self.order, "distribution": n})
        assert isinstance(listed, Done)
        shards: list[tuple[str, int]] = listed.data["shards"]
        return shards

    def outbox(self, tmp_path: Path) -> list[Path]:
        return sorted((tmp_path / "home" / "outbox").rglob("*.eml"))


@pytest.fixture
def walk(ports: Ports, hand: Hand) -> Callable[..., Walk]:
    return lambda **changes: Walk(ports, hand, **changes)
