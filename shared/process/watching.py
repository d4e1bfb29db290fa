"""What whoever watches a run is told: the lines of its steps, and how far they are."""

from __future__ import annotations

from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.run import LogLine, News, RunStep
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.process import approvals, runs
from shared.process.books import steps_of

_MOST_ASKING = 100


def lines(ports: Ports, scope: Scope, id: str, cursor: str | None, limit: int, step: str | None = None) -> News:
    """The lines after `cursor`, oldest first, at least `limit` if there are so many. Raises Missing, Rejected."""
    run = runs.read(ports, scope, id)
    if cursor is not None and not (cursor.isascii() and cursor.isalnum()):
        raise Rejected(FieldError("cursor", "it is not one that this list gave out"))
    on = [Filter("id", "prefix", f"{id}~"), *([Filter("id", "gt", f"{id}~{cursor}")] if cursor else [])]
    found: list[LogLine] = []
    place: str | None = None
    while len(found) < limit:
        page = ports.documents.find(scope, Kind.RUN_LOG, on, limit=50, cursor=place)
        for document in page.documents:
            cursor = document.id.rpartition("~")[2]
            about = {"step": document.body["step"], "item": document.body["item"]}
            if step in (None, document.body["step"]):
                found += [LogLine(**about, **each) for each in document.body["lines"]]
        place = page.cursor
        if place is None:
            break
    return News(run=run.shown(), lines=found, cursor=cursor)


def news(ports: Ports, scope: Scope, id: str, cursor: str | None, limit: int, step: str | None = None) -> News:
    """The same, with the steps that are under way."""
    found = lines(ports, scope, id, cursor, limit, step)
    counts: dict[str, int] = {}
    on: list[RunStep] = []
    for each in steps_of(ports, scope, id):
        if each.item is None:
            counts[each.status] = counts.get(each.status, 0) + 1
        if each.status in ("running", "waiting", "asking"):
            on.append(each.model_copy(update={"outputs": {}, "undo": [], "tries": each.tries[-1:]}))
    return found.model_copy(update={"steps": on[:100], "counts": counts})


def asking(ports: Ports, scope: Scope) -> set[str]:
    """Runs that wait for a person: for an approval, or for what is to become of a step; of very many not all."""
    asked, _ = approvals.waiting(ports, scope, _MOST_ASKING)
    page = ports.documents.find(scope, Kind.RUN_STEP, [Filter("status", "eq", "asking")], limit=_MOST_ASKING)
    return {each.sealed["run"] for each in asked} | {document.body["run"] for document in page.documents}
