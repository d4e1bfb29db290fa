"""Reminders: each stage once, whatever is killed or runs again; where several are due at once, only the last leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.agents.books import invoices, post
from shared.agents.books.evidence import look_again
from shared.agents.books.plans import morning
from shared.domain.invoice import Invoice, Reminder
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

IN_DOUBT = timedelta(minutes=20)
"""So long until the channel is asked about a mail whose sender was killed."""


def look_after(ports: Ports, scope: Scope, found: Invoice, now: datetime) -> None:
    """Send what is due of one invoice, and note when to look again. Raises Conflict if a mail cannot leave now."""
    if found.mail in ("intent", "unknown"):
        look_again(ports, scope, f"{Kind.INVOICE}-{found.id}")
        found = post.send(ports, scope, "books", found.id)
    if found.open > 0 and found.status in ("issued", "sent"):
        found = _remind(ports, scope, found, now)

    def put(after: Invoice) -> None:
        after.next_at = next_look(ports, after, now)

    invoices.INVOICES.change(ports, scope, found.id, put)


def next_look(ports: Ports, found: Invoice, now: datetime) -> datetime | None:
    """When there is something to do about an invoice that nobody begins; None: never again."""
    if found.kind != "invoice" or found.status not in ("issued", "sent") or found.open <= 0:
        return None
    if found.mail == "intent":
        return now.replace(microsecond=0) + IN_DOUBT
    return next((at for n, at in stages(ports, found) if n > _last(found)), None)


def stages(ports: Ports, found: Invoice) -> list[tuple[int, datetime]]:
    """Every stage of its terms, and when it is due."""
    if found.terms is None or found.due_on is None:
        return []
    due = found.due_on
    return [(n, morning(ports, due + timedelta(days=each.after_days))) for n, each in enumerate(found.terms.dunning)]


def _remind(ports: Ports, scope: Scope, found: Invoice, now: datetime) -> Invoice:
    due = [n for n, at in stages(ports, found) if at <= now and n > _last(found)]
    if not due or found.terms is None:
        return found
    *skipped, last = due
    stage = found.terms.dunning[last]
    state = post.remind(ports, scope, found, last, stage.title, stage.text)
    made = [Reminder(stage=n, title=found.terms.dunning[n].title, at=now) for n in skipped]
    made.append(Reminder(stage=last, title=stage.title, at=now, mail=state))

    def put(after: Invoice) -> None:
        after.reminders += [each for each in made if each.stage > _last(after)]

    reminded = invoices.INVOICES.change(ports, scope, found.id, put)
    ports.journal.append(scope, f"invoice/{found.id}", now, "books", "reminded", {"stage": last + 1, "state": state})
    return reminded


def _last(found: Invoice) -> int:
    return max((each.stage for each in found.reminders), default=-1)
