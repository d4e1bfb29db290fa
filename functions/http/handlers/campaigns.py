"""Campaigns over HTTP."""

from __future__ import annotations

from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from functions.flows import campaign_flow, doorbells
from functions.http.handlers.accepted import Accepted, accepted
from functions.http.handlers.as_seen import as_seen
from functions.http.handlers.html import HTML
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import analyze, campaigns
from shared.agents.analyze.sharing import handed_over
from shared.agents.schedule.forecast import forecast as ahead
from shared.domain import client_view
from shared.domain.approval import Approval, ApprovalRequest
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.certificate import Certificate, Explanation
from shared.domain.client_report import for_client
from shared.domain.draft import Draft
from shared.domain.faults import Missing
from shared.domain.forecast import Forecast
from shared.domain.recall import CorrectionRequest, Recalled, RecallRequest
from shared.domain.report import Report
from shared.ports import Fact, State
from shared.render.certificate import certificate_pdf
from shared.render.report import page
from shared.web.pages import POLICY

PARTS = ("timeline", "drafts", "approvals", "forecast", "recipients", "certificate", "report")
"""What can be asked of a campaign."""


class RecipientsQuery(Paging):
    """Recipients, all or in one state."""

    state: State | None = None


class Shown(Campaign):
    """A campaign and how far it is."""

    tally: dict[str, int]
    """How many recipients are in each state, and held for each reason (`held.<reason>`); the certificate recounts."""


class Warned(BaseModel):
    """What comes first is to be read first."""

    warning: str | None = None


class Question(Approval, Warned):
    """What awaits (or has) approval and, while it waits, who would not get it."""

    forecast: Forecast | None = None


class ReportQuery(BaseModel):
    """JSON, the page that needs nothing besides itself, or PDF to hand over, without small groups and costs; a browser
    that asks for HTML gets the page."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "html", "pdf"] | None = None


class CertificateQuery(BaseModel):
    """JSON, or one page of PDF to hand over."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "pdf"] = "json"


def create(call: Call, body: CampaignRequest) -> Answer[Accepted]:
    """Take a campaign in and start it."""
    made = campaigns.accept(call.ports, call.scope, call.principal, body)
    flow = campaign_flow(call.scope, made)
    return accepted(made.id, made.status, f"/api/v1/campaigns/{made.id}", PARTS, flow)


def listing(call: Call, query: Paging) -> Answer[Listing[Campaign]]:
    """Campaigns, newest first."""
    items, cursor = campaigns.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=[as_seen(call, each, client_view.campaign) for each in items], cursor=cursor))


def show(call: Call) -> Answer[Shown]:
    """One campaign as it stands; an agency's client is told no conditions on people, no small groups and no costs."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    tally = as_seen(call, campaigns.tally(call.ports, call.scope, found.id), client_view.tally)
    told = as_seen(call, found, client_view.campaign)
    return Answer(Shown.model_construct(**told.__dict__, tally=tally))


def timeline(call: Call) -> Answer[Listing[Fact]]:
    """What happened, oldest first."""
    return Answer(Listing(items=campaigns.timeline(call.ports, call.scope, call.path["id"])))


def drafts(call: Call) -> Answer[Listing[Draft]]:
    """The variants of the newest version."""
    found = campaigns.drafts(call.ports, call.scope, call.path["id"])
    return Answer(Listing(items=[as_seen(call, each, client_view.draft) for each in found]))


def question(call: Call) -> Answer[Question]:
    """What awaits (or has) approval: the digest and what it seals. While it waits: who would not get it."""
    asked = campaigns.approval(call.ports, call.scope, call.path["id"])
    if asked is None:
        raise Missing("approval", call.path["id"])
    found = None if asked.decision else _forecast(call)
    said = as_seen(call, asked, client_view.asked).model_dump()
    return Answer(Question(warning=found.warning if found else None, **said, forecast=found))


def forecast(call: Call) -> Answer[Forecast]:
    """Who would get it as things stand, and who would not, why, and what may lawfully be done."""
    return Answer(_forecast(call))


def decide(call: Call, body: ApprovalRequest) -> Answer[Campaign]:
    """Approve, reject or ask for changes of exactly the version with this digest."""
    return _steered(call, campaigns.decide(call.ports, call.scope, call.path["id"], call.principal, body))


def pause(call: Call) -> Answer[Campaign]:
    """Nothing leaves any more from the next window on."""
    return _steered(call, campaigns.pause(call.ports, call.scope, call.path["id"], call.principal))


def resume(call: Call) -> Answer[Campaign]:
    """Go on with exactly the remainder; if its flow broke, with a new one."""
    found = campaigns.resume(call.ports, call.scope, call.path["id"], call.principal)
    return Answer(found, start=[campaign_flow(call.scope, found)], ring=doorbells(call.scope, found))


def cancel(call: Call) -> Answer[Campaign]:
    """Whoever has not got it will not get it."""
    return _steered(call, campaigns.cancel(call.ports, call.scope, call.path["id"], call.principal))


def recall(call: Call, body: RecallRequest) -> Answer[Recalled]:
    """Stop whatever has not left; while it is held that is everything, and a comment has it written again."""
    id = call.path["id"]
    done = campaigns.recall(call.ports, call.scope, id, call.principal, body)
    return Answer(done, ring=doorbells(call.scope, campaigns.get(call.ports, call.scope, id)))


def correction(call: Call, body: CorrectionRequest) -> Answer[Accepted]:
    """Write to those only who got this campaign."""
    made = campaigns.correction(call.ports, call.scope, call.path["id"], call.principal, body)
    flow = campaign_flow(call.scope, made)
    return accepted(made.id, made.status, f"/api/v1/campaigns/{made.id}", PARTS, flow)


def recipients(call: Call, query: RecipientsQuery) -> Answer[Listing[dict[str, Any]]]:
    """Every planned recipient and what became of the message."""
    items, cursor = campaigns.recipients(
        call.ports, call.scope, call.path["id"], query.state, query.cursor, query.limit
    )
    return Answer(Listing(items=items, cursor=cursor))


def explanation(call: Call) -> Answer[Explanation]:
    """Why this person did, did not or does not yet get the message."""
    return Answer(campaigns.explain(call.ports, call.scope, call.path["id"], call.path["contact_id"]))


def certificate(call: Call, query: CertificateQuery) -> Answer[Certificate | bytes]:
    """Every planned recipient in exactly one part, recounted from the ledger."""
    made = campaigns.certificate(call.ports, call.scope, call.path["id"])
    if query.format == "json":
        return Answer(made)
    found = campaigns.get(call.ports, call.scope, made.campaign)
    sealed = campaigns.approval(call.ports, call.scope, made.campaign)
    sheet = certificate_pdf(made, found, sealed, ZoneInfo(call.ports.timezone))
    named = {"Content-Disposition": f'inline; filename="certificate-{made.campaign}.pdf"'}
    return Answer(sheet, content_type="application/pdf", headers=named)


def report(call: Call, query: ReportQuery) -> Answer[Report | str | bytes]:
    """What went out, what came back, what to do next."""
    made = report_for(call, call.path["id"])
    if query.format == "pdf":
        named = {"Content-Disposition": f'inline; filename="report-{made.campaign}.pdf"'}
        content = handed_over(call.ports, call.scope, made)
        return Answer(content, content_type="application/pdf", headers=named)
    asks_for_html = "text/html" in call.headers.get("accept", "")
    if query.format == "html" or (query.format is None and asks_for_html):
        return Answer(page(made), content_type=HTML, headers={"Content-Security-Policy": POLICY})
    return Answer(made)


def report_for(call: Call, campaign: str) -> Report:
    """The report as the caller may see it: who is no reader sees it as it leaves the house."""
    return as_seen(call, analyze.report(call.ports, call.scope, campaign), for_client)


def _forecast(call: Call) -> Forecast:
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    return as_seen(call, ahead(call.ports, call.scope, found), client_view.forecast)


def _steered(call: Call, campaign: Campaign) -> Answer[Campaign]:
    return Answer(as_seen(call, campaign, client_view.campaign), ring=doorbells(call.scope, campaign))
