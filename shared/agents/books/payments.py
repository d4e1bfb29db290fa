"""Money that came: on record first, then counted. Killed or told again, it counts once and is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.agents.books import invoices
from shared.agents.books.post import bill_of
from shared.agents.records import Records
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.invoice import Invoice
from shared.domain.names import Kind
from shared.domain.payment import (
    STATES,
    WAITING,
    Payment,
    PaymentRequest,
    Received,
    State,
    contradiction_id,
    payment_id,
)
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

PAYMENTS = Records(Kind.PAYMENT, Payment)
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


def take(ports: Ports, scope: Scope, by: str, received: Received) -> Payment:
    """Record and count it. The same payment, told again, is only shown; told otherwise, it waits for a person."""
    _check(ports, received)
    payment = _recorded(ports, scope, by, received, payment_id(received))
    if (payment.amount, payment.currency) != (received.amount, received.currency):
        return _recorded(ports, scope, by, received, contradiction_id(received), "contradicts")
    return settle(ports, scope, payment) if payment.state == "taken" else payment


def take_manual(ports: Ports, scope: Scope, by: str, request: PaymentRequest) -> Payment:
    """What a person saw on the account."""
    said = request.model_dump() | {"at": request.at or ports.clock.now()}
    return take(ports, scope, by, Received(**said, source="manual"))


def settle(ports: Ports, scope: Scope, payment: Payment) -> Payment:
    """Count what is on record and not counted yet: first the payment says for which invoice, so that it is one only;
    then it is counted there under its id, then the payment says so. Killed between, it goes on from there."""
    found = invoices.named(ports, scope, payment.invoice or payment.named)
    state: State = "counted" if found else "unknown_invoice"
    if found and found.currency != payment.currency:
        state = "wrong_currency"
    elif found and (found.kind != "invoice" or found.status not in ("issued", "sent")):
        state = "counted" if payment.id in found.payments else "not_payable"
    if found and state == "counted":
        if payment.invoice:
            _uncount_all(ports, scope, payment.id, but=found.id)
        payment = _claimed(ports, scope, payment, found.id)
        if payment.state != "taken" or payment.invoice != found.id:
            return payment
        try:
            _count(ports, scope, found.id, payment)
        except Conflict:
            state = "not_payable"
    return _settled(ports, scope, payment, state, found.id if found else "")


def settle_taken(ports: Ports, scope: Scope) -> int:
    """What a kill left between its record and its count."""
    found, _ = PAYMENTS.page(ports, scope, [Filter("state", "eq", "taken")], limit=100)
    for each in found:
        settle(ports, scope, each)
    return len(found)


def assign(ports: Ports, scope: Scope, by: str, id: str, invoice: str) -> Payment:
    """A person says which invoice a payment is for; one that counts for a cancelled invoice moves to another.

    Raises Missing, Conflict where it cannot count."""
    payment, target = PAYMENTS.load(ports, scope, id), invoices.get(ports, scope, invoice)
    if payment.invoice == target.id and payment.state == "counted":
        return payment
    if payment.currency != target.currency:
        raise Conflict(
            "currency", f"it is {payment.currency}, the invoice {target.currency}; give it back, or note by hand"
        )
    _check_assignable(ports, scope, payment, target)
    claimed = _claimed(ports, scope, payment, target.id)
    if (claimed.state, claimed.invoice) != ("taken", target.id):
        raise Conflict("payment", "somebody else has just decided about it; look again")
    ports.journal.append(scope, f"invoice/{target.id}", ports.clock.now(), by, "assigned", {"payment": id})
    done = settle(ports, scope, claimed)
    if (done.state, done.invoice) != ("counted", target.id):
        raise Conflict("payment", f"it {STATES[done.state]}")
    return done


def give_back(ports: Ports, scope: Scope, by: str, id: str) -> Payment:
    """It was given back: it counts for nothing any more. Repeatable. Raises Missing."""
    PAYMENTS.load(ports, scope, id)
    _uncount_all(ports, scope, id)  # before it says so: killed here, it still stands and is given back again
    ports.journal.append(scope, f"payment/{id}", ports.clock.now(), by, "returned", {})
    done = PAYMENTS.change(ports, scope, id, lambda found: setattr(found, "state", "returned"))
    _uncount_all(ports, scope, id)  # and after it: whoever was counting it meanwhile
    return done


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None, invoice: str = "", waiting: bool = False
) -> tuple[list[Payment], str | None]:
    """Newest first, and the cursor of the next page. Raises Rejected for a wrong one."""
    filters = [Filter("invoice", "eq", invoice)] if invoice else []
    filters += [Filter("state", "in", list(WAITING))] if waiting else []
    return PAYMENTS.page(ports, scope, filters, Order("at", descending=True), limit, cursor)


def every(ports: Ports, scope: Scope, unreadable: list[str] | None = None) -> Iterator[Payment]:
    """All there are; the ids of those that cannot be read are added to `unreadable`."""
    return PAYMENTS.every(ports, scope, unreadable=unreadable)


def ask_the_books(ports: Ports, scope: Scope, by: str, found: Invoice) -> list[Payment]:
    """What the books know of an invoice, in case a notice was lost. Raises Unavailable."""
    if ports.books is None:
        return []
    return [take(ports, scope, by, each) for each in ports.books.received(scope, bill_of(found))]


def _recorded(ports: Ports, scope: Scope, by: str, received: Received, id: str, state: State = "taken") -> Payment:
    """As it is on record; at first, as it is told."""
    made = Payment(
        id=id, source=received.source, reference=received.reference, amount=received.amount,
        currency=received.currency, at=received.at, taken_at=ports.clock.now(), named=received.invoice,
        payer=received.payer, state=state,
    )  # fmt: skip
    try:
        ports.documents.put(scope, Kind.PAYMENT, id, made.model_dump(mode="json"))
    except Stale:
        return PAYMENTS.load(ports, scope, id)
    ports.journal.append(scope, f"payment/{id}", made.taken_at, by, "taken", {"source": received.source})
    return made


def _count(ports: Ports, scope: Scope, id: str, payment: Payment) -> None:
    """Raises Conflict if the invoice cannot be paid any more."""
    now = ports.clock.now()

    def put(found: Invoice) -> None:
        if payment.id in found.payments:
            return
        if found.kind != "invoice" or found.status not in ("issued", "sent"):
            raise Conflict("invoice", f"a {found.status} {found.kind.replace('_', ' ')} cannot be paid")
        found.payments[payment.id] = payment.amount
        found.next_at = None if found.open <= 0 else found.next_at or now.replace(microsecond=0)

    invoices.INVOICES.change(ports, scope, id, put)


def _uncount_all(ports: Ports, scope: Scope, id: str, but: str = "") -> None:
    """Wherever it stands."""
    now = ports.clock.now()
    for each in invoices.every(ports, scope):
        if id in each.payments and each.id != but:
            invoices.INVOICES.change(ports, scope, each.id, lambda found: _uncount(found, id, now))


def _uncount(found: Invoice, id: str, now: datetime) -> None:
    if found.payments.pop(id, None) is not None and found.status in ("issued", "sent") and found.open > 0:
        found.next_at = found.next_at or now.replace(microsecond=0)


def _check_assignable(ports: Ports, scope: Scope, payment: Payment, target: Invoice) -> None:
    """Raises Conflict; nothing is written."""
    if payment.state == "counted":
        before = invoices.get(ports, scope, payment.invoice)
        if before.status != "cancelled":
            raise Conflict("payment", f"it counts for {before.number}, which stands; give it back first")
    elif payment.state not in WAITING and (payment.state, payment.invoice) != ("taken", target.id):
        raise Conflict("payment", f"it {STATES[payment.state]}")
    if target.kind != "invoice" or target.status not in ("issued", "sent"):
        raise Conflict("invoice", f"a {target.status} {target.kind.replace('_', ' ')} cannot be paid")


def _claimed(ports: Ports, scope: Scope, seen: Payment, invoice: str) -> Payment:
    """It says for which invoice it is about to count, unless it says something else by now than was seen."""

    def put(found: Payment) -> None:
        if (found.state, found.invoice) == (seen.state, seen.invoice):
            found.state, found.invoice = "taken", invoice

    return PAYMENTS.change(ports, scope, seen.id, put)


def _settled(ports: Ports, scope: Scope, claimed: Payment, state: State, invoice: str) -> Payment:
    """What became of it, if it still says what was claimed; else it does not count here."""

    def put(found: Payment) -> None:
        if (found.state, found.invoice) == ("taken", claimed.invoice):
            found.state, found.invoice = state, invoice

    now, done = ports.clock.now(), PAYMENTS.change(ports, scope, claimed.id, put)
    if invoice and done.state != "taken" and (done.state, done.invoice) != ("counted", invoice):
        invoices.INVOICES.change(ports, scope, invoice, lambda found: _uncount(found, claimed.id, now))
    return done


def _check(ports: Ports, received: Received) -> None:
    """Raises Rejected for a day that cannot be: nothing is written."""
    if received.at.tzinfo is None:
        raise Rejected(FieldError("at", "must say its offset, such as 2027-03-02T10:00:00Z"))
    if not _EARLIEST <= received.at <= ports.clock.now() + timedelta(days=2):
        raise Rejected(FieldError("at", "money does not come in the future"))
