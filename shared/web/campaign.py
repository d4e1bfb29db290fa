"""What the pages of one campaign show, made of what it is and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from shared.domain.campaign import ENDED, Campaign, Status
from shared.domain.contact import Contact
from shared.domain.report import Report
from shared.render.charts import funnel_chart, hours_chart, variants_chart
from shared.web.standing import Standing, headline, parts
from shared.web.words import STATUS, countdown

Action = Literal["recall", "pause", "resume", "cancel", "correct"]

_PATH: tuple[Status, ...] = (
    "generating",
    "awaiting_approval",
    "holding",
    "scheduled",
    "sending",
    "analyzing",
    "completed",
)
_MISSED = ("campaign missed its time and asks what to do", "campaigns missed their time and ask what to do")
_GOES_ON: tuple[tuple[Status, str, str], ...] = (
    ("holding", "campaign leaves soon and can still be recalled", "campaigns leave soon and can still be recalled"),
    ("sending", "campaign is being sent", "campaigns are being sent"),
)
_MOVING: tuple[Status, ...] = ("generating", "holding", "scheduled", "sending")


def overview(campaigns: Sequence[Campaign], needs: Sequence[str]) -> str:
    """The first sentence of the list: what wants a person, `needs` in it; else what goes on."""
    missed = sum(each.status == "missed" for each in campaigns)
    said = [*([_n(missed, *_MISSED)] if missed else []), *needs]
    if said:
        return f"{'; '.join(said)}."
    for status, one, many in _GOES_ON:
        if n := sum(each.status == status for each in campaigns):
            return f"{_n(n, one, many)}."
    return "Nothing needs you." if campaigns else "Every message leaves once and can be explained."


def _n(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def row(campaign: Campaign, standing: Standing) -> dict[str, Any]:
    """One line of the list."""
    return {"campaign": campaign, "standing": standing, "parts": parts(standing)}


def name(reader: Contact | None) -> str:
    """What a reader is called on a page."""
    if reader is None:
        return "somebody"
    return " ".join(filter(None, (reader.first_name, reader.last_name))) or reader.email


def steps(ids: Sequence[str], shown: str | None) -> dict[str, Any]:
    """Where the reader stands among those who are shown, and who comes before and after."""
    at = ids.index(shown) if shown in ids else None
    if at is None:
        return {"at": None, "of": len(ids), "before": None, "after": ids[0] if ids else None}
    before, after = ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None
    return {"at": at + 1, "of": len(ids), "before": before, "after": after}


def live(
    campaign: Campaign,
    standing: Standing,
    tally: Mapping[str, int],
    gets: int | None,
    zone: str,
    now: datetime,
    approver: bool = True,
) -> dict[str, Any]:
    """The part of the page that renews itself: sentence, state, bar, buttons. `approver`: its reader may approve."""
    return {
        "campaign": campaign,
        "standing": standing,
        "parts": parts(standing),
        "headline": headline(campaign, standing, gets, ZoneInfo(zone), approver),
        "steps": _steps(campaign),
        "actions": actions(campaign, standing),
        "hold": hold(campaign, now),
        "token": token(campaign, tally, now),
        "poll": _seconds(campaign.status),
    }


def actions(campaign: Campaign, standing: Standing) -> list[Action]:
    """What can be done about it now."""
    correct: list[Action] = ["correct"] if standing.sent else []
    if campaign.status in ENDED:
        return ["resume", *correct] if campaign.status == "failed" else correct
    if campaign.status in ("paused", "missed"):
        return ["resume", "cancel"]
    if campaign.status == "holding":
        return ["recall", "pause"]
    if campaign.status == "analyzing":
        return ["cancel", "correct"] if standing.sent else ["cancel"]
    return ["pause", "cancel"]


def hold(campaign: Campaign, now: datetime) -> str | None:
    """How long it is held yet; None if it is not."""
    until = campaign.holding_until
    return countdown(until - now) if campaign.status == "holding" and until else None


def token(campaign: Campaign, tally: Mapping[str, int], now: datetime) -> str:
    """Changes whenever the live part would; its beginning, up to the colon, whenever the whole page would."""
    counts = "-".join(f"{state}.{n}" for state, n in sorted(tally.items()))
    return f"{campaign.status}-{campaign.version}:{(hold(campaign, now) or counts).replace(' ', '')}"


def charts(report: Report) -> dict[str, str]:
    """Drawings of a report as inline SVG; those that would be empty are."""
    return {
        "funnel": funnel_chart(report.funnel),
        "hours": hours_chart(report.hours, report.timezone) if report.hours else "",
        "variants": variants_chart(report.variants) if len(report.variants) > 1 and report.funnel.opened else "",
    }


def _steps(campaign: Campaign) -> list[tuple[Status, str]]:
    """The way of a campaign; where it stands still stands where it happened, a bad end at the end."""
    status, before = campaign.status, campaign.status_before_pause if campaign.paused else None
    path: tuple[Status, ...] = _PATH if status in _PATH else (*_PATH[:-1], status)
    if status in ("paused", "missed"):
        at = 1 + _PATH.index(before if before in _PATH else "scheduled")
        path = (*_PATH[:at], status, *_PATH[at:])
    return [(each, STATUS[each]) for each in path]


def _seconds(status: Status) -> int | None:
    """How often to look again."""
    if status in ENDED:
        return None
    return 2 if status in _MOVING else 10
