"""The ways on which a message leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Literal, Protocol

from shared.domain.scope import Scope
from shared.domain.sms import Tariff


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready for the wire. `key` is the effect key. `message` is in the channel's form: the complete MIME
    bytes (CRLF) of a mail, UTF-8 text for `sms` and `social`, JSON for `webhook` (as it is signed) and `chat`. `name`:
    the signed name under which a provider may bring news of a message that has no Message-ID."""

    key: str
    attempt: int
    sender: str
    recipient: str
    message: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider said of one message: accepted, failed (for good), deferred (definitely not taken, try
    later), submitted (it works on it; `evidence` tells how it ended), unknown (it may or may not have been taken) or
    unsent (its time was over before its turn: the provider never saw it).
    `retry_after`: so many seconds it wants to be left alone with a deferred one. `opted_out`: it refuses because the
    person told it so; nobody may write to them any more."""

    key: str
    attempt: int
    state: Literal["submitted", "accepted", "failed", "deferred", "unknown", "unsent"]
    provider_id: str | None = None
    detail: str | None = None
    cost_micros: int = 0
    retry_after: float | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What may have left under a key, and since when: for providers that know messages, not keys."""

    message: Outgoing
    since: datetime


Proof = Literal["accepted", "failed", "absent"]
"""What became of a submission: taken, given up by the provider, or never there."""


NONE_SENT: Mapping[str, Sent] = {}


class Session(Protocol):
    """Open connections of one running distribute activity."""

    def unreachable(self) -> str | None:
        """Why nothing could be handed over now, whoever it is for; None if it could. Asked before rows are claimed."""
        ...

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> Iterable[Receipt]:
        """Exactly one receipt per message, as they come; never raises for a message's or a connection's sake. Nothing
        begins to leave later than `within` seconds from now, because what was decided about it grows old: then it is
        unsent."""
        ...


class Channel(Protocol):
    """One way out. `rate_per_second` paces it; `cost_micros` is the price of a message in millionths of a euro."""

    name: str
    rate_per_second: float
    cost_micros: int

    @property
    def tariff(self) -> Tariff | None:
        """How text messages are priced and how long they may be; None where messages are no texts."""
        ...

    @property
    def reported_as(self) -> Callable[[Scope, str], str] | None:
        """Effect key -> the id under which the provider's reports name it, known before it leaves; None where reports
        bring back a name that was signed here, or where there are none."""
        ...

    def refusal(self) -> str | None:
        """Why nothing may leave here at present, with the fix; None if it may."""
        ...

    def session(self, scope: Scope) -> AbstractContextManager[Session]: ...

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """What can be proved now about earlier submissions; keys that cannot be decided are left out. `sent` holds the
        messages of those keys that could be written once more. Never raises for the provider's sake."""
        ...
