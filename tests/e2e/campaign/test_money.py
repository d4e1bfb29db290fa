"""Agreed dates under the virtual clock in the real host, killed on the way; the deposit is paid through Stripe, whose
notice comes fifty times."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e.host.process import wait_for
from tests.servers.stripe_server import StripeServer, signature

from .baton import Baton

BUYER = {
    "name": "Praxis Weber", "address": "Elbchaussee 12\n22765 Hamburg", "country": "DE", "email": "weber@praxis.example"
}  # fmt: skip
TERMS = {
    "seller": {**BUYER, "name": "Nordlicht Studio", "vat_id": "DE123456789"}, "account_holder": "Nordlicht Studio",
    "iban": "DE89370400440532013000", "bank": "Commerzbank", "leaves": "by_itself", "dunning": [],
}  # fmt: skip
SENDER = {"name": "Nordlicht", "address": "hallo@nordlicht.example", "postal_address": "Mühlenweg 1, Hamburg"}
LINES = [
    {"title": "Website", "unit_net": "2400.00", "vat_rate": "19"},
    {"title": "Care", "unit_net": "90.00", "vat_rate": "19", "billing": "monthly"},
]


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_agreed_dates_become_invoices_once_and_the_deposit_is_paid_once(tmp_path: Path) -> None:
    with StripeServer() as stripe:
        baton = Baton(tmp_path, "--clock", "virtual=2027-03-01T08:00:00Z", BATON_BOOKS_URL=stripe.setting).start()
        baton.ask("PUT", "billing", TERMS)
        baton.ask("PUT", "house", {"sender": SENDER})
        parts = [{"title": title, "percent": "50", "on": on} for title, on in
                 (("Deposit", "2027-03-02"), ("Rest", "2027-03-04"))]  # fmt: skip
        schedule = {"parts": parts, "monthly_from": "2027-03-03", "months": 1}
        plan = baton.ask("POST", "invoice-plans", {"buyer": BUYER, "lines": LINES, "schedule": schedule})["id"]
        baton.kill()
        baton.start()
        wait_for(lambda: baton.ask("GET", f"invoice-plans/{plan}")["status"] == "done" or None, 120, every=0.3)
        wait_for(lambda: len([*(baton.home / "outbox").rglob("*.eml")]) == 3 or None, 60, every=0.3)
        found = [each["invoice"] for each in baton.ask("GET", "invoices")["items"]]
        assert sorted((each["issued_on"], each["number"], each["purpose"]) for each in found) == [
            ("2027-03-02", "INV-2027-0001", "Deposit"),
            ("2027-03-03", "INV-2027-0002", "2027-03"),
            ("2027-03-04", "INV-2027-0003", "Rest"),
        ]
        [deposit] = [each for each in found if each["purpose"] == "Deposit"]
        address = baton.ask("GET", "billing/notices")["address"].partition("/api/v1/")[2]
        now = datetime.fromisoformat(_clock(baton))
        stripe.now = lambda: now
        body, _ = stripe.event(stripe.pay(deposit["pay_reference"]))
        for _ in range(50):
            signed = {"stripe-signature": signature(body, datetime.fromisoformat(_clock(baton)))}
            assert baton.raw("POST", address, content=body, headers=signed).json()["payments"]
        forged = {"stripe-signature": signature(body, now, "whsec_other")}
        assert baton.raw("POST", address, content=body, headers=forged).status_code == 401
        shown = baton.ask("GET", f"invoices/{deposit['id']}")
        assert (shown["standing"], shown["paid"], shown["open"]) == ("paid", "1428.00", "0.00")
        assert len(baton.ask("GET", "payments")["items"]) == 1
        assert baton.host
        page = baton.host.http.get(f"/api/n/{shown['link'].rpartition('/')[2]}").text
        assert "It is paid. Thank you." in page
        baton.kill()


def _clock(baton: Baton) -> str:
    assert baton.host
    return str(baton.host.http.get("/admin/host/clock").json()["now"])
