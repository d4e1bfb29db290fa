"""One part of a campaign's draft, to be said otherwise."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from shared.domain.texts import Line, Text


class PartRequest(BaseModel):
    """The body of POST /api/v1/campaigns/{id}/parts: one part of one variant (`subject`, `paragraphs.2`) is to be
    written again as `comment` asks, or to say exactly `text`."""

    model_config = ConfigDict(extra="forbid")

    variant: Literal["A", "B", "C", "D"] = "A"
    part: Line
    comment: Line | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_of(self) -> PartRequest:
        if (self.comment is None) == (self.text is None):
            raise ValueError("give one of comment: how it is to be said, or text: what it is to say")
        return self
