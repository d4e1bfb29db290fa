"""What the pages of one campaign show, made of what it is and where it stands: one page, a mood for each stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from shared.domain import client_report, client_view
from shared.domain.campaign import ENDED, Campaign, Status
from shared.domain.contact import Contact
from shared.domain.forecast import Forecast
from shared.domain.report import Report
from shared.render.charts import funnel_chart, hours_chart, variants_chart
from shared.web.standing import (
    Standing,
    brought_in,
    foreseen,
    headline,
    held_for,
    of_certificate,
    of_tally,
    parts,
)
from shared.web.words import STATUS

Action = Literal["recall", "pause", "resume", "cancel", "correct"]

_MOODS: tuple[tuple[str, tuple[Status, ...]], ...] = (
    ("Writing", ("generating",)),
    ("Ready", ("awaiting_approval",)),
    ("Hold", ("holding", "scheduled")),
    ("Sending", ("sending",)),
    ("Done", ("analyzing", "completed")),
)
"""What a page of a campaign is like, in order, and the states in which it is."""
_AHEAD: tuple[Status, ...] = ("awaiting_approval", "holding", "scheduled")
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


class Seen(NamedTuple):
    """What the numbers of a page are made of: the ledger's sums, and the newest counts if there are any."""

    tally: Mapping[str, int]
    report: Report | None = None
    ahead: Forecast | None = None


def for_client(seen: Seen) -> Seen:
    """As it leaves the house: nobody's name, no reason that fewer than five people share, no costs."""
    report = client_report.for_client(seen.report) if seen.report else None
    ahead = client_view.forecast(seen.ahead) if seen.ahead else None
    return Seen(client_view.tally(seen.tally), report, ahead)


def live(campaign: Campaign, seen: Seen, zone: str, now: datetime, approver: bool = True) -> dict[str, Any]:
    """The part of the page that renews itself: sentence, mood, bar. `approver`: its reader may approve."""
    standing = standing_of(campaign, seen)
    revenue = seen.report.revenue if seen.report else None
    gets = seen.ahead.gets if seen.ahead else None
    said = headline(campaign, standing, gets, ZoneInfo(zone), now, approver, brought_in(revenue))
    nothing_left = campaign.status in _AHEAD and not (standing.sent or standing.failed or standing.unknown)
    before = seen.ahead if nothing_left else None
    return {
        "campaign": campaign,
        "standing": standing,
        "headline": said,
        "moods": moods(campaign),
        "parts": foreseen(before.gets, before.people) if before else parts(standing),
        "total": before.people if before else standing.planned,
        "source": _source(seen, standing, before),
        "hold": hold(campaign, now),
        "token": token(campaign, seen.tally, now),
        "poll": _seconds(campaign.status),
    }


def standing_of(campaign: Campaign, seen: Seen) -> Standing:
    """As the certificate says once the report is final; as the ledger's sums say until then."""
    if seen.report and seen.report.final and campaign.status == "completed":
        return of_certificate(seen.report.certificate)
    return of_tally(seen.tally, seen.report.certificate.sent_twice if seen.report else 0)


def _source(seen: Seen, standing: Standing, before: Forecast | None) -> tuple[str, datetime | None]:
    """Where the numbers are from, and of when."""
    if before:
        return "as things stood", before.made_at
    if seen.report and of_certificate(seen.report.certificate) == standing:
        return "recounted from the ledger", seen.report.certificate.recounted_at
    return "as the ledger counts", None


def held(campaign: Campaign, seen: Seen) -> dict[str, int]:
    """Reason code -> how many are held, the most first."""
    final = campaign.status == "completed" and seen.report and seen.report.final
    found = (
        seen.report.certificate.held
        if seen.report and final
        else {name.removeprefix("held."): n for name, n in seen.tally.items() if name.startswith("held.") and n}
    )
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


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
    """How long nothing leaves yet; None if something may."""
    return held_for(campaign, now)


def token(campaign: Campaign, tally: Mapping[str, int], now: datetime) -> str:
    """Changes whenever the live part would; its beginning, up to the colon, whenever the whole page would."""
    counts = "-".join(f"{state}.{n}" for state, n in sorted(tally.items()) if "." not in state)
    return f"{campaign.status}-{campaign.version}:{(hold(campaign, now) or counts).replace(' ', '')}"


def charts(report: Report) -> dict[str, str]:
    """Drawings of a report as inline SVG; those that would be empty are."""
    return {
        "funnel": funnel_chart(report.funnel),
        "hours": hours_chart(report.hours, report.timezone) if report.hours else "",
        "variants": variants_chart(report.variants) if len(report.variants) > 1 and report.funnel.opened else "",
    }


def moods(campaign: Campaign) -> list[tuple[str, bool]]:
    """The moods in order, and which is now; where it stands still stands where it happened, a bad end at the end."""
    status, before = campaign.status, campaign.status_before_pause if campaign.paused else None
    names = [name for name, _ in _MOODS]
    now = _mood(status)
    if now is None and status in ("paused", "missed"):
        names.insert(1 + names.index(_mood(before) or "Hold"), STATUS[status])
    elif now is None:
        names[-1] = STATUS[status]
    return [(name, name == (now or STATUS[status])) for name in names]


def _mood(status: Status | None) -> str | None:
    return next((name for name, within in _MOODS if status in within), None)


def _seconds(status: Status) -> int | None:
    """How often to look again."""
    if status in ENDED:
        return None
    return 2 if status in _MOVING else 10
