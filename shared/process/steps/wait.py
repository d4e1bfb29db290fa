"""Waiting for a time or for an event of Baton."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from pydantic import AwareDatetime, Field, model_validator

from shared.domain.event import stamp
from shared.domain.names import Kind
from shared.domain.segment import Filter
from shared.process.declared import Span
from shared.process.errors import ResourceError
from shared.process.known import span
from shared.process.steps.call import Again, Answer, Desk, StepType

_SOONEST, _LATEST = timedelta(minutes=1), timedelta(hours=1)
"""Between two looks for an event; the longer it has waited, the rarer: each look is a few lines of history."""


class Wait(StepType):
    """Waits for a while (`for`), until a moment (`until`), or for an event of Baton (`event`)."""

    for_: Span | None = Field(default=None, alias="for")
    """How long: 30s, 10m, 2h, 14d."""
    until: AwareDatetime | None = None
    """A moment with its zone, such as 2027-03-31T09:00:00+02:00."""
    event: str | None = Field(default=None, max_length=60)
    """The type of an event that comes after the step began, such as campaign.completed."""
    where: dict[str, Any] = Field(default_factory=dict)
    """What the event's data must say, such as campaign: the id of one."""
    within: Span = "30d"
    """An event that has not come by then fails the step."""

    outputs: ClassVar = {"at": "when the waiting was over", "event": "the data of the event"}

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.for_, self.until, self.event)) != 1:
            raise ValueError("say exactly one of `for`, `until` and `event`")
        return self

    def run(self, desk: Desk) -> Answer:
        now = desk.ports.clock.now()
        if self.event is not None:
            return self._heard(desk, now)
        until = self.until or desk.began + span(self.for_ or "1s")
        if now < until:
            raise Again(until, "time")
        return Answer({"at": now.isoformat(), "event": {}})

    def _heard(self, desk: Desk, now: datetime) -> Answer:
        asked = [Filter("type", "eq", self.event), Filter("at", "ge", stamp(desk.began))]
        for document in desk.ports.documents.find(desk.scope, Kind.EVENT, asked, limit=1000).documents:
            data = document.body["data"]
            if all(data.get(name) == value for name, value in self.where.items()):
                return Answer({"at": now.isoformat(), "event": data})
        until = desk.began + span(self.within)
        if now >= until:
            raise ResourceError(f"no event {self.event} came within {self.within}", "with.event")
        look = now + max(_SOONEST, min((now - desk.began) / 4, _LATEST))
        raise Again(min(look, until), "event")
