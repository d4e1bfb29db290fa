"""A workspace that bills: every real local adapter, and a clock that a test moves by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import wiring
from shared.agents import house
from shared.agents.books import terms
from shared.domain.billing import Billing
from shared.domain.campaign import Sender
from shared.domain.house import House
from shared.domain.invoice import InvoiceRequest
from shared.domain.scope import Scope
from shared.ports import Ports

SCOPE = Scope("local", "main")
START = datetime(2027, 3, 2, 9, tzinfo=UTC)
SELLER = {
    "name": "Nordlicht Studio GmbH",
    "address": "Mühlenweg 1\n22089 Hamburg",
    "country": "DE",
    "vat_id": "DE123456789",
    "email": "rechnung@nordlicht.example",
}
TERMS: dict[str, Any] = {
    "seller": SELLER,
    "account_holder": "Nordlicht Studio GmbH",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "bank": "Commerzbank",
}
BUYER = {
    "name": "Praxis Weber",
    "address": "Elbchaussee 12\n22765 Hamburg",
    "country": "DE",
    "email": "weber@praxis.example",
}
LINES = [
    {"title": "Website", "quantity": "1", "unit_net": "2400.00", "vat_rate": "19"},
    {"title": "Photographs", "quantity": "3", "unit_net": "133.333", "vat_rate": "7"},
]


class Hand:
    """The hand on the clock."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(START)

    def set(self, at: datetime) -> None:
        nanoseconds = int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) * 1000
        self._file.write_bytes(nanoseconds.to_bytes(8, "little", signed=True))

    def forward(self, **time: float) -> None:
        nanoseconds = int.from_bytes(self._file.read_bytes(), "little", signed=True)
        now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
        self.set(now + timedelta(**time))


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return Hand(tmp_path / "clock")


@pytest.fixture
def ports(tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOST_CLOCK", str(tmp_path / "clock"))
    for name in ("BATON_SMTP_URL", "BATON_MODEL_URL", "BATON_PUBLIC_URL", "BATON_TIMEZONE", "BATON_BOOKS_URL"):
        monkeypatch.delenv(name, raising=False)
    wiring.close()
    made = wiring.ports()
    furnish(made)
    yield made
    wiring.close()


def furnish(ports: Ports, **changed: Any) -> None:
    """With terms and a sender."""
    terms.write(ports, SCOPE, "anna", Billing.model_validate(TERMS | changed))
    sender = Sender(name="Nordlicht", address="hallo@nordlicht.example", postal_address="Mühlenweg 1, Hamburg")
    house.write(ports, SCOPE, "anna", House(sender=sender))


def request(**changed: Any) -> InvoiceRequest:
    given = {"buyer": BUYER, "lines": LINES, "supply_from": date(2027, 2, 26), "deal": "d1"}
    return InvoiceRequest.model_validate_json(json.dumps(given | changed, default=str))


def mails(ports: Ports) -> list[str]:
    """What lies in the outbox, by subject."""
    import email
    from email.header import decode_header, make_header

    folder = Path(ports.fonts[0]).parent / "outbox"
    found = [email.message_from_bytes(file.read_bytes()) for file in folder.rglob("*.eml")]
    return sorted(str(make_header(decode_header(each["Subject"]))) for each in found)
