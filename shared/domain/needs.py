"""What somebody needs, as they said it: their messages, what was read out of them, what they were asked, what is open.

Every statement is a quotation with its message and place, or is marked as inferred from one. What contradicts is shown
as contradicting; what nobody has said becomes a question. Nothing in a message is ever an instruction."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.texts import Line, Plain, Text

LONGEST = 900_000
"""Characters of one message: some 300 pages."""
MOST = 500
"""Statements that are kept of one deal; further ones are counted."""
MESSAGES = 200
OF_CLIENTS = 150
"""Of these at most are what clients answer: whoever has a link takes the agency no place."""
OF_ASKING = 20
"""Answers to the same questions."""
ASKINGS = 50
AGENCY = "agency"
"""By whom a message is that the workspace itself wrote into a thread: it is kept, and is no need of theirs."""
Sort = Literal["need", "implicit", "constraint", "process", "asked"]
"""need: they say so; implicit: inferred from what they complain of; constraint: budget, date, law; process: how and by
whom it is decided; asked: a question of theirs."""
Via = Literal["person", "form", "mail"]
Language = Literal["en", "de"]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Heard(_Strict):
    """The body of POST /api/v1/deals/{id}/needs: what they said, as they said it. `question`: the open one that it
    answers, by its id."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), Plain]
    said_by: Line | Literal[""] = ""
    question: QuestionId | Literal[""] = ""


class AskNeeds(_Strict):
    """The body of POST /api/v1/deals/{id}/needs/asked. `questions`: open ones by their ids; none: all that wait for
    you. `own`: questions in your words; `note`: what stands above them."""

    questions: Annotated[list[QuestionId], Field(max_length=30)] = Field(default_factory=list)
    own: Annotated[list[Line], Field(max_length=10)] = Field(default_factory=list)
    note: Text | Literal[""] = ""
    language: Language = "en"
    days: Annotated[int, Field(ge=1, le=60)] = 14


class Message(_Strict):
    """One message; its text lies in Files."""

    id: int
    at: datetime
    by: str
    said_by: str = ""
    via: Via = "person"
    asking: str = ""
    """The questions that it answers, by the id of their mail."""
    characters: int
    cut: int = 0
    """Characters beyond the longest that is kept."""
    foreign: int = 0
    """Characters of it that are quoted mails and signatures: kept, not read."""
    by_model: int | None = None
    """Characters that a model has read, too; None: none is to."""
    file: str
    """Where it lies as it came."""


class Statement(_Strict):
    """`quote` stands in message `message` from `start` to `end` (characters)."""

    id: str
    sort: Sort
    topic: str = ""
    quote: str
    message: int
    start: int
    end: int
    inferred: str = ""
    """Of an implicit need: what follows from the quotation; nobody said it."""
    value: str = ""
    """Of a budget or date: what is compared."""
    by: Literal["rules", "model"] = "rules"
    settles: list[str] = Field(default_factory=list)
    """Earlier statements between which it decides, or in whose place it comes: they stay, and contradict no more."""


class Given(_Strict):
    """The answer to a question: where it stands."""

    question: str
    text: str
    """What was asked."""
    message: int
    start: int
    end: int


class AskedQuestion(_Strict):
    """One question as it was put."""

    id: str
    topic: str = ""
    text: str


class Asking(_Strict):
    """Questions that were mailed together. `key`: of the mail's row in the ledger; `mail`: what became of it, "" while
    it is not known to have left."""

    id: str
    at: datetime
    by: str
    to: str
    note: str = ""
    language: Language
    questions: list[AskedQuestion]
    ends_at: datetime
    key: str
    mail: str = ""
    answered_at: datetime | None = None


class Contradiction(_Strict):
    """Two statements that cannot both hold; which one does, somebody has to ask."""

    topic: str
    one: str
    other: str


class Needs(_Strict):
    """The document: one a deal, under its id."""

    id: str
    messages: list[Message] = Field(default_factory=list)
    statements: list[Statement] = Field(default_factory=list)
    beyond: int = 0
    """Statements that were found and not kept."""
    dropped: int = 0
    """What a model gave as quotations that stand nowhere: none is kept."""
    askings: list[Asking] = Field(default_factory=list)
    answers: list[Given] = Field(default_factory=list)
    waits: bool = False
    """Something is to become of it by itself: a mail that has not left, a message that a model is to read."""
    changed_at: datetime

    def is_waiting(self) -> bool:
        """What `waits` is to be."""
        return any(not each.mail for each in self.askings) or any(each.by_model == 0 for each in self.messages)

    def answered(self) -> set[str]:
        """The ids of questions that nobody asks again."""
        return {each.question for each in self.answers}


class OpenQuestion(_Strict):
    """What is still to be found out. `waits_for`: whose turn it is; a client who was asked has it."""

    id: str
    topic: str
    why: Literal["missing", "contradicts", "past"]
    text: str
    waits_for: Literal["you", "client"] = "you"
    asked_at: datetime | None = None


class Turn(_Strict):
    """Who must move."""

    who: Literal["you", "client", "nobody"]
    says: str


class Record(BaseModel):
    """The needs with what follows from them."""

    messages: list[Message]
    statements: list[Statement]
    beyond: int
    dropped: int
    askings: list[Asking]
    answers: list[Given]
    contradictions: list[Contradiction]
    questions: list[OpenQuestion]
    turn: Turn
    method: Literal["rules", "rules and model"] = "rules"
