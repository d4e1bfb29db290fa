"""A calendar that Baton keeps itself, beside all else it keeps: in SQLite on one machine, in Cosmos DB on Azure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.calendar import ENTRY_ID, Busy, Entry
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Documents

_PAGE = 500
_DAY = timedelta(days=1)


class KeptCalendar:
    """`shared.ports.Calendar`; days are days of `zone`."""

    def __init__(self, documents: Documents, zone: ZoneInfo) -> None:
        self._documents, self._zone = documents, zone

    def busy(self, scope: Scope, start: datetime, end: datetime) -> list[Busy]:
        # A day of leeway: days were stored as those of the zone of then.
        asked = [Filter("end", "gt", _text(start - _DAY)), Filter("start", "lt", _text(end + _DAY))]
        found: list[Busy] = []
        cursor = None
        while True:
            page = self._documents.find(scope, Kind.CALENDAR_ENTRY, asked, limit=_PAGE, cursor=cursor)
            for each in page.documents:
                found.append(Entry.model_validate(each.body["entry"]).span(self._zone, each.id))
            if (cursor := page.cursor) is None:
                return sorted(each for each in found if each.end > start and each.start < end)

    def put(self, scope: Scope, id: str, entry: Entry) -> None:
        if not ENTRY_ID.fullmatch(id):
            raise ValueError(f"entry id {id!r} must be small letters, digits and hyphens, at most 64")
        span = entry.span(self._zone)
        body = {"start": _text(span.start), "end": _text(span.end), "entry": entry.model_dump(mode="json")}
        self._documents.put(scope, Kind.CALENDAR_ENTRY, id, body, "*")

    def remove(self, scope: Scope, id: str) -> bool:
        if self._documents.get(scope, Kind.CALENDAR_ENTRY, id) is None:
            return False
        self._documents.delete(scope, Kind.CALENDAR_ENTRY, id)
        return True


def _text(moment: datetime) -> str:
    """Sortable."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
