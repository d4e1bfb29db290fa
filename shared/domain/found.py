"""Data of a person that they did not give themselves: found on a page, in a register, bought. Where from, when, how and
on which terms is kept with the fields, and the person is told so at the first message, within a month of the finding
(GDPR Article 14; rule G10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.domain.privacy import month_after
from shared.domain.texts import Line

Notice = Literal["settled", "missing", "late"]
"""settled: there is nothing to tell, or this message tells it; missing: it does not; late: the month is over."""


class Found(BaseModel):
    """Fields of a contact that came from one source at one time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: list[str]
    source: str
    """The address of a page, or the name of a file or register."""
    at: datetime
    """When they were found there."""
    by: str | None = None
    """How: by whom or by what method."""
    licence: str | None = None
    """On which terms the source lets them be used."""
    told_at: datetime | None = None
    told_by: str | None = None
    """`campaign <id>` if a message told them, else what they were told by."""

    @property
    def due(self) -> datetime:
        """Until when they have to be told (GDPR Article 14(3)(a))."""
        return month_after(self.at)


class Told(BaseModel):
    """How and when somebody was told otherwise than by a message; `at`: now, if nothing stands there."""

    model_config = ConfigDict(extra="forbid")

    how: Line
    at: AwareDatetime | None = None


def spoken(fields: Iterable[str]) -> list[str]:
    """Names of fields as they stand in a sentence."""
    said = {"email": "e-mail address", "phone": "telephone number", "timezone": "time zone"}
    return [said.get(each, each.removeprefix("attributes.").replace("_", " ")) for each in fields]


def untold(found: Iterable[Found]) -> list[Found]:
    """What the person does not know yet."""
    return [each for each in found if each.told_at is None]


def notice(found: Iterable[Found], message_tells: bool, at: datetime) -> Notice:
    """Whether a message may leave at this moment, as far as this duty decides."""
    waiting = untold(found)
    if any(each.due <= at for each in waiting):
        return "late"
    return "missing" if waiting and not message_tells else "settled"


def told(found: Sequence[Found], at: datetime, by: str) -> list[Found]:
    """After the person was told of everything."""
    return [each if each.told_at else each.model_copy(update={"told_at": at, "told_by": by}) for each in found]


def with_source(found: Sequence[Found], fields: Sequence[str], source: Found | None) -> list[Found]:
    """After these fields got new values: they have this source (without fields), None if they were given. What the
    person was told of already is not what is told of now."""
    kept = [each.model_copy(update={"fields": [name for name in each.fields if name not in fields]}) for each in found]
    rest = [each for each in kept if each.fields]
    if not source or not fields:
        return rest
    same = next((each for each in rest if each.model_copy(update={"fields": []}) == source), source)
    more = same.model_copy(update={"fields": [*same.fields, *fields]})
    return [*(each for each in rest if each is not same), more]
