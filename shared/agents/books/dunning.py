"""Reminders: each stage once, whatever is killed or runs again; where several are due at once, only the last leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from shared.agents.books import invoices, post
from shared.agents.books.plans import morning
from shared.domain.invoice import MOST_TRIES, Invoice, Reminder
from shared.domain.scope import Scope
from shared.ports import Ports

IN_DOUBT = timedelta(minutes=20)
"""So long until the channel is asked about a mail whose sender was killed."""
TRY_AGAIN = timedelta(hours=1)
_UNCERTAIN = ("planned", "intent", "unknown")
"""It may have left, or a person said that it is to leave once more."""


def look_after(ports: Ports, scope: Scope, found: Invoice, now: datetime) -> None:
    """Send what is due of one invoice, and note when to look again. What was to leave by mail and has not is sent to
    its end, and nobody is reminded of it, nor while nobody knows whether one of its mails left. Raises Conflict if a
    mail cannot leave now."""
    found = invoices.get(ports, scope, found.id)
    if found.mail in _UNCERTAIN or (found.sending and (found.mail is None or found.tries < MOST_TRIES - 1)):
        post.send(ports, scope, "books", found.id)
    _remind_again(ports, scope, found.id)
    _remind(ports, scope, invoices.get(ports, scope, found.id), now)

    def put(after: Invoice) -> None:
        after.next_at = next_look(ports, after, now)

    invoices.INVOICES.change(ports, scope, found.id, put)


def next_look(ports: Ports, found: Invoice, now: datetime) -> datetime | None:
    """When there is something to do about an invoice that nobody begins; None: never again."""
    note = found.kind == "credit_note"
    if found.status not in ("issued", "sent") or (found.open <= 0 and not note):
        return None
    if {"planned", "intent"} & {*found.mails}:
        return now.replace(microsecond=0) + IN_DOUBT
    if found.waits == "unknown":
        return next((at for _, at in stages(ports, found) if at > now), None)
    if found.sending:
        return now.replace(microsecond=0) + TRY_AGAIN if found.tries < MOST_TRIES - 1 else None
    if found.refused and not found.refunded:
        return now.replace(microsecond=0) + TRY_AGAIN if found.refused.tries < MOST_TRIES - 1 else None
    return None if note or found.refunded else next((at for n, at in stages(ports, found) if n > _last(found)), None)


def stages(ports: Ports, found: Invoice) -> list[tuple[int, datetime]]:
    """Every stage of its terms, and when it is due."""
    if found.terms is None or found.due_on is None:
        return []
    due = found.due_on
    return [(n, morning(ports, due + timedelta(days=each.after_days))) for n, each in enumerate(found.terms.dunning)]


def _owed(found: Invoice) -> bool:
    """There is something to remind of, and whoever is reminded has it and was given nothing back."""
    if found.sending or found.mail in _UNCERTAIN or found.refunded:
        return False
    return found.open > 0 and found.status in ("issued", "sent")


def _remind_again(ports: Ports, scope: Scope, id: str) -> None:
    """Reminders whose sender was killed: what is proved never to have left leaves now, if it is still owed. The last,
    if its mail was refused, leaves as the next of its mails, which is a row of its own."""
    seen = invoices.get(ports, scope, id)
    if _owed(seen) and seen.refused and seen.refused.tries < MOST_TRIES - 1:
        invoices.INVOICES.change(ports, scope, id, partial(once_more, seen.refused.tries))
    for n, each in enumerate(invoices.get(ports, scope, id).reminders):
        found = invoices.get(ports, scope, id)
        if each.mail not in _UNCERTAIN or not _owed(found) or found.terms is None:
            continue
        stage = found.terms.dunning[each.stage]
        state = post.remind(ports, scope, found, each.stage, stage.title, stage.text, each.tries)
        invoices.INVOICES.change(ports, scope, id, partial(_set_mail, n, state))


def once_more(tries: int, found: Invoice) -> None:
    """The reminder that was refused makes way for its next mail, if there was none meanwhile."""
    if (last := found.refused) and last.tries == tries:
        last.mail, last.tries = "planned", tries + 1


def _set_mail(n: int, state: str, found: Invoice) -> None:
    found.reminders[n].mail = state


def _remind(ports: Ports, scope: Scope, found: Invoice, now: datetime) -> None:
    due = [n for n, at in stages(ports, found) if at <= now and n > _last(found)]
    if not due or found.terms is None or not _owed(found) or found.refused:
        return
    if any(mail in _UNCERTAIN for mail in found.mails):
        return
    *skipped, last = due
    stage = found.terms.dunning[last]
    state = post.remind(ports, scope, found, last, stage.title, stage.text)
    made = [Reminder(stage=n, title=found.terms.dunning[n].title, at=now) for n in skipped]
    made.append(Reminder(stage=last, title=stage.title, at=now, mail=state))

    def put(after: Invoice) -> None:
        after.reminders += [each for each in made if each.stage > _last(after)]

    invoices.INVOICES.change(ports, scope, found.id, put)
    ports.journal.append(scope, f"invoice/{found.id}", now, "books", "reminded", {"stage": last + 1, "state": state})


def _last(found: Invoice) -> int:
    return max((each.stage for each in found.reminders), default=-1)
