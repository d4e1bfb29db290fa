"""Pages about campaigns."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, field_validator

from functions.http.handlers.approvals import asked_of
from functions.http.handlers.as_seen import as_seen
from functions.http.handlers.campaigns import RecipientsQuery
from functions.http.handlers.html import html
from shared.access.call import Answer, Call, Paging
from shared.agents import campaigns, contacts
from shared.agents.analyze import sharing
from shared.agents.analyze.shown import shown as shown_report
from shared.agents.budget.campaigns import used
from shared.agents.campaigns.ask import asked_about
from shared.agents.campaigns.earlier import earlier
from shared.agents.campaigns.inquire import unsupported_in
from shared.agents.campaigns.parts import changes, draft_of, parts_of
from shared.agents.campaigns.readers import Reader, readers
from shared.agents.knowledge.shelf import cited_by
from shared.agents.schedule import leaving
from shared.agents.schedule.forecast import shown as shown_forecast
from shared.domain import client_view
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.draft import Draft
from shared.domain.faults import Missing
from shared.domain.part import DraftChanges
from shared.domain.share import Shared
from shared.process import inbox
from shared.render.sourced import sourced
from shared.web import campaign as view
from shared.web.budgets import NOT_TOLD, paid
from shared.web.files import file
from shared.web.fixes import fix
from shared.web.hours import When, due, left
from shared.web.inbox import wants
from shared.web.sources import stated
from shared.web.standing import of_tally, window
from shared.web.words import fact

_MOST_ASKED = 100
"""Questions that are counted on the first page."""
_AHEAD = ("awaiting_approval", "holding", "scheduled")


class CampaignQuery(BaseModel):
    """Which variant of the mail is shown, and who is its reader (the first of the audience if nobody is named)."""

    model_config = ConfigDict(extra="forbid")

    variant: str = "A"
    contact: str | None = None
    tried: str = ""
    """What became of a test that was just sent."""
    count: bool = False
    """Count anew what is only counted now and then."""


class LiveQuery(BaseModel):
    """The token of what is on the screen."""

    model_config = ConfigDict(extra="forbid")

    seen: str = ""


class ListQuery(RecipientsQuery):
    """As a browser sends it: no state is all of them."""

    @field_validator("state", mode="before")
    @classmethod
    def _empty_is_none(cls, value: str) -> str | None:
        return value or None


def overview(call: Call, query: Paging) -> Answer[str]:
    """Campaigns, newest first."""
    found, cursor = campaigns.listing(call.ports, call.scope, query.limit, query.cursor)
    rows = [view.row(as_seen(call, each, client_view.campaign), of_tally(_tally(call, each))) for each in found]
    found_asked, more = inbox.waiting(call.ports, call.scope, _MOST_ASKED)
    asked = asked_of(call, found_asked)
    sentence = view.overview(found, wants(asked, more is not None, "approver" in call.permissions))
    shown = {"rows": rows, "cursor": cursor, "first": query.cursor is None, "sentence": sentence}
    return html(call, "campaigns", here="campaigns", **shown)


def campaign(call: Call, query: CampaignQuery) -> Answer[str]:
    """One campaign: where it stands, what it says, what came back, what can be done."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    seen = _seen(call, found, query.count)
    drafts = [as_seen(call, each, client_view.draft) for each in campaigns.drafts(call.ports, call.scope, found.id)]
    facts = campaigns.timeline(call.ports, call.scope, found.id)
    shown = _live(call, found, seen)
    return html(
        call,
        "campaign",
        here="campaigns",
        actions=view.actions(found, shown["standing"]),
        approval=campaigns.approval(call.ports, call.scope, found.id),
        charts=view.charts(seen.report) if seen.report and seen.report.funnel.sent else None,
        drafts=drafts,
        earlier=_earlier(call, found) if "reader" in call.permissions else None,
        open_claims=list(dict.fromkeys(each for draft in drafts for each in unsupported_in(draft))),
        forecast=seen.ahead,
        held=view.held(found, seen),
        fix=fix,
        mail=_mail(call, found, drafts, query),
        recounted=query.count,
        report=seen.report,
        tried=query.tried,
        asked=asked_about(call.ports, call.scope, found.id) if "reader" in call.permissions else [],
        shares=_shares(call, found),
        timeline=[{"at": each.at, "by": each.by, "text": fact(each.what, each.data)} for each in facts],
        paid=paid(used(call.ports, call.scope, found.id)) if "reader" in call.permissions else NOT_TOLD,
        watching=found.status in ("sending", "analyzing"),
        when=_when(call, found, seen),
        window=window(found, ZoneInfo(call.ports.timezone)),
        **shown,
    )


def live(call: Call, query: LiveQuery) -> Answer[str | None]:
    """What has changed since: nothing (204), the numbers, or so much that the page is to be loaded again."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    now = view.token(found, _tally(call, found), call.ports.clock.now())
    if now == query.seen:
        return Answer(None, status=204)
    if now.partition(":")[0] != query.seen.partition(":")[0]:
        return Answer(None, headers={"HX-Refresh": "true"})
    shown = html(call, "live", **_live(call, found, _seen(call, found)))
    return Answer(shown.body, content_type=shown.content_type, headers=shown.headers)


def recipients(call: Call, query: ListQuery) -> Answer[str]:
    """Who gets it, in which state, and why; all or those in one state."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    listed, cursor = campaigns.recipients(call.ports, call.scope, found.id, query.state, query.cursor, query.limit)
    shown = {"campaign": found, "recipients": listed, "cursor": cursor, "state": query.state}
    return html(call, "recipients", here="campaigns", **shown)


def ask_cancel(call: Call) -> Answer[str]:
    """Is it really to be cancelled?"""
    return html(call, "cancel", here="campaigns", campaign=campaigns.get(call.ports, call.scope, call.path["id"]))


def static(call: Call) -> Answer[bytes]:
    """A stylesheet or script of the pages."""
    found = file(call.path["name"])
    if found is None:
        raise Missing("file", call.path["name"])
    headers = {"Cache-Control": "private, max-age=3600"}
    return Answer(found.content, content_type=found.content_type, headers=headers)


def _seen(call: Call, found: Campaign, anew: bool = False) -> view.Seen:
    """The numbers of a page, none of them counted row by row while somebody waits, unless they ask for that."""
    report = shown_report(call.ports, call.scope, found, anew) if found.shards else None
    ahead = shown_forecast(call.ports, call.scope, found, anew) if found.status in _AHEAD else None
    seen = view.Seen(_tally(call, found), report, ahead)
    return as_seen(call, seen, view.for_client)


def _live(call: Call, found: Campaign, seen: view.Seen) -> dict[str, Any]:
    approver = "approver" in call.permissions
    told = as_seen(call, found, client_view.campaign)
    return view.live(told, seen, call.ports.timezone, call.ports.clock.now(), approver)


def _when(call: Call, found: Campaign, seen: view.Seen) -> When | None:
    """Hour by hour: what has left once all has, the plan once there is one, until then as it is foreseen."""
    zone = ZoneInfo(call.ports.timezone)
    if seen.report and found.status in ("analyzing", "completed"):
        return left(seen.report.hours, zone)
    if found.shards and (slots := leaving.read(call.ports, call.scope, found.id)):
        return due(slots, "planned", zone)
    return due(seen.ahead.slots, "foreseen", zone) if seen.ahead else None


def _earlier(call: Call, found: Campaign) -> dict[str, Any] | None:
    """What the campaign before it did."""
    before = earlier(call.ports, call.scope, found)
    if before is None:
        return None
    seen = view.Seen(before.tally, before.report)
    return {**before._asdict(), "standing": view.standing_of(before.campaign, seen)}


def _shares(call: Call, found: Campaign) -> list[Shared]:
    """Links that still lead to its report, for those who may hand them on."""
    every = sharing.shares(call.ports, call.scope, found.id) if "operator" in call.permissions else []
    return [each for each in every if each.url]


def _tally(call: Call, found: Campaign) -> dict[str, int]:
    return call.ports.ledger.tally(call.scope, found.id) if found.shards else {}


def _mail(call: Call, found: Campaign, drafts: list[Draft], query: CampaignQuery) -> dict[str, Any] | None:
    """The real mail of one variant as one reader sees it."""
    draft = next((each for each in drafts if each.variant == query.variant), drafts[0] if drafts else None)
    if draft is None:
        return None
    knows = "reader" in call.permissions  # others see it as somebody does of whom nothing is known
    seen = readers(call.ports, call.scope, found) if knows else []
    reader = _reader(call, seen, query.contact) if knows else None
    id = reader.id if reader else None
    rendered = campaigns.preview(call.ports, call.scope, found.id, draft.variant, id, nobody=not knows)
    cited = cited_by(call.ports, call.scope, draft.citations)
    known = {each.document: document for each, document in cited if document}
    sources = stated(draft.claims, found.request.brief, known)
    shown = {"draft": draft, "cited": cited, "variant": draft.variant, "rendered": rendered, "stated": sources}
    shown["html"] = sourced(rendered.html, sources)
    steps = view.steps([each.contact.id for each in seen], reader.id if reader else None)
    why = next((each.why for each in seen if reader and each.contact.id == reader.id), "")
    told = {"reader": view.name(reader), "why": why, "steps": steps, "reader_id": reader.id if reader else ""}
    return {**shown, **told, "parts": parts_of(draft), "changed": _changed(call, found, draft)}


def _reader(call: Call, seen: list[Reader], asked: str | None) -> Contact | None:
    if asked:
        return contacts.get_contact(call.ports, call.scope, asked)
    return seen[0].contact if seen else None


def _changed(call: Call, found: Campaign, draft: Draft) -> DraftChanges | None:
    """What this version says differently from the one before; None of the first, or if that one is gone."""
    try:
        return changes(draft_of(call.ports, call.scope, found.id, draft.variant, draft.version - 1), draft)
    except Missing:
        return None
