"""Webhooks that others have asked for: where events go, and what became of each (Standard Webhooks; trust 4.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.event import EventType, Moment
from shared.domain.texts import Line, Plain

WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one try and the next: about three days in all, then it is given up."""
LONGEST_WAIT = timedelta(hours=24)
"""Whatever an endpoint asks for."""
OVERLAP = timedelta(hours=24)
"""So long after a rotation the old secret signs, too."""
MOST_TRIES = 20
"""That are kept of one delivery, the last ones."""

Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=2000), Plain]
DeliveryState = Literal["waiting", "delivered", "failed"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WebhookRequest(_Strict):
    """The body of POST /api/v1/webhooks. Without `events`: all of them, those of later versions too."""

    url: Address
    events: Annotated[list[EventType], Field(max_length=50)] = Field(default_factory=list)
    description: Line | None = None
    enabled: bool = True


class SecretRef(_Strict):
    """A secret is never stored: it is made from a key of this home and a number. It signs until `until`."""

    key: str
    number: int
    until: datetime | None = None


class Webhook(WebhookRequest):
    """The document. `disabled_because`: why Baton itself turned it off."""

    id: str
    created_at: datetime
    created_by: str
    secrets: list[SecretRef]
    """Newest first."""
    disabled_because: str | None = None
    disabled_at: datetime | None = None
    delivered_at: datetime | None = None
    """When something last arrived there, to the hour."""

    def wants(self, type: str) -> bool:
        """Is this kind of event to go there?"""
        return self.enabled and (not self.events or type in self.events)

    def signing(self, now: datetime) -> Sequence[SecretRef]:
        """The secrets that sign now."""
        return [each for each in self.secrets if each.until is None or each.until > now]


class CreatedWebhook(Webhook):
    """With its secret, which is shown this once."""

    secret: str


class Try(_Strict):
    """One request and what it came to; `status` is null when no answer came."""

    at: datetime
    status: int | None
    why: str


class Delivery(_Strict):
    """One event on its way to one endpoint; `id` is `<webhook>~<event>`."""

    id: str
    webhook: str
    event: str
    type: EventType
    at: Moment
    """When it happened."""
    state: DeliveryState = "waiting"
    next_at: Moment
    begun_at: datetime | None = None
    """The first try since it was made, or sent again by hand."""
    tries: int = 0
    log: list[Try] = Field(default_factory=list)


class ReplayRequest(_Strict):
    """Everything since then is to be sent again."""

    since: datetime


class Replayed(_Strict):
    """How many deliveries are on their way again."""

    deliveries: int


def wait_after(delivery: str, tries: int, asked: float | None = None) -> timedelta | None:
    """How long until the next try, up to a tenth longer than the schedule says, so that not all come back at once; at
    least what the endpoint asks for (seconds). None: it was the last."""
    if tries > len(WAITS):
        return None
    jitter = int.from_bytes(hashlib.sha256(f"{delivery}|{tries}".encode()).digest()[:4], "big") / 2**32
    planned = WAITS[tries - 1] * (1 + jitter / 10)
    return max(planned, min(timedelta(seconds=asked or 0), LONGEST_WAIT))
