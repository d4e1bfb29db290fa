"""An import of contacts or deals: what came in, what became of every row of it, and how it is taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from shared.domain.deal import Stage
from shared.domain.money import EURO
from shared.domain.texts import Line, Plain

RowOutcome = Literal["created", "updated", "unchanged", "merged", "suppressed", "quarantined"]
OUTCOMES: tuple[RowOutcome, ...] = ("created", "updated", "unchanged", "merged", "suppressed", "quarantined")
Undone = Literal["removed", "restored", "kept"]
UNDONE: tuple[Undone, ...] = ("removed", "restored", "kept")
Doing = Literal["preview", "import", "undo"]
"""What a pass over the batches is for: saying what would become of them, taking them in, taking them back."""
Status = Literal["unmapped", "running", "previewed", "completed", "failed", "undone"]
"""unmapped: somebody is to say what its columns mean; previewed: it waits for whoever confirms it."""
Of = Literal["contacts", "deals", "companies"]
"""What its rows are."""
IGNORED = "-"
"""The field of a column that is left out."""


class RowError(BaseModel):
    """Why a row is in quarantine; `line` is the one on which it begins, as an editor counts; `file`: of an archive."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    field: str
    reason: str
    file: str | None = None


class Example(BaseModel):
    """A row, what becomes of it, and why; `line` and `file` as in RowError."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: RowOutcome
    line: int
    file: str | None = None
    email: str = ""
    title: str = ""
    """Of a deal: what it is called."""
    why: str = ""


def _day(value: Any) -> Any:
    """A day alone is its beginning (UTC)."""
    is_day = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
    return f"{value}T00:00:00Z" if is_day else value


class FileConsent(BaseModel):
    """What whoever brings a file declares of all people in it who said nothing else: the words they agreed to, where,
    and when. Who declares it is who brings the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wording: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500), Plain]
    source: Line | None = None
    at: Annotated[AwareDatetime, BeforeValidator(_day)] | None = None
    """None: rows say it themselves, or it is when the file came."""


class ImportColumn(BaseModel):
    """A column and the field of a contact that it holds (`attributes.x`; `-`: left out), in `file` of an archive."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heading: str
    field: str
    file: str | None = None


class ConfirmRequest(BaseModel):
    """What is declared of the people of a file that was previewed; None: what was declared when it came, if so."""

    model_config = ConfigDict(extra="forbid")

    consent: FileConsent | None = None


class ColumnsRequest(BaseModel):
    """heading -> field of the contact: `email`, `attributes.x`, `-` to leave it out."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[Annotated[str, StringConstraints(max_length=500)], Line] = Field(max_length=500)


class StagesRequest(BaseModel):
    """stage in the file -> stage of a deal here; `columns` as in ColumnsRequest."""

    model_config = ConfigDict(extra="forbid")

    stages: dict[Annotated[str, StringConstraints(max_length=500)], Stage] = Field(default_factory=dict, max_length=200)
    columns: dict[Annotated[str, StringConstraints(max_length=500)], Line] = Field(default_factory=dict, max_length=500)


class Import(BaseModel):
    """The document. `received` is always the sum of the six outcomes; while it runs, it grows towards `rows`. In a
    preview they are what would become of the rows."""

    model_config = ConfigDict(extra="forbid")

    id: str
    of: Of = "contacts"
    status: Status = "running"
    status_reason: str | None = None
    doing: Doing = "import"
    attempt: int = 1
    """How many passes over it have begun; each has a flow of its own."""
    created_at: datetime
    confirmed_at: datetime | None = None
    """When a preview was confirmed."""
    by: str
    name: str | None = None
    """As the file was called."""
    content_type: str
    origin: str | None = None
    """Whose export it was recognised as."""
    columns: list[ImportColumn] = Field(default_factory=list)
    stages: dict[str, str] = Field(default_factory=dict)
    """Of deals: what each stage of the file is here; empty: nobody has said it yet."""
    currency: str = EURO
    """Of deals: of amounts that come without one."""
    consent: FileConsent | None = None
    rows: int
    double_opt_in: bool = False
    """Who is said to have agreed is to confirm it first."""
    digest: str | None = None
    """SHA-256 of the file: evidence of consent names it."""
    received: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    """Further rows of an address that the same file has already given."""
    suppressed: int = 0
    """Rows of people who unsubscribed elsewhere, or whose address bounced: they are never written to."""
    quarantined: int = 0
    agreed: int = 0
    """People of the file who may be written to by e-mail afterwards, as far as consent goes."""
    removed: int = 0
    restored: int = 0
    kept: int = 0
    """Of an undo: contacts that are gone again, that have their values of before, that were changed since."""
    errors: list[RowError] = Field(default_factory=list)
    """The first 1,000; `errors_total` counts all. A row may have several."""
    errors_total: int = 0
    examples: list[Example] = Field(default_factory=list)
    """Some rows of each outcome, where one import is shown."""
    batches: int | None = None
    """How many batches the source was split into; None until it was."""
    batches_done: int = 0

    def count(self, outcomes: Mapping[str, int]) -> None:
        """Add rows whose outcome is now known, or contacts that were taken back."""
        for outcome, rows in outcomes.items():
            setattr(self, outcome, getattr(self, outcome) + rows)
        self.received = sum(getattr(self, outcome) for outcome in OUTCOMES)

    def begin(self, doing: Doing) -> None:
        """The next pass over its batches; what is counted of the rows that are in none stays."""
        self.doing, self.status, self.status_reason = doing, "running", None
        self.attempt, self.batches_done = self.attempt + 1, 0
        again: Sequence[str] = (
            UNDONE if doing == "undo" else ("created", "updated", "unchanged", "merged", "suppressed")
        )
        for each in again if doing == "undo" else (*again, "agreed"):
            setattr(self, each, 0)
        self.received = sum(getattr(self, outcome) for outcome in OUTCOMES)

    def split_again(self) -> None:
        """Forget what the source was split into."""
        self.batches, self.quarantined, self.errors_total = None, 0, 0
        self.begin("preview")
