"""What a person decides about an invoice: that a draft of agreed dates leaves; what holds of a mail of which nobody
knows whether it left; what becomes of a reminder that was refused."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.books import invoices, post
from shared.agents.books.dunning import once_more
from shared.domain.faults import Conflict
from shared.domain.inbox import Asked, Decision, Word
from shared.domain.inquiry import MARKS
from shared.domain.inquiry import Decision as Said
from shared.domain.invoice import Invoice
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Settlement

_MOST = 100


def waiting(ports: Ports, scope: Scope) -> Iterator[Asked]:
    """Invoices that wait for a word, the oldest first, at most a hundred."""
    asked = [Filter("waits", "in", ["approval", "unknown", "refunded", "refused"])]
    found, _ = invoices.INVOICES.page(ports, scope, asked, Order("created_at"), _MOST)
    yield from map(_question, found)


def answer(ports: Ports, scope: Scope, by: str, id: str, decision: Decision) -> Invoice:
    """Carry out what was answered to the question about it. Raises Missing; Conflict if it is not what was shown, or
    for a word that is no answer; and as sending does."""
    found = invoices.get(ports, scope, id)
    if found.digest != decision.digest:
        raise Conflict("digest", "it is not what was shown any more; look at it again")
    if decision.decision not in _question(found).answers:
        raise Conflict("decision", "is no answer to what is asked about this invoice")
    if decision.decision == "approve":
        return post.send(ports, scope, by, id)
    if decision.decision == "owed":
        return owed_again(ports, scope, by, id)
    return decide(ports, scope, by, id, "again" if decision.decision == "again" else "sent")


def decide(ports: Ports, scope: Scope, by: str, id: str, said: Said) -> Invoice:
    """Mails of which nobody knows are treated as sent, or leave once more with the next turn of the flow. Who said so
    is written down first; killed in between, the same word can be said again.

    Raises Missing; Conflict if there is nothing to decide."""
    before = invoices.get(ports, scope, id)
    if before.waits == "refused":
        return _decide_refused(ports, scope, by, before, said)
    if before.waits != "unknown":
        raise Conflict("decision", "of all its mails it is known what became of them")
    now, place = ports.clock.now(), f"{Kind.INVOICE}-{id}"
    ports.journal.append(scope, f"invoice/{id}", now, by, f"unknown_{said}", {})
    rows = ports.ledger.of_shard(scope, place, 0, state="unknown")
    detail = f"{MARKS[said]} by {by}"
    if said == "sent":
        news = [Settlement(row.key, row.attempt, "accepted", detail=detail) for row in rows]
    else:
        news = [Settlement(row.key, row.attempt, "planned", detail=detail, not_before=now) for row in rows]
    ports.ledger.settle(scope, place, 0, news, now)

    def put(found: Invoice) -> None:
        found.next_at = now.replace(microsecond=0)
        if found.mail == "unknown":
            found.mail, found.sending = ("accepted", False) if said == "sent" else ("planned", True)
            if said == "sent":
                found.sent_at = found.sent_at or now
                found.status = "sent" if found.status == "issued" else found.status
        for each in found.reminders:
            if each.mail == "unknown":
                each.mail = "accepted" if said == "sent" else "planned"

    return invoices.INVOICES.change(ports, scope, id, put)


def _decide_refused(ports: Ports, scope: Scope, by: str, before: Invoice, said: Said) -> Invoice:
    """A reminder that was refused: they were told by other means, or it is tried once more."""
    now, tries = ports.clock.now(), before.refused.tries if before.refused else 0
    ports.journal.append(scope, f"invoice/{before.id}", now, by, f"refused_{said}", {})

    def put(found: Invoice) -> None:
        found.next_at = now.replace(microsecond=0)
        if said == "again":
            once_more(tries, found)
        elif found.refused:
            found.refused.mail = "told"

    return invoices.INVOICES.change(ports, scope, before.id, put)


def owed_again(ports: Ports, scope: Scope, by: str, id: str) -> Invoice:
    """What was given back is to be paid once more: reminders go on. Repeatable. Raises Missing."""
    now = ports.clock.now()

    def put(found: Invoice) -> None:
        if found.refunded:
            found.refunded, found.next_at = False, now.replace(microsecond=0)

    invoices.get(ports, scope, id)
    ports.journal.append(scope, f"invoice/{id}", now, by, "owed_again", {})
    return invoices.INVOICES.change(ports, scope, id, put)


def _question(found: Invoice) -> Asked:
    answers: list[Word] = []
    if found.waits == "approval":
        question = f"Send the invoice over {found.totals.gross:,f} {found.currency} of its agreed day?"
        answers = ["approve"] if found.buyer.email else []
    elif found.waits == "refunded":
        question = f"Money went back, and {found.open:,f} {found.currency} are open. Is that owed again?"
        answers = ["owed"]
    elif found.refused and found.waits == "refused":
        question = f"{found.refused.title} was refused and has not left. Is it sent again, or do they know already?"
        answers = ["sent", "again"]
    else:
        question = "Its mail may have left, and nobody knows. Is it treated as sent, or sent again and may come twice?"
        answers = ["sent", "again"] if found.waits else []
    name = f"{found.number or 'Draft'}, {found.buyer.name}"
    return Asked(
        subject=found.id, version=1, digest=found.digest, kind="invoice", name=name, sealed={"invoice": found.id},
        asked_at=found.created_at, question=question, answers=answers,
    )  # fmt: skip
