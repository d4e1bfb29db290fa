"""What was written for a campaign: variants of one version, with what the checks found."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.knowledge import Citation

Severity = Literal["error", "warning", "info"]


class Finding(BaseModel):
    """One thing a check found. `where` is the part (subject, preheader, html, text); an error blocks approval."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: Severity
    rule: str
    where: str
    reason: str


class Draft(BaseModel):
    """One variant. The four texts are sandboxed Jinja2 templates over the contact's personal fields, `links` (signed
    click links, by position), `unsubscribe`, `preferences` and `open_pixel` (URLs)."""

    model_config = ConfigDict(extra="forbid")

    campaign: str
    version: int
    variant: Literal["A", "B", "C", "D"]
    subject: str
    preheader: str
    html: str
    text: str
    links: list[str]
    written_by: str
    """The model that wrote it; `built-in writer` if none was asked (rule A2)."""
    cost: dict[str, int] = Field(default_factory=dict)
    """What writing it took, every try included, as a tally (`shared.domain.budget`)."""
    findings: list[Finding] = Field(default_factory=list)
    citations: list[Citation] = Field(default_factory=list)
    """The passages of the knowledge base that it rests on; deleting one of their documents flags the draft."""

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def draft_id(campaign: str, version: int, variant: str) -> str:
    """The document id of one variant of one version."""
    return f"{campaign}-{version}-{variant}"
