"""Parts of a campaign's draft, to be said otherwise; and what was changed between two versions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.domain.texts import Line, Text
from shared.domain.word_diff import Stretch

Letter = Literal["A", "B", "C", "D"]


class PartRequest(BaseModel):
    """The body of POST /api/v1/campaigns/{id}/parts: one part of one variant (`subject`, `paragraphs.2`) is to be
    written again as `comment` asks, or to say exactly `text`."""

    model_config = ConfigDict(extra="forbid")

    variant: Letter = "A"
    part: Line
    comment: Line | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_of(self) -> PartRequest:
        if (self.comment is None) == (self.text is None):
            raise ValueError("give one of comment: how it is to be said, or text: what it is to say")
        return self


class DraftEdit(BaseModel):
    """The body of PATCH /api/v1/campaigns/{id}/drafts/{variant}: parts (`subject`, `paragraphs.2`) with exactly the
    words that they are to say; or the number of an earlier version that is to come back."""

    model_config = ConfigDict(extra="forbid")

    parts: Annotated[dict[Line, Text], Field(max_length=100)] = Field(default_factory=dict)
    version: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> DraftEdit:
        if bool(self.parts) == (self.version is not None):
            raise ValueError("give one of parts: what they are to say, or version: which one comes back")
        return self


class DraftWish(DraftEdit):
    """An edit that is on its way: of which variant."""

    variant: Letter


class PartChange(BaseModel):
    """One part that two versions say differently; a part that one of them does not have is empty there."""

    part: str
    stretches: list[Stretch]


class DraftChanges(BaseModel):
    """What a draft says differently from an earlier version of itself."""

    variant: Letter
    before: int
    after: int
    changes: list[PartChange]
