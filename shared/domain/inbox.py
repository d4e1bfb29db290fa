"""The inbox: everything that waits for a person's decision, whatever it is about, and how it is decided."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.approval import Approval
from shared.domain.run import RunFile
from shared.domain.texts import Line, Plain

About = Literal["campaign", "piece", "proposal", "contract", "invoice", "budget", "webhook", "review", "breach", "step"]
Word = Literal[
    "approve", "changes", "reject", "confirm", "wait", "local", "raise", "uphold", "change", "told", "not_needed",
    "sent", "again", "owed",
]  # fmt: skip


class Asked(Approval):
    """One question. `subject`: the id of a campaign or piece; of a budget, of what waits for it; of a review or a
    breach, its own; of a step of a process, `<run>~<step>`.
    `sealed` is what the digest of a campaign was computed over, and names what the others are about.
    Without `answers` it is answered where the thing itself is: a webhook that Baton turned off is turned on, left off
    or deleted there; a contract that its client has signed or declined is signed, changed or taken back there."""

    kind: About
    name: str
    question: str
    answers: list[Word]
    files: list[RunFile] = Field(default_factory=list)
    """Of a step of a process: what it shows, as its run serves it."""
    form: dict[str, Any] = Field(default_factory=dict)
    """Of a step of a process: what is to be filled in, by name, as inputs of plans are declared."""


class Decision(BaseModel):
    """The body of POST /api/v1/approvals/{subject}: one of the answers that the question offers.

    `comment` goes with `changes`, and must with an answer to a review or a breach, and when a step of a process is
    rejected; `to` with `raise`: the new limit, as 25 EUR or 100; `given` is what is filled in where a step asks."""

    model_config = ConfigDict(extra="forbid")

    decision: Word
    digest: Line
    comment: Annotated[str, StringConstraints(max_length=2000), Plain] | None = None
    to: Line | None = None
    given: dict[str, Any] = Field(default_factory=dict, max_length=50)


class Decided(BaseModel):
    """What became of it."""

    subject: str
    kind: About
    status: str
