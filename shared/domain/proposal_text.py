"""The prose of a proposal by a writer: which parts it has, who wrote them, and what each sentence rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.offer import Language

Part = Literal["situation", "approach", "why"]
"""What the client needs and what we saw; what we propose; why us."""
PARTS: tuple[Part, ...] = get_args(Part)
TASK = "proposal.draft"
"""The prompt, by name."""
HEADINGS: Mapping[Language, Mapping[Part, str]] = {
    "en": {"situation": "What you need", "approach": "What we propose", "why": "What you can rely on"},
    "de": {
        "situation": "Was Sie brauchen",
        "approach": "Was wir vorschlagen",
        "why": "Worauf Sie sich verlassen können",
    },
}
FRAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {"told": "You told us:", "seen": "We had a look:", "gets": "You get:", "inferred": "From this we infer:"},
    "de": {
        "told": "Sie haben uns gesagt:",
        "seen": "Wir haben nachgesehen:",
        "gets": "Sie bekommen:",
        "inferred": "Daraus schließen wir:",
    },
}
"""Lines that begin a list: they say where it is from, and nothing else."""
FRAMES_DU: Mapping[str, str] = {"told": "Du hast uns gesagt:", "gets": "Du bekommst:"}


def is_frame(sentence: str) -> bool:
    """Does it only begin a list?"""
    return any(sentence in frames.values() for frames in (*FRAMES.values(), FRAMES_DU))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WrittenPart(_Strict):
    """That a writer wrote a part. `digest` is that of the paragraph as it was written: as long as one has it, nobody
    has changed it by hand. `left_out`: sentences that no source carries, each with the reason."""

    part: Part
    digest: str
    by: str
    at: datetime
    left_out: list[str] = Field(default_factory=list)


class TextRequest(_Strict):
    """The body of POST /api/v1/proposals/{id}/text: which parts are to be written; none: all that nobody has changed by
    hand. `seen`: the version that was looked at."""

    parts: Annotated[list[Part], Field(max_length=3)] = Field(default_factory=list)
    seen: Annotated[int, Field(ge=1)] | None = None


class TextWritten(_Strict):
    """What came of it. `kept`: parts that somebody has changed by hand or taken out, so they stay as they are."""

    version: int
    written: list[Part]
    kept: list[Part]
    left_out: list[str]
    by: str


class RestsOn(_Strict):
    """A sentence that states something, and who says so; without sources nobody does, for this reason."""

    where: str
    sentence: str
    sources: list[str]
    reason: str = ""


def paragraph_digest(heading: str, text: str) -> str:
    """By which a paragraph is known again."""
    return hashlib.sha256(f"{heading}\n{text}".encode()).hexdigest()[:32]
