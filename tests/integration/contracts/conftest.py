"""A workspace where a client has accepted a proposal: real local adapters, and a clock that a test moves by hand."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from pathlib import Path
from typing import Any

import pytest

from shared import wiring
from shared.agents import deals
from shared.agents.propose import client, contract_sending, contracts, offers, proposals, sending, signing
from shared.domain.contract import Contract, ContractRequest, ContractShown, SignRequest
from shared.domain.deal import DealRequest
from shared.domain.links import Link, verify
from shared.domain.names import Kind
from shared.domain.offer import OfferTerms
from shared.domain.offer_examples import EXAMPLE
from shared.domain.proposal import Acceptance, ProposalRequest
from shared.ports import Ports
from shared.process.source import read
from tests.integration.books.conftest import BUYER, SCOPE, Hand, furnish

CLIENT = "maja@praxis.example"
DATES: dict[str, Any] = {
    "parts": [{"title": "Deposit", "percent": "40"}, {"title": "Handover", "percent": "60", "on": "2027-04-30"}],
    "monthly_from": "2027-05-01",
    "months": 6,
}


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return Hand(tmp_path / "clock")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ports(home: Path, hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    monkeypatch.setenv("BATON_HOME", str(home))
    monkeypatch.setenv("HOST_CLOCK", str(tmp_path / "clock"))
    monkeypatch.setenv("BATON_TIMEZONE", "Europe/Berlin")
    for name in ("BATON_SMTP_URL", "BATON_MODEL_URL", "BATON_PUBLIC_URL", "BATON_BOOKS_URL"):
        monkeypatch.delenv(name, raising=False)
    wiring.close()
    made = wiring.ports()
    furnish(made)
    offers.put(made, SCOPE, "o", "web", OfferTerms.model_validate(read(EXAMPLE.encode(), False).value))
    yield made
    wiring.close()


def accepted(ports: Ports, language: str = "en") -> tuple[str, str]:
    """A deal, and the proposal that its client has accepted."""
    deal = deals.create(ports, SCOPE, "o", DealRequest(name="Praxis Holm")).id
    body = {
        "deal": deal, "to": CLIENT, "recipient": {"name": "Maja Holm"}, "title": "A new website", "offer": "web",
        "chosen": [{"item": "website", "quantity": "6"}, {"item": "care"}], "language": language,
    }  # fmt: skip
    made = proposals.create(ports, SCOPE, "o", ProposalRequest.model_validate(body))
    sending.submit(ports, SCOPE, made.id, "o")
    asked = sending.question(ports, SCOPE, proposals.PROPOSALS.load(ports, SCOPE, made.id))
    assert asked is not None
    sending.decide(ports, SCOPE, made.id, "m", "approve", asked.digest, None)
    link = last_link(ports, "q")
    seen = client.opened(ports, link)
    assert seen is not None
    given = Acceptance(option="offer", name="Maja Holm", consent="yes", digest=seen.sending.digest)
    client.accept(ports, link, seen, given)
    return deal, made.id


def copied(ports: Ports, proposal: str, id: str) -> str:
    """Another proposal that was accepted just like this one."""
    found = ports.documents.get(SCOPE, Kind.PROPOSAL, proposal)
    assert found is not None
    ports.documents.put(SCOPE, Kind.PROPOSAL, id, {**found.body, "id": id}, "*")
    return id


def begun(ports: Ports, proposal: str, **more: Any) -> ContractShown:
    request = {"proposal": proposal, "client": BUYER, "to": CLIENT, "dates": DATES, "sign_by": "2027-03-20", **more}
    return contracts.create(ports, SCOPE, "o", ContractRequest.model_validate(request))


def sent(ports: Ports, id: str) -> Link:
    """Put up for approval and approved; the client's link of the mail that left."""
    contract_sending.submit(ports, SCOPE, id, "o")
    asked = contract_sending.question(ports, SCOPE, contracts.CONTRACTS.load(ports, SCOPE, id))
    assert asked is not None
    contract_sending.decide(ports, SCOPE, id, "m", "approve", asked.digest, None)
    return last_link(ports, "k")


def sign(ports: Ports, id: str, role: Any, name: str = "Maja Holm", **changed: Any) -> Contract:
    """As the page and the desk of the agency do it, of the version that the client has in hand."""
    found = contracts.CONTRACTS.load(ports, SCOPE, id)
    version = changed.get("version") or (found.current.version if found.current else 1)
    named = found.of_version(version)
    assert named is not None
    given = SignRequest(name=name, consent="yes", document=changed.get("document", named.document or "0" * 64))
    come = {"client": {"address": "203.0.113.7", "agent": "Firefox", "token": "t"}, "agency": {"by": "anna"}}[role]
    return signing.sign(ports, SCOPE, id, version, role, given, signing.Origin(**come))


def letters(ports: Ports) -> list[tuple[str, str]]:
    """Subject and text of each mail, in the order in which they left."""
    folder = Path(ports.fonts[0]).parent / "outbox"
    found = []
    for file in sorted(folder.rglob("*.eml"), key=lambda each: each.stat().st_mtime_ns):
        mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        found.append((str(mail["Subject"]), body.get_content()))
    return found


def last_link(ports: Ports, purpose: Any) -> Link:
    [*_, token] = re.findall(rf"/api/{purpose}/(\S+)", "\n".join(text for _, text in letters(ports)))
    link = verify(token, purpose, ports.keys.link)
    assert link is not None
    return link
