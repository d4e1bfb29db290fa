"""What people may ask of whoever holds their data, and what is said when it is done (GDPR Articles 15, 17 and 20)."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.domain.data_use import Handling

Requester = Literal["person", "guardian", "authority", "controller"]
"""On whose request: the person's, somebody's who acts for them, an authority's, or the client's whose data they are."""
Check = Literal["wrote_from_the_address", "signed_in", "showed_a_document", "known_in_person", "not_needed"]
"""How whoever ordered it made sure that it is they. Checking is up to people; what they did is recorded."""


class PrivacyRequest(BaseModel):
    """Who asked, how that was checked, and when they asked: codes and a time, nothing about the person."""

    model_config = ConfigDict(extra="forbid")

    requested_by: Requester = "person"
    checked: Check
    received_at: AwareDatetime | None = None
    """When they asked; now, if nothing stands here."""


class Ordered(BaseModel):
    """What every order has. `due` is one month after they asked (GDPR Article 12(3))."""

    model_config = ConfigDict(extra="forbid")

    id: str
    contact: str
    person: str
    requested_by: Requester
    checked: Check
    received_at: datetime
    due: datetime
    by: str


class Treated(BaseModel):
    """One store of one workspace: how much of the person was found, how much of it erased, and what is left and why."""

    model_config = ConfigDict(extra="forbid")

    workspace: str
    store: str
    handling: Handling
    found: int = 0
    erased: int = 0
    left: int = 0
    places: list[str] = Field(default_factory=list)
    """Of what is listed: where a person has to look."""


class Erasure(Ordered):
    """The document. `contacts`: workspace -> the id that the person had there."""

    status: Literal["running", "completed"] = "running"
    attempt: int = 1
    """The number of its flow."""
    workspaces: list[str]
    contacts: dict[str, str]
    started_at: datetime
    completed_at: datetime | None = None
    treated: list[Treated] = Field(default_factory=list)
    hosts: list[str] = Field(default_factory=list)
    """Services that keep the stores; none: they lie on the machine itself."""
    outside: list[str] = Field(default_factory=list)
    """Whoever else was given data of people in the course of the work, and is to be told."""
    certificate: str | None = None
    """SHA-256 of the certificate's canonical JSON; it stands in the journal, too."""

    def of(self, workspace: str, store: str, handling: Handling) -> Treated:
        """The entry of a store, made if there is none yet."""
        found = next((each for each in self.treated if (each.workspace, each.store) == (workspace, store)), None)
        if found is None:
            found = Treated(workspace=workspace, store=store, handling=handling)
            self.treated.append(found)
        return found

    def said(self) -> dict[str, Any]:
        """What the certificate says; its digest is taken of this."""
        return self.model_dump(mode="json", exclude={"certificate", "attempt", "status"})


class ExportFile(BaseModel):
    """A file to be handed out."""

    name: Literal["export.json", "export.pdf"]
    path: str
    bytes: int
    digest: str


class Export(Ordered):
    """The document: that everything about a person was put together, and until when the files are here."""

    created_at: datetime
    until: datetime
    files: list[ExportFile]


def month_after(at: datetime) -> datetime:
    """The same day of the next month; its last, if it has no such day."""
    year, month = (at.year + 1, 1) if at.month == 12 else (at.year, at.month + 1)
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))
