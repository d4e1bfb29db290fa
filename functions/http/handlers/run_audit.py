"""What is told of runs to whoever checks them: the summary of one, the report over many."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from functions.http.handlers.html import HTML
from shared.access.call import Answer, Call
from shared.domain.run_summary import RunSummary
from shared.process.audit.summary import summary as summarised
from shared.render.paper import Paper, pdf
from shared.render.paper_page import page
from shared.render.paper_text import text
from shared.render.run_summary import summary_paper
from shared.web.pages import POLICY

Format = Literal["json", "text", "html", "pdf"]


class FormatQuery(BaseModel):
    """JSON, text, a page that needs nothing besides itself, or PDF to hand over."""

    model_config = ConfigDict(extra="forbid")

    format: Format = "json"


def summary(call: Call, query: FormatQuery) -> Answer[RunSummary | str | bytes]:
    """Everything about one run for whoever checks it: steps, times, checksums, decisions, what was sent."""
    told = summarised(call.ports, call.scope, call.path["id"])
    if query.format == "json":
        return Answer(told)
    return _drawn(call, summary_paper(told, call.ports.timezone), query.format, f"run-{told.run}")


def _drawn(call: Call, paper: Paper, format: Format, name: str) -> Answer[RunSummary | str | bytes]:
    match format:
        case "html":
            return Answer(page(paper), content_type=HTML, headers={"Content-Security-Policy": POLICY})
        case "pdf":
            shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
            return Answer(pdf(paper, call.ports.fonts), content_type="application/pdf", headers=shown)
        case _:
            return Answer(text(paper), content_type="text/plain; charset=utf-8")
