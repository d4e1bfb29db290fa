"""Keys of a home as their owner sees them, and how far what is encrypted has been moved to the newest one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.faults import FieldError, Missing, Rejected

Ring = Literal["link", "field"]
RINGS: dict[str, str] = {
    "link": "signs links in mails, doors of webhooks, and the secrets of webhooks",
    "field": "encrypts marked fields, and signs sessions",
}
"""The rings, and what their newest key does."""
NEVER = (
    "is never rotated: the keyed hashes of addresses are made with it, and with another one nobody who said no to "
    "mails would be recognised"
)
"""Of `address`."""
PLACES = 100
"""So many places are named; the count goes on."""


class Renewal(BaseModel):
    """The document, one an agency: everything that is encrypted is moved to the key `key`. Rounds through all documents
    are made until one finds nothing to move."""

    model_config = ConfigDict(extra="forbid")

    key: str
    attempt: int = 1
    """The number of its flow."""
    status: Literal["running", "completed"] = "running"
    started_at: datetime
    completed_at: datetime | None = None
    round: int = 1
    at: tuple[str, str, str | None] | None = None
    """Where this round goes on: workspace, kind, cursor."""
    looked: int = 0
    """Documents of this round."""
    moved_now: int = 0
    """Of them, those that were moved, or are to be looked at again."""
    moved: int = 0
    """Documents of all rounds."""
    lost: int = 0
    """Values of this round that cannot be decrypted."""
    unreadable: list[str] = Field(default_factory=list)
    """Where they are: `workspace/kind/id: field`."""

    def next_round(self) -> None:
        """From the beginning again."""
        self.round, self.at = self.round + 1, None
        self.looked = self.moved_now = self.lost = 0
        self.unreadable = []


class RingKey(BaseModel):
    """One key of a ring; the key itself is shown to nobody."""

    ring: Ring
    id: str
    newest: bool
    use: str


class Rings(BaseModel):
    """The rings. `kept_in`: where they are changed; `plain`: whether marked values that stand in plain are believed;
    `renewal`: the last time that what is encrypted was moved to the newest key."""

    items: list[RingKey]
    kept_in: Literal["keys.json", "BATON_KEYS"]
    plain: Literal["believed", "refused"]
    renewal: Renewal | None = None


class RemovalQuery(BaseModel):
    """`links_stop=true`: whoever removes a key of links knows that links in mails that left stop working."""

    model_config = ConfigDict(extra="forbid")

    links_stop: Annotated[bool, Field(description="Links that were signed with the key may stop working.")] = False


def ring_of(name: str) -> Ring:
    """Raises Rejected for the one that is never rotated, and Missing."""
    if name == "link":
        return "link"
    if name == "field":
        return "field"
    if name == "address":
        raise Rejected(FieldError("ring", f"`address` {NEVER}"))
    raise Missing("ring", name)
