"""A list of what came in and what it came to. It is a list only: ledger, suppression and reports do without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.agents.feedback.news import News
from shared.agents.feedback.places import Sent
from shared.agents.records import load
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.feedback import CameIn, Feedback, FeedbackItem
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Order, Ports, RowRef, Stale


def keep(ports: Ports, sent: Sent, news: News) -> None:
    """Write down what came in about a message, the first time that it does."""
    row = sent.row
    _put(
        ports,
        sent.scope,
        Feedback(
            what=news.what,
            at=ports.clock.now(),
            contact=row.contact,
            person=row.person,
            campaign=row.campaign,
            shard=row.shard,
            key=row.key,
            attempt=sent.attempt,
            status=news.status[:100],
        ),
    )


def keep_stop(ports: Ports, scope: Scope, contact: str | None, person: str | None) -> None:
    """Write down that somebody said no by text; None: nobody here has the number."""
    _put(ports, scope, Feedback(what="stopped", at=ports.clock.now(), contact=contact, person=person))


def listing(
    ports: Ports, scope: Scope, what: CameIn | None = None, limit: int = 50, cursor: str | None = None
) -> tuple[list[FeedbackItem], str | None]:
    """What came in, newest first, and the cursor of the next page. Raises Rejected."""
    asked = [Filter("what", "eq", what)] if what else []
    newest = Order("at", descending=True)
    try:
        page = ports.documents.find(scope, Kind.FEEDBACK, asked, order=newest, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    found = [Feedback.model_validate(document.body) for document in page.documents]
    rows, reasons, names = _rows(ports, scope, found), _suppressed(ports, scope, found), _names(ports, scope, found)
    items = [
        FeedbackItem(
            what=each.what,
            at=each.at,
            status=each.status,
            campaign=each.campaign or None,
            campaign_name=names.get(each.campaign),
            contact=each.contact,
            message=rows[each.key].state if each.key in rows else None,
            suppressed=reasons.get(each.person or ""),
        )
        for each in found
    ]
    return items, page.cursor


def _put(ports: Ports, scope: Scope, made: Feedback) -> None:
    try:
        ports.documents.put(scope, Kind.FEEDBACK, made.id, made.model_dump(mode="json"))
    except Stale:
        return


def _rows(ports: Ports, scope: Scope, found: Iterable[Feedback]) -> dict[str, LedgerRow]:
    refs = [RowRef(each.campaign, each.shard, each.key) for each in found if each.key]
    return {row.key: row for row in ports.ledger.of_person(scope, refs)}


def _suppressed(ports: Ports, scope: Scope, found: Iterable[Feedback]) -> dict[str, str]:
    """person -> why nothing of the agency reaches them."""
    persons = frozenset(each.person for each in found if each.person)
    if not persons:
        return {}
    asked = [Filter("id", "in", persons)]
    page = ports.documents.find(scope.agency, Kind.SUPPRESSION, asked, limit=len(persons))
    return {each.id: str(each.body.get("reason", "")) for each in page.documents}


def _names(ports: Ports, scope: Scope, found: Sequence[Feedback]) -> dict[str, str]:
    names = {}
    for id in {each.campaign for each in found if each.campaign}:
        try:
            names[id] = load(ports, scope, id).name
        except Missing:
            continue
    return names
