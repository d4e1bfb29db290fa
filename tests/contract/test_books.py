"""Every home of the port Books: asked twice it is asked once; a notice counts only if it is signed, now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from shared.adapters.books.local import LocalBooks
from shared.adapters.books.stripe import StripeBooks
from shared.domain.faults import Unavailable
from shared.domain.scope import Scope
from shared.domain.webhook import sign_webhook
from shared.ports import Bill, Books, Forged
from shared.ports.books import Declined
from tests.servers.stripe_server import StripeServer, signature

SCOPE, OTHER = Scope("local", "main"), Scope("local", "other")
NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
BILL = Bill("i1", "INV-2027-0001", "Deposit", Decimal("3284.00"), "EUR")


class Home(NamedTuple):
    books: Books
    told: Callable[[], tuple[bytes, Mapping[str, str]]]
    """A signed notice of a payment of 3,284.00 EUR for the bill."""
    again: Callable[[bytes, datetime], Mapping[str, str]]
    """Signed once more, at another time."""


@pytest.fixture(params=["local", "stripe"])
def home(request: pytest.FixtureRequest) -> Iterator[Home]:
    if request.param == "local":
        books = LocalBooks({"1": b"k" * 32}, lambda: NOW)

        def sign(body: bytes, at: datetime) -> Mapping[str, str]:
            return sign_webhook(books.secret(SCOPE) or "", "m1", at, body)

        said = {"reference": "bank-1", "amount": "3284.00", "currency": "EUR", "invoice": BILL.number}
        yield Home(books, lambda: ((body := json.dumps(said).encode()), sign(body, NOW)), sign)
        return
    with StripeServer(now=lambda: NOW) as server:
        stripe = StripeBooks(server.setting, lambda: NOW)
        stripe.present(SCOPE, BILL)
        session = server.pay(next(iter(server.links)))
        server.sessions.clear()
        yield Home(stripe, lambda: server.event(session), lambda body, at: {"stripe-signature": signature(body, at)})


def test_a_bill_is_presented_once_and_withdrawn_however_often(home: Home) -> None:
    first = home.books.present(SCOPE, BILL)
    assert home.books.present(SCOPE, BILL) == first
    shown = BILL.__class__(**{**BILL.__dict__, "reference": first.reference})
    assert home.books.received(SCOPE, shown) == []
    home.books.withdraw(SCOPE, shown)
    home.books.withdraw(SCOPE, shown)


def test_a_signed_notice_tells_of_the_same_payment_however_often_it_comes(home: Home) -> None:
    body, headers = home.told()
    [first] = home.books.notice(SCOPE, headers, body)
    assert (first.amount, first.currency, first.source in ("notice", "stripe")) == (Decimal("3284.00"), "EUR", True)
    assert first.invoice in (BILL.id, BILL.number)
    later = home.again(body, NOW + timedelta(minutes=4))
    [again] = home.books.notice(SCOPE, later, body)
    assert (again.reference, again.amount) == (first.reference, first.amount)


@pytest.mark.parametrize("wrong", ["changed", "unsigned", "old", "early", "garbage", "octets"])
def test_what_is_not_signed_now_is_forged(home: Home, wrong: str) -> None:
    body, headers = home.told()
    given: Mapping[str, str] = headers
    if wrong == "changed":
        body = body.replace(b"3284", b"9284").replace(b"328400", b"928400")
    elif wrong == "unsigned":
        given = {}
    elif wrong in ("old", "early"):
        given = home.again(body, NOW + timedelta(minutes=-6 if wrong == "old" else 6))
    elif wrong == "garbage":
        given = dict.fromkeys(headers, "t=x,v1=\udcff,,=")
    else:
        body = b"\xff\xfe"
    with pytest.raises(Forged):
        home.books.notice(SCOPE, given, body)


def test_signed_bytes_that_say_nothing_of_a_payment_are_no_payment(home: Home) -> None:
    for body in (b"[]", b"3", b'{"type": "invoice.voided"}', b'{"amount": 12.5}'):
        with suppress(ValueError):
            assert home.books.notice(SCOPE, home.again(body, NOW), body) == []


def test_stripe_reads_sums_in_its_own_coins_and_ignores_what_is_not_paid_or_of_another_workspace() -> None:
    with StripeServer(now=lambda: NOW) as server:
        books = StripeBooks(server.setting, lambda: NOW)
        for currency, amount, coins in (
            ("JPY", "3284", 3284),
            ("KWD", "1.500", 1500),
            ("ISK", "100", 10000),
            ("MGA", "900.00", 900),
        ):
            bill = Bill(f"i-{currency}", "N", "", Decimal(amount), currency)
            link = books.present(SCOPE, bill)
            assert server.links[link.reference]["_amount"] == coins
            session = server.pay(link.reference)
            shown = Bill(bill.id, "N", "", bill.open, currency, link.reference)
            assert [each.amount for each in books.received(SCOPE, shown)] == [Decimal(amount)]
            body, headers = server.event(session)
            assert [each.amount for each in books.notice(SCOPE, headers, body)] == [Decimal(amount)]
            [elsewhere] = books.notice(OTHER, headers, body)
            assert elsewhere.workspace == SCOPE.workspace, "one address serves every workspace of the tenant"
            assert books.notice(Scope("foreign", "main"), headers, body) == []
        body, headers = server.event({**session, "payment_status": "unpaid"})
        assert books.notice(SCOPE, headers, body) == []
        books.withdraw(SCOPE, shown)
        assert not server.links[link.reference]["active"]


@pytest.mark.parametrize(
    ("currency", "amount"), [("KWD", "1.234"), ("TND", "0.005"), ("MGA", "12.50"), ("IQD", "0.125")]
)
def test_a_sum_that_stripe_cannot_say_is_declined_with_the_reason_and_never_rounded(currency: str, amount: str) -> None:
    with StripeServer(now=lambda: NOW) as server:
        books = StripeBooks(server.setting, lambda: NOW)
        with pytest.raises(Declined, match=f"{amount} {currency}"):
            books.present(SCOPE, Bill("i", "N", "", Decimal(amount), currency))
        assert server.links == {}


def test_stripe_that_does_not_answer_or_refuses_is_told_without_its_key() -> None:
    with StripeServer(now=lambda: NOW) as server:
        wrong = StripeBooks(server.setting.replace("sk_test", "sk_live"), lambda: NOW)
        with pytest.raises(Unavailable) as refused:
            wrong.present(SCOPE, BILL)
        assert "sk_" not in str(refused.value)
        setting = server.setting
    with pytest.raises(Unavailable):
        StripeBooks(setting, lambda: NOW).present(SCOPE, BILL)


@pytest.mark.parametrize(
    "url", ["stripe://api.stripe.com", "https://k:s@api.stripe.com", "stripe+http://k:s@api.stripe.com", "stripe://"]
)
def test_a_setting_that_cannot_be_is_named_without_its_secrets(url: str) -> None:
    with pytest.raises(ValueError, match="BATON_BOOKS_URL: ") as refused:
        StripeBooks(url, lambda: NOW)
    assert "k:s" not in str(refused.value)


def test_a_notice_of_more_payments_than_are_taken_is_refused_whole() -> None:
    books = LocalBooks({"1": b"k" * 32}, lambda: NOW)
    body = json.dumps([{"reference": f"r{n}", "amount": "1", "currency": "EUR"} for n in range(1001)]).encode()
    with pytest.raises(ValueError, match="more than 1000"):
        books.notice(SCOPE, sign_webhook(books.secret(SCOPE) or "", "m1", NOW, body), body)
