"""What Baton itself knows becomes rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from shared.agents.analyze.report import report
from shared.domain.campaign import Campaign
from shared.domain.names import Kind
from shared.process.rows.columns import RowColumn, Rows
from shared.process.rows.file import RowsWriter
from shared.process.steps.call import Answer, Desk, StepType

_COUNTS = (
    "planned",
    "sent",
    "failed",
    "unknown",
    "opened",
    "clicked",
    "unsubscribed",
    "bounced",
    "complained",
    "replied",
)
_COLUMNS = [
    *(RowColumn(name=each) for each in ("campaign", "title", "channel", "status")),
    RowColumn(name="began", type="date"),
    *(RowColumn(name=each, type="integer") for each in ("held", *_COUNTS)),
    *(RowColumn(name=each, type="boolean") for each in ("final", "simulated")),
]


class Campaigns(StepType):
    """The figures of this workspace's campaigns, as their reports have them, a row each: `campaign` (its id), `title`,
    `channel`, `status`, `began` (the day in BATON_TIMEZONE on which its first message was due), `held`, `planned`,
    `sent`, `failed`, `unknown`, `opened`, `clicked`, `unsubscribed`, `bounced`, `complained`, `replied` (people),
    `final` (its observation is closed), `simulated` (some of it came from simulated people). What machines opened and
    clicked is not counted. Campaigns that have not been planned are left out."""

    since: date = Field(alias="from")
    """The first day on which a campaign may have begun."""
    until: date = Field(alias="to")
    """The last one."""

    outputs: ClassVar[Mapping[str, str]] = {"rows": "the campaigns, the earliest first", "count": "how many there are"}

    @model_validator(mode="after")
    def _in_order(self) -> Campaigns:
        if self.until < self.since:
            raise ValueError("to is before from")
        return self

    def run(self, desk: Desk) -> Answer:
        found = sorted(self._began(desk), key=lambda each: (each[0], each[1].id))
        path = desk.folder / "campaigns.jsonl"
        with RowsWriter(path) as writer:
            for n, (day, campaign) in enumerate(found, 1):
                writer.add({"_row": n, **_figures(desk, day, campaign)})
                desk.beat()
                desk.progress(n, len(found), "campaigns")
        rows = Rows(file=desk.keep(path), columns=_COLUMNS, count=len(found))
        return Answer({"rows": rows.model_dump(), "count": len(found)})

    def _began(self, desk: Desk) -> Iterator[tuple[date, Campaign]]:
        cursor = None
        while True:
            page = desk.ports.documents.find(desk.scope, Kind.CAMPAIGN, cursor=cursor)
            for document in page.documents:
                campaign = Campaign.model_validate(document.body)
                day = campaign.first_due and _day(desk, campaign.first_due)
                if day and self.since <= day <= self.until:
                    yield day, campaign
            cursor = page.cursor
            if cursor is None:
                return


def _day(desk: Desk, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(desk.ports.timezone)).date()


def _figures(desk: Desk, day: date, campaign: Campaign) -> dict[str, Any]:
    made = report(desk.ports, desk.scope, campaign.id)
    about = {"campaign": campaign.id, "title": campaign.name, "channel": campaign.request.channels[0]}
    counts = {"held": sum(made.funnel.held.values()), **{each: getattr(made.funnel, each) for each in _COUNTS}}
    marks = {"final": made.final, "simulated": made.simulated}
    return {**about, "status": campaign.status, "began": day.isoformat(), **counts, **marks}
