"""What is told of runs to whoever checks them: the summary of one, the report over many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from functions.http.handlers.html import HTML
from shared.access.call import Answer, Call
from shared.domain.faults import FieldError, Rejected
from shared.domain.run_compliance import ComplianceReport
from shared.domain.run_summary import RunSummary
from shared.process.audit.compliance import LONGEST
from shared.process.audit.compliance import compliance as added_up
from shared.process.audit.summary import summary as summarised
from shared.render.paper import Paper, pdf
from shared.render.paper_page import page
from shared.render.paper_text import text
from shared.render.run_compliance import compliance_paper
from shared.render.run_summary import summary_paper
from shared.web.pages import POLICY

_FAR = 36_525
"""Days from now: a hundred years."""
Format = Literal["json", "text", "html", "pdf"]


class FormatQuery(BaseModel):
    """JSON, text, a page that needs nothing besides itself, or PDF to hand over."""

    model_config = ConfigDict(extra="forbid")

    format: Format = "json"


class ComplianceQuery(FormatQuery):
    """From which day to which, both included; without them the last thirty. And of which process."""

    since: date | None = None
    until: date | None = None
    process: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = None

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day. Raises Rejected."""
        until = self.until or today
        if abs(until - today).days > _FAR:
            raise Rejected(FieldError("until", "is no day on which runs can have been taken in"))
        since = self.since or until - timedelta(days=29)
        if since > until:
            raise Rejected(FieldError("since", "must not be after `until`"))
        if (until - since).days >= LONGEST:
            raise Rejected(FieldError("since", f"at most {LONGEST} days are added up at once"))
        return since, until


def summary(call: Call, query: FormatQuery) -> Answer[RunSummary | str | bytes]:
    """Everything about one run for whoever checks it: steps, times, checksums, decisions, what was sent."""
    told = summarised(call.ports, call.scope, call.path["id"])
    if query.format == "json":
        return Answer(told)
    return _drawn(call, summary_paper(told, call.ports.timezone), query.format, f"run-{told.run}")


def compliance(call: Call, query: ComplianceQuery) -> Answer[ComplianceReport | str | bytes]:
    """What many runs add up to: states, times kept, approvals, errors and what got worse, programs, the journal."""
    today = call.ports.clock.now().astimezone(ZoneInfo(call.ports.timezone)).date()
    since, until = query.days(today)
    report = added_up(call.ports, call.scope, since, until, query.process)
    if query.format == "json":
        return Answer(report)
    return _drawn(call, compliance_paper(report), query.format, f"compliance-{since}-{until}")


def _drawn(call: Call, paper: Paper, format: Format, name: str) -> Answer[Any]:
    match format:
        case "html":
            return Answer(page(paper), content_type=HTML, headers={"Content-Security-Policy": POLICY})
        case "pdf":
            shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
            return Answer(pdf(paper, call.ports.fonts), content_type="application/pdf", headers=shown)
        case _:
            return Answer(text(paper), content_type="text/plain; charset=utf-8")
