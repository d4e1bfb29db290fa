"""Asking a person: the run goes on when somebody has approved exactly what they were shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

from shared.domain.approval import StepApproval
from shared.domain.run import step_id
from shared.domain.texts import Line, Plain
from shared.process.approvals import NOBODY, Question, Who, ask, given, lapse
from shared.process.books import RUN_BOOK
from shared.process.declared import Id, Input, Span
from shared.process.errors import PolicyError, ResourceError, StepError
from shared.process.known import span
from shared.process.steps.call import Again, Answer, Desk, Kept, StepType
from shared.process.steps.notify import Email, From

_ASKABLE = ("text", "integer", "number", "boolean", "date", "choice")


class Remind(BaseModel):
    """A mail to people who should know that nobody has decided yet; it leaves once."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    after: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """After which share of the time."""
    to: Annotated[list[EmailStr], Field(min_length=1, max_length=50)]
    sender: From = Field(alias="from")


class Approve(StepType):
    """Waits until a person approves or rejects what it shows (`baton approval`, /approvals); a rejection fails it."""

    title: Line
    text: Annotated[str, StringConstraints(max_length=10_000), Plain] = ""
    """What is to be decided."""
    files: list[Kept] = Field(default_factory=list, max_length=20)
    """Files of the run that are shown."""
    form: dict[Id, Input] = Field(default_factory=dict, max_length=50)
    """What is filled in with an approval, declared as inputs are: text, integer, number, boolean, date or choice."""
    who: Who = "approver"
    """Whoever decides may at least answer approvals, set what the workspace works with, or is its owner."""
    within: Span = "7d"
    """So long the decision may take."""
    otherwise: Literal["approve", "reject", "fail"] = "fail"
    """What happens if nobody has decided by then."""
    remind: Remind | None = None

    outputs: ClassVar = {
        "decision": "approve",
        "by": "who approved it; `flow` if the time was over",
        "at": "when",
        "comment": "what they said",
        "*": "what was filled in, by name",
    }

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> Self:
        for name, each in self.form.items():
            if each.type not in _ASKABLE:
                raise ValueError(f"form.{name}: a form asks for {', '.join(_ASKABLE)}")
            if name in self.outputs:
                raise ValueError(f"form.{name}: the step has an output of this name already")
            if self.otherwise == "approve" and each.default is None and not each.optional:
                raise ValueError(f"form.{name}: needs a default, as nobody may fill it in (otherwise: approve)")
        return self

    def run(self, desk: Desk) -> Answer:
        asked, now = ask(desk, self._question(desk), span(self.within)), desk.ports.clock.now()
        if asked.decision is None and asked.until and now >= asked.until:
            decision: Literal["approve", "reject"] = "approve" if self.otherwise == "approve" else "reject"
            asked = lapse(desk.ports, desk.scope, asked, decision)
        if asked.decision is None:
            raise Again(self._next(desk, asked, now), "approval")
        return self._answer(desk, asked)

    def _question(self, desk: Desk) -> Question:
        run = RUN_BOOK.load(desk.ports, desk.scope, desk.run)
        said = run.said.get(step_id(desk.run, desk.step, desk.item))
        return Question(
            run=desk.run, step=desk.step, item=desk.item, attempt=run.attempt,
            again=said.asked if said and said.decision == "retry" else 0,
            title=self.title, text=self.text, files=[_shown(desk, each) for each in self.files], form=self.form,
            who=self.who,
        )  # fmt: skip

    def _next(self, desk: Desk, asked: StepApproval, now: datetime) -> datetime:
        """When there is something to do again, unless somebody decides; the reminder leaves when it is due."""
        until = asked.asked_at + span(self.within)
        if self.remind is None:
            return until
        due = asked.asked_at + span(self.within) * self.remind.after
        if now < due:
            return due
        try:
            self._mail(desk, self.remind, until).run(desk)
        except StepError as error:
            desk.log(f"the reminder could not leave: {error}")
        except Again as again:
            return min(again.at, until)
        return until

    def _mail(self, desk: Desk, remind: Remind, until: datetime) -> Email:
        when = f"{until:%-d %B %Y, %H:%M} UTC"
        words = {
            "subject": f"Nobody has decided yet: {self.title}"[:200],
            "text": f"A process waits for a decision until {when}: {self.title}\n\n{desk.ports.public_url}/approvals",
        }
        return Email.model_validate({**words, "to": remind.to, "from": remind.sender})

    def _answer(self, desk: Desk, asked: StepApproval) -> Answer:
        if asked.decision == "approve":
            said = {"by": asked.by, "at": asked.at.isoformat() if asked.at else None, "comment": asked.comment or ""}
            return Answer({"decision": "approve", **said, **given(desk.ports, desk.scope, asked)})
        if asked.by != NOBODY:
            raise PolicyError(f"{asked.by} rejected it: {asked.comment}")
        if self.otherwise == "reject":
            raise PolicyError(f"nobody decided within {self.within}, which counts as a rejection")
        raise ResourceError(f"nobody decided within {self.within}", "with.within")


def _shown(desk: Desk, kept: Kept) -> Kept:
    """It, its checksum verified, as a file that its run serves."""
    path = desk.open(kept)
    return kept if kept.file.startswith(f"runs/{desk.run}/") else desk.keep(path, kept.name)
