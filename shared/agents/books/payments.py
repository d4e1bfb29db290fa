"""Money that came: on record first, then counted. Killed or told again, it counts once and is never lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from shared.agents.books import invoices
from shared.agents.books.post import bill_of
from shared.agents.records import Records
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.invoice import Invoice
from shared.domain.line_items import rounded
from shared.domain.names import Kind
from shared.domain.payment import (
    STATES,
    WAITING,
    Payment,
    PaymentRequest,
    Received,
    Refund,
    State,
    contradiction_id,
    payment_id,
)
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

PAYMENTS = Records(Kind.PAYMENT, Payment)
_BY_HAND = "by-hand"
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


def take(ports: Ports, scope: Scope, by: str, received: Received) -> Payment:
    """Record and count it. The same payment, told again, is only shown; told otherwise, it waits for a person."""
    check(ports, received)
    payment = _recorded(ports, scope, by, received, payment_id(received))
    if (payment.amount, payment.currency) != (received.amount, received.currency):
        return _recorded(ports, scope, by, received, contradiction_id(received), "contradicts")
    done = settle(ports, scope, payment) if payment.state == "taken" else payment
    return refund(ports, scope, by, done.id, received.refunds) if received.refunds else done


def take_manual(ports: Ports, scope: Scope, by: str, request: PaymentRequest) -> Payment:
    """What a person saw on the account."""
    said = request.model_dump() | {"at": request.at or ports.clock.now()}
    return take(ports, scope, by, Received(**said, source="manual"))


def settle(ports: Ports, scope: Scope, payment: Payment) -> Payment:
    """Count what is on record and not counted yet: first the payment says for which invoice, so that it is one only;
    then it is counted there under its id, then the payment says so. Killed between, it goes on from there."""
    found = invoices.named(ports, scope, payment.invoice or payment.named)
    state: State = "counted" if found else "unknown_invoice"
    if found and found.currency != payment.currency and payment.counts_as is None:
        state = "wrong_currency"
    elif found and (found.kind != "invoice" or found.status not in ("issued", "sent")):
        state = "counted" if payment.id in found.payments else "not_payable"
    if payment.invoice:
        _uncount_all(ports, scope, payment.id, but=payment.invoice)
    if found and state == "counted":
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


def assign(ports: Ports, scope: Scope, by: str, id: str, invoice: str, counts_as: Decimal | None = None) -> Payment:
    """A person says which invoice a payment is for; one that counts for an invoice moves from there to this one.
    `counts_as`: how much of the invoice's currency, for one that came in another.

    Raises Missing, Rejected for parts of a coin, Conflict where it cannot count."""
    payment, target = PAYMENTS.load(ports, scope, id), invoices.get(ports, scope, invoice)
    if payment.invoice == target.id and payment.state == "counted":
        return payment
    foreign = payment.currency != target.currency
    if foreign and counts_as is None:
        said = f"it is {payment.currency}, the invoice {target.currency}; say as how much {target.currency} it counts"
        raise Conflict("currency", f"{said}, or give it back")
    if counts_as is not None and counts_as != rounded(counts_as, target.currency):
        raise Rejected(FieldError("counts_as", f"is finer than the smallest coin of {target.currency}"))
    _check_assignable(payment, target)
    claimed = _claimed(ports, scope, payment, target.id, counts_as=counts_as if foreign else None)
    if (claimed.state, claimed.invoice) != ("taken", target.id):
        raise Conflict("payment", "somebody else has just decided about it; look again")
    ports.journal.append(scope, f"invoice/{target.id}", ports.clock.now(), by, "assigned", {"payment": id})
    done = settle(ports, scope, claimed)
    if (done.state, done.invoice) != ("counted", target.id):
        raise Conflict("payment", f"it {STATES[done.state]}")
    return done


def give_back(ports: Ports, scope: Scope, by: str, id: str) -> Payment:
    """It was given back: it counts for nothing any more, and nobody is reminded of what is open by that until a person
    says that it is owed again. Repeatable. Raises Missing."""
    PAYMENTS.load(ports, scope, id)
    _uncount_all(ports, scope, id, back=True)  # before it says so: killed here, it still stands and is given back again
    ports.journal.append(scope, f"payment/{id}", ports.clock.now(), by, "returned", {})
    done = PAYMENTS.change(ports, scope, id, lambda found: setattr(found, "state", "returned"))
    _uncount_all(ports, scope, id, back=True)  # and after it: whoever was counting it meanwhile
    return done


def refund(ports: Ports, scope: Scope, by: str, id: str, told: Sequence[Refund]) -> Payment:
    """Money of it went back, whole or in part: so much less counts for its invoice, of which nobody is reminded until
    a person says that it is owed again. Told again or out of order, it changes nothing more. Raises Missing."""
    before = PAYMENTS.load(ports, scope, id).refunds

    def put(found: Payment) -> None:
        found.refunds |= {each.id: each.after(found.refunds.get(each.id)) for each in told}

    after = PAYMENTS.change(ports, scope, id, put)
    if after.refunds != before:
        said = {"refunded": f"{after.refunded:f}"}
        ports.journal.append(scope, f"payment/{id}", ports.clock.now(), by, "refunded", said)
    if after.invoice and after.state == "counted":
        invoices.INVOICES.change(ports, scope, after.invoice, lambda found: _recount(ports, scope, found, id))
    return after


def refund_by_hand(ports: Ports, scope: Scope, by: str, id: str, amount: Decimal) -> Payment:
    """A person gave back so much of it in all; what was said before is forgotten. Raises Missing, Rejected for more
    than came or parts of a coin."""
    found = PAYMENTS.load(ports, scope, id)
    others = [each for each in found.refunds.values() if each.id != _BY_HAND and each.state != "failed"]
    most = found.amount - sum((each.amount for each in others), Decimal(0))
    if amount > most:
        raise Rejected(FieldError("amount", f"only {most:f} {found.currency} can be given back"))
    if amount != rounded(amount, found.currency):
        raise Rejected(FieldError("amount", f"is finer than the smallest coin of {found.currency}"))

    def put(now: Payment) -> None:
        now.refunds.pop(_BY_HAND, None)

    PAYMENTS.change(ports, scope, id, put)
    told = [Refund(id=_BY_HAND, amount=amount, state="done")] if amount else []
    return refund(ports, scope, by, id, told)


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
        found.payments[payment.id] = payment.left(found.currency)
        found.refunded = found.refunded or (payment.refunded > 0 and found.open > 0)
        found.next_at = None if found.open <= 0 else found.next_at or now.replace(microsecond=0)

    invoices.INVOICES.change(ports, scope, id, put)


def _recount(ports: Ports, scope: Scope, found: Invoice, id: str) -> None:
    """As the payment stands at this moment: who was overtaken looks again."""
    counts = PAYMENTS.load(ports, scope, id).left(found.currency)
    if id not in found.payments or found.payments[id] == counts:
        return
    found.refunded = counts < found.payments[id]
    found.payments[id] = counts
    if found.status in ("issued", "sent"):
        found.next_at = None if found.open <= 0 else ports.clock.now().replace(microsecond=0)


def _uncount_all(ports: Ports, scope: Scope, id: str, but: str = "", back: bool = False) -> None:
    """Wherever it stands. `back`: because it was given back."""
    now = ports.clock.now()
    for each in invoices.every(ports, scope):
        if id in each.payments and each.id != but:
            invoices.INVOICES.change(ports, scope, each.id, lambda found: _uncount(found, id, now, back))


def _uncount(found: Invoice, id: str, now: datetime, back: bool) -> None:
    if found.payments.pop(id, None) is not None and found.status in ("issued", "sent") and found.open > 0:
        found.refunded = found.refunded or back
        found.next_at = found.next_at or now.replace(microsecond=0)


def _check_assignable(payment: Payment, target: Invoice) -> None:
    """Raises Conflict; nothing is written."""
    decided = payment.state not in ("counted", *WAITING)
    if decided and (payment.state, payment.invoice) != ("taken", target.id):
        raise Conflict("payment", f"it {STATES[payment.state]}")
    if target.kind != "invoice" or target.status not in ("issued", "sent"):
        raise Conflict("invoice", f"a {target.status} {target.kind.replace('_', ' ')} cannot be paid")


def _claimed(ports: Ports, scope: Scope, seen: Payment, invoice: str, **said: Decimal | None) -> Payment:
    """It says for which invoice it is about to count, unless it says something else by now than was seen. `counts_as`
    stays as it is where nothing is said of it."""

    def put(found: Payment) -> None:
        if (found.state, found.invoice) == (seen.state, seen.invoice):
            found.state, found.invoice = "taken", invoice
            found.counts_as = said.get("counts_as", found.counts_as)

    return PAYMENTS.change(ports, scope, seen.id, put)


def _settled(ports: Ports, scope: Scope, claimed: Payment, state: State, invoice: str) -> Payment:
    """What became of it, if it still says what was claimed; else it does not count here."""

    def put(found: Payment) -> None:
        if (found.state, found.invoice) == ("taken", claimed.invoice):
            found.state, found.invoice = state, invoice

    now, done = ports.clock.now(), PAYMENTS.change(ports, scope, claimed.id, put)
    if invoice and done.state != "taken" and (done.state, done.invoice) != ("counted", invoice):
        back = done.state == "returned"
        invoices.INVOICES.change(ports, scope, invoice, lambda found: _uncount(found, claimed.id, now, back))
    return done


def check(ports: Ports, received: Received) -> None:
    """Before any of several is taken. Raises Rejected for a day that cannot be: nothing is written."""
    if received.at.tzinfo is None:
        raise Rejected(FieldError("at", "must say its offset, such as 2027-03-02T10:00:00Z"))
    if not _EARLIEST <= received.at <= ports.clock.now() + timedelta(days=2):
        raise Rejected(FieldError("at", "money does not come in the future"))
