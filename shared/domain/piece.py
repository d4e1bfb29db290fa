"""A piece: what is written from one brief, in every format asked for, whether or not it is ever sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.domain.budget_stop import BudgetStop
from shared.domain.campaign import Brief
from shared.domain.draft import Claim, Finding
from shared.domain.formats import FormatName, Words
from shared.domain.knowledge import Citation
from shared.domain.seal import digest
from shared.domain.texts import Line, Text

Variant = Literal["A", "B", "C", "D"]
VARIANTS: tuple[Variant, ...] = ("A", "B", "C", "D")
MOST_TEXTS = 40
"""Of one brief: more are more than anybody reads before approving them."""
PieceStatus = Literal["planning", "awaiting_plan", "writing", "ready", "approved", "rejected", "failed"]
UNFINISHED: tuple[PieceStatus, ...] = ("planning", "awaiting_plan", "writing")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Point(_Strict):
    """Something to be said, and the source that says it (`offer`, `facts.<n>`, `confirmed:<id>`, `passage:…`)."""

    text: Text
    source: Line


class Plan(_Strict):
    """What will be written, in fields that a person can read and change before anything is."""

    message: Text
    """What readers should take away, in a sentence."""
    angles: dict[Variant, Line]
    points: Annotated[list[Point], Field(max_length=30)]
    call: Line
    formats: Annotated[list[FormatName], Field(min_length=1, max_length=9)]
    audiences: Annotated[list[Text], Field(min_length=1, max_length=5)]
    left_out: list[Line] = Field(default_factory=list)
    """Points that were proposed and that no source carries."""

    @model_validator(mode="after")
    def _few(self) -> Plan:
        _check_number(self.formats, self.audiences, len(self.angles))
        return self

    def texts(self) -> list[tuple[str, FormatName, int, Variant]]:
        """(id, format, number of the audience, variant) of every text, in the order they are written in."""
        return [
            (f"{format}-{n + 1}-{variant}", format, n, variant)
            for n in range(len(self.audiences))
            for format in self.formats
            for variant in VARIANTS
            if variant in self.angles
        ]


class PieceRequest(_Strict):
    """The body of POST /api/v1/pieces."""

    name: Line
    brief: Brief
    sender: Line
    """Who speaks."""
    formats: Annotated[list[FormatName], Field(min_length=1, max_length=9)]
    audiences: Annotated[list[Text], Field(max_length=5)] = Field(default_factory=list)
    """Each gets texts of its own; the brief's audience if none is named."""
    variants: Annotated[int, Field(ge=1, le=4)] = 1
    plan: Literal["confirm", "none"] = "none"
    """confirm: a person looks at the plan, and may change it, before anything is written."""

    @field_validator("formats", "audiences")
    @classmethod
    def _each_once(cls, listed: list[str]) -> list[str]:
        if len({*listed}) < len(listed):
            raise ValueError("names something twice")
        return listed

    @model_validator(mode="after")
    def _few(self) -> PieceRequest:
        _check_number(self.formats, self.audiences or [""], self.variants)
        return self


class Image(_Strict):
    """A card at a text, and what it says for those who cannot see it."""

    card: str
    alt: Text
    files: dict[str, str]
    """Digest of the PNG by its size."""


class ImagesWish(_Strict):
    """The body of PUT …/images: the cards that this text is to have; none takes them away."""

    text: Line
    cards: Annotated[list[Line], Field(max_length=4)]


class PieceText(_Strict):
    """One text in one format for one audience. `published` is how it is laid out; `version` counts its rewrites."""

    id: str
    format: FormatName
    audience: str
    variant: Variant
    version: int = 1
    words: Words
    language: str
    published: str
    written_by: str
    distance: int | None = None
    """Per cent by which it differs from the most similar of its other variants (`shared.domain.likeness`)."""
    cost: dict[str, int] = Field(default_factory=dict)
    findings: list[Finding] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    citations: list[Citation] = Field(default_factory=list)
    images: list[Image] = Field(default_factory=list)

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


class PartWish(_Strict):
    """The body of POST …/parts: one part of one text (`subject`, `paragraphs.2`) is to be said otherwise."""

    text: Line
    part: Line
    comment: Text


class PieceDecision(_Strict):
    """The body of POST …/approvals: confirm the plan (as it is, or as `plan` says), or approve or reject the texts."""

    decision: Literal["confirm", "approve", "reject"]
    digest: Line
    """Of exactly what was looked at, as the piece shows it."""
    plan: Plan | None = None


class Piece(_Strict):
    """The document. Its flow reads `status`, `plan` and `wish` at every step."""

    id: str
    request: PieceRequest
    status: PieceStatus
    status_reason: str | None = None
    created_at: datetime
    created_by: str
    plan: Plan | None = None
    planned_by: str | None = None
    cost: dict[str, int] = Field(default_factory=dict)
    """What planning took; every text has its own."""
    texts: list[PieceText] = Field(default_factory=list)
    wish: PartWish | None = None
    budget_stop: BudgetStop | None = None
    local_only: bool = False
    """As of a campaign: a person's answer to a budget that was used up."""
    turn: int = 1
    """Counts its flows: each wish for a part starts another."""
    confirmed_by: str | None = None
    """Whose plan it is: what a person confirmed is a source for claims."""
    asked_at: datetime | None = None
    """When what awaits a decision was ready for it."""
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided: str | None = None
    """The digest of what was approved or rejected."""

    def text(self, id: str) -> PieceText | None:
        return next((each for each in self.texts if each.id == id), None)


def question_of(piece: Piece) -> str | None:
    """The digest of what awaits a person: the plan, or the words; None if nothing does."""
    if piece.status == "awaiting_plan" and piece.plan:
        return digest({"piece": piece.id, "plan": piece.plan.model_dump(mode="json")})
    if piece.status in ("ready", "approved", "rejected"):
        images = {each.id: [image.model_dump() for image in each.images] for each in piece.texts if each.images}
        texts = [[each.id, each.words] for each in piece.texts]
        return digest({"piece": piece.id, "texts": texts} | ({"images": images} if images else {}))
    return None


def why_not(piece: Piece, format: FormatName, audience: int, variant: str) -> str | None:
    """Why this text of the piece cannot be handed over; None if it can."""
    if piece.status not in ("ready", "approved"):
        return f"the piece is {piece.status}; only one that is ready can be handed over"
    text = piece.text(f"{format}-{audience}-{variant}")
    if text is None:
        there = ", ".join(each.id for each in piece.texts)
        return f"the piece has no text {format}-{audience}-{variant}; it has {there}"
    return f"{text.id} was never written" if not text.words else None


def _check_number(formats: list[FormatName], audiences: list[str], variants: int) -> None:
    texts = len(formats) * len(audiences) * variants
    if texts > MOST_TEXTS:
        raise ValueError(
            f"formats, audiences and variants make {texts} texts; at most {MOST_TEXTS} are written at once"
        )
