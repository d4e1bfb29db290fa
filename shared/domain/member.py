"""A person who was let in by a link: what they may, where, and until when the link opens."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.domain.campaign import mailbox
from shared.domain.machine_key import workspace_name

Role = Literal["owner", "manager", "operator", "client", "viewer"]
ROLE_NAMES: tuple[Role, ...] = get_args(Role)
State = Literal["invited", "expired", "active", "revoked"]
LONGEST = 14
"""Days that a link may open."""


def _name(text: str) -> str:
    """As people write names: one line, without what changes how the text around it reads."""
    said = " ".join(unicodedata.normalize("NFC", text).split())
    if not said or any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co") for each in said):
        raise ValueError("must be a name")
    return said


Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_name)]
Places = Annotated[list[Annotated[str, AfterValidator(workspace_name)]], Field(max_length=100)]
Days = Annotated[int, Field(ge=1, le=LONGEST)]


class Standing(BaseModel):
    """A role and where it holds: in the workspaces that are named, or everywhere. An owner is of the whole agency, a
    client never is."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    everywhere: bool = False
    workspaces: Places = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits(self) -> Standing:
        if self.role == "owner" and not self.everywhere:
            raise ValueError("an owner is of the whole agency: everywhere must be true")
        if self.role == "client" and self.everywhere:
            raise ValueError("a client is of workspaces that are named, never everywhere")
        if self.everywhere == bool(self.workspaces):
            raise ValueError("name the workspaces, or say everywhere; one of both")
        self.workspaces = sorted(set(self.workspaces))
        return self


class MemberRequest(Standing):
    """The body of POST /api/v1/members: who is invited, as what, where; how many days the link opens; and, if it is to
    be mailed, to which address."""

    name: Name
    days: Days = 3
    to: Annotated[str, AfterValidator(mailbox), Field(json_schema_extra={"format": "email"})] | None = None


class MemberChange(Standing):
    """The body of PATCH /api/v1/members/{id}: from the next request on they are this, there."""


class LinkRequest(BaseModel):
    """The body of POST /api/v1/members/{id}/link: a new link, and nothing else lets this person in any more.
    Who was here before is a new member by it."""

    model_config = ConfigDict(extra="forbid")

    days: Days = 3
    to: Annotated[str, AfterValidator(mailbox), Field(json_schema_extra={"format": "email"})] | None = None


class Member(BaseModel):
    """A person as they are kept and listed. `link` counts the links that were made for them: only the newest opens, and
    what they were given by an earlier one lets in no more."""

    id: str
    name: str
    role: Role
    everywhere: bool
    workspaces: list[str]
    invited_by: str
    """Who made the newest link."""
    invited_at: datetime
    link: int
    link_ends_at: datetime
    accepted_at: datetime | None = None
    """When the newest link was used; None: it waits."""
    seen_at: datetime | None = None
    """When they were last here, to the hour."""
    revoked_at: datetime | None = None
    state: State = "invited"

    def state_at(self, now: datetime) -> State:
        """What holds now: the kept one knows nothing of time."""
        if self.revoked_at:
            return "revoked"
        if self.accepted_at:
            return "active"
        return "invited" if now < self.link_ends_at else "expired"


class Invited(BaseModel):
    """Somebody and the link that lets them in, which is shown this once. `mail`: what became of the mail with it, as
    its row in the ledger says; null if none was asked for."""

    member: Member
    url: str
    mail: str | None = None
