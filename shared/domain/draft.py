"""What was written for a campaign: variants of one version, with what the checks found."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.knowledge import Citation
from shared.domain.wording import Copy, ShortCopy

Severity = Literal["error", "warning", "info"]


class Finding(BaseModel):
    """One thing a check found. `where` is the part (subject, preheader, html, text); an error blocks approval."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: Severity
    rule: str
    where: str
    reason: str


class Claim(BaseModel):
    """A sentence that states a fact, and the sources that carry it: `offer`, `goal`, `audience`, `call`, `sender`,
    `facts.<n>` of the brief, `wish`, `confirmed:<id>`, `passage:<document>:<version>:<passage>`.

    Without sources nobody has said it yet: `reason` tells what is new, and the draft is blocked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sentence: str
    sources: list[str]
    reason: str = ""


class Origin(BaseModel):
    """The text of a piece that a draft was taken from, and in which version of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    piece: str
    text: str
    version: int


class Draft(BaseModel):
    """One variant. The four texts are sandboxed Jinja2 templates over the contact's personal fields, `links` (signed
    click links, by position), `unsubscribe`, `preferences` and `open_pixel` (URLs), and `notice` (to whoever was found;
    rule G10). Of a text message `subject` is what it says, of a post its first line; `text` is the whole, and the other
    two are empty."""

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
    words: Copy | ShortCopy | None = None
    """What the writer handed in: it can be laid out and looked at again without being written again."""
    by_hand: list[str] = Field(default_factory=list)
    """Parts in a person's own words: no writer touches them unless asked for that very part."""
    origin: Origin | None = None
    claims: list[Claim] = Field(default_factory=list)

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def language_of(draft: Draft) -> str:
    """ISO 639 code; English where it is not on record."""
    return draft.words.language if draft.words else "en"


def draft_id(campaign: str, version: int, variant: str) -> str:
    """The document id of one variant of one version."""
    return f"{campaign}-{version}-{variant}"
