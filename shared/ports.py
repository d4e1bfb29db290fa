"""The Protocols that agents speak to (design 3). Synchronous; no method lacks the scope. Adapters implement them,
`wiring` chooses. Times are aware UTC datetimes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from shared.domain.dkim import DkimKey
from shared.domain.dns import RecordType
from shared.domain.relay import Relay
from shared.domain.scope import Scope
from shared.domain.segment import Filter

Body = dict[str, Any]

# ------------------------------------------------------------------ Documents


@dataclass(frozen=True)
class Document:
    """One stored noun. `rev` changes at every write; `changed_at` is a hybrid logical clock stamp, sortable as text.
    A `deleted` one (only `changes` shows it) has an empty body."""

    kind: str
    id: str
    body: Body
    rev: str
    changed_at: str
    changed_by: str
    schema: int
    deleted: bool = False


@dataclass(frozen=True)
class Write:
    """One write of a batch: `body=None` deletes; `if_match` None = create only, "*" = any, else that rev."""

    id: str
    body: Body | None
    if_match: str | None = None


@dataclass(frozen=True)
class Order:
    """The one sort order of a query: numbers, then text by code point; what has neither comes before them. Ties are
    broken by id, ascending."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """One page of a query; `cursor` is None on the last one."""

    documents: list[Document]
    cursor: str | None


class Stale(Exception):
    """The document was changed (or created, or deleted) meanwhile: read again and decide again."""


class Documents(Protocol):
    """State of every noun. Deletion leaves a tombstone that `get` and `find` do not show and `changes` does.

    Ids have at most 255 characters and none of / \\ ? # or control characters (ValueError); a body is plain JSON with
    integers below 2^53 (TypeError) and, as JSON has them not, null for NaN and infinity."""

    def get(self, scope: Scope, kind: str, id: str) -> Document | None: ...

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        """Write one; `if_match` as in `Write`. Raises Stale."""
        ...

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None: ...

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write]) -> list[Document | None]:
        """All or none, at most 100, one kind. Raises Stale, having changed nothing."""
        ...

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        """ANDed filters on declared fields (`id` and dotted paths allowed), default order: id. Raises ValueError."""
        ...

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> tuple[list[Document], str | None]:
        """Documents changed after the mark `since`, oldest first, and the new mark."""
        ...


# ------------------------------------------------------------------ Ledger

CLAIMS_MOST = 99
"""Rows that one claim may decide about: Azure Tables takes 100 in a transaction, and the shard's tally is one."""

State = Literal["planned", "intent", "submitted", "accepted", "delivered", "failed", "held", "unknown"]


@dataclass(frozen=True)
class RowRef:
    """Where one effect lives: campaign, shard (partition) and effect key."""

    campaign: str
    shard: int
    key: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the immutable plan. `due` = slot start + position / rate; `reason` says why then, in a code."""

    key: str
    contact: str
    person: str
    variant: str
    due: datetime
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One intended outside effect as it stands. `acceptances` are the attempts that a provider acknowledged; `owner`
    and `lease_until` are of the last intent; `settled_at` is when it was last held, settled or expired."""

    campaign: str
    shard: int
    key: str
    contact: str
    person: str
    variant: str
    due: datetime
    reason: str
    facts: Mapping[str, Any]
    state: State
    attempt: int
    not_before: datetime
    owner: str | None
    lease_until: datetime | None
    held: str | None
    verdict: Mapping[str, Any] | None
    provider_id: str | None
    cost_micros: int
    detail: str | None
    acceptances: tuple[int, ...]
    intended_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the gate decided for one planned row, to be written with the claim.

    `state` intent: it may leave from now; held: never (`held` = reason code); planned: not before `not_before`."""

    key: str
    attempt: int
    state: Literal["intent", "held", "planned"]
    verdict: Mapping[str, Any]
    held: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one row's attempt. planned = definite refusal: again from `not_before`, as attempt + 1.

    Allowed: intent, submitted or unknown -> submitted, accepted, failed, planned, unknown, delivered;
    accepted -> delivered, failed (bounce); delivered -> failed (bounce); planned -> accepted, delivered, if an attempt
    believed refused was taken after all, so that it does not leave again. Anything else changes nothing, but an
    acceptance is always recorded."""

    key: str
    attempt: int
    state: Literal["submitted", "accepted", "delivered", "failed", "planned", "unknown"]
    provider_id: str | None = None
    cost_micros: int = 0
    detail: str | None = None
    not_before: datetime | None = None


Tally = dict[str, int]
"""Counts of a campaign or shard: `state` -> n and `held.<reason>` -> n (the held reasons add up to `held`)."""


class Ledger(Protocol):
    """One row per intended outside effect (design 3 and 4.1). Partition = scope | campaign | shard. No free queries."""

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        """Insert rows that are not there yet (<= 1,000 a shard). Repeating it changes nothing."""
        ...

    def claim(
        self,
        scope: Scope,
        campaign: str,
        shard: int,
        owner: str,
        claims: Sequence[Claim],
        now: datetime,
        lease_until: datetime,
    ) -> set[str]:
        """One transaction, <= CLAIMS_MOST rows, durable before it returns: write verdicts and intents on rows that are
        still planned at that attempt. Returns the keys granted as intent to this owner; the others were another's."""
        ...

    def expire(self, scope: Scope, campaign: str, shard: int, owner: str, now: datetime) -> datetime | None:
        """Foreign intents past their lease become unknown. Returns when the next foreign lease ends, if one is open."""
        ...

    def settle(
        self, scope: Scope, campaign: str, shard: int, settlements: Sequence[Settlement], now: datetime
    ) -> None: ...

    def tally(self, scope: Scope, campaign: str, shard: int | None = None) -> Tally:
        """Sums of the tally rows that every transaction keeps with its rows."""
        ...

    def of_shard(
        self,
        scope: Scope,
        campaign: str,
        shard: int,
        state: State | None = None,
        due_by: datetime | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> list[LedgerRow]:
        """Rows of one partition by key after `after`; with `due_by`, those with not_before <= due_by, soonest first."""
        ...

    def of_person(self, scope: Scope, refs: Sequence[RowRef]) -> list[LedgerRow]:
        """The rows at these places, as far as they exist."""
        ...

    def of_state(
        self,
        scope: Scope,
        campaign: str,
        state: Literal["held", "failed", "unknown"],
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[LedgerRow], str | None]:
        """Rows of a campaign in one of the three indexed states, verified on read; keyset cursor."""
        ...


# ------------------------------------------------------------------ Journal


@dataclass(frozen=True)
class Fact:
    """One line of a stream: what happened (a code), ids and salted digests only, never personal data."""

    seq: int
    at: datetime
    what: str
    by: str
    data: Mapping[str, Any]
    hash: str


class Journal(Protocol):
    """Append-only, hash-chained facts; one chain per (scope, stream)."""

    def append(self, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]) -> Fact: ...

    def read(self, scope: Scope, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]: ...

    def verify(self, scope: Scope, stream: str) -> int:
        """Recompute the chain; returns how many facts hold. Raises ValueError naming the first that does not."""
        ...


# ------------------------------------------------------------------ Files


class Files(Protocol):
    """Bytes by path (`a/b/c.ext`) inside a scope. A file is whole or absent, also after a kill."""

    def put(self, scope: Scope, path: str, data: bytes, only_new: bool = False) -> bool:
        """Write whole; with `only_new`, False and no change if it exists."""
        ...

    def put_blocks(self, scope: Scope, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        """As `put`, for more than memory should hold: the file appears, whole, after the last block (each at most
        100 MB). If `blocks` raises, so does this, and nothing has changed."""
        ...

    def get(self, scope: Scope, path: str, start: int = 0, length: int | None = None) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def size(self, scope: Scope, path: str) -> int | None: ...

    def list(self, scope: Scope, prefix: str) -> Iterator[str]: ...

    def delete(self, scope: Scope, path: str) -> None: ...


# ------------------------------------------------------------------ Model


@dataclass(frozen=True)
class Question:
    """What is asked of a model. `data` is plain JSON; `schema` is the JSON schema that the answer must meet.

    `task` names the prompt (say `campaign.draft`); the built-in writer composes from `task` and `data` alone."""

    task: str
    instructions: str
    data: Body
    schema: Body
    seed: int = 0


@dataclass(frozen=True)
class Answer:
    """A structured answer and what it took. `model` names who wrote it (`built-in writer` if no model was asked)."""

    data: Body
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0


class ModelUnavailable(Exception):
    """The model cannot be reached or answered nonsense after its own retries: a fault, to be retried by the flow."""


class Model(Protocol):
    def ask(self, scope: Scope, question: Question) -> Answer: ...


# ------------------------------------------------------------------ Channel


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready for the wire. `key` is the effect key. `message` is in the channel's form: the complete MIME
    bytes (CRLF) of a mail, UTF-8 text for `sms` and `social`, JSON for `webhook` (as it is signed) and `chat`."""

    key: str
    attempt: int
    sender: str
    recipient: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider said of one message: accepted, failed (for good), deferred (definitely not taken, try
    later), submitted (it works on it; `evidence` tells how it ended) or unknown (it may or may not have been taken).
    `retry_after`: so many seconds it wants to be left alone with a deferred one. `opted_out`: it refuses because the
    person told it so; nobody may write to them any more."""

    key: str
    attempt: int
    state: Literal["submitted", "accepted", "failed", "deferred", "unknown"]
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

    def send(self, messages: Sequence[Outgoing]) -> Iterable[Receipt]:
        """Exactly one receipt per message, as they come; never raises for a message's or a connection's sake."""
        ...


class Channel(Protocol):
    """One way out. `rate_per_second` paces it; `cost_micros` is the price of a message in millionths of a euro."""

    name: str
    rate_per_second: float
    cost_micros: int

    def refusal(self) -> str | None:
        """Why nothing may leave here at present, with the fix; None if it may."""
        ...

    def session(self, scope: Scope) -> AbstractContextManager[Session]: ...

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """What can be proved now about earlier submissions; keys that cannot be decided are left out. `sent` holds the
        messages of those keys that could be written once more. Never raises for the provider's sake."""
        ...


# ------------------------------------------------------------------ Mailbox

LETTER_BYTES = 10_000_000
"""So much of one mail is read; what is beyond is not there."""


class MailboxUnavailable(Exception):
    """The mailbox cannot be reached or refuses us; nothing is lost, the mails stay where they are."""


class Mailbox(Protocol):
    """Where messages come back to. `name` says which, without a password."""

    name: str

    def each(self, most: int) -> Iterator[bytes]:
        """New mails, at most so many. One counts as read when the next is asked for: whoever stops before that, or is
        killed, is given it again. Raises MailboxUnavailable."""
        ...


# ------------------------------------------------------------------ Clock


class Clock(Protocol):
    """The only reader and sleeper of time in the app."""

    def now(self) -> datetime: ...

    def pace(self, seconds: float) -> None:
        """Wait, so as not to exceed a rate. Under the host's virtual clock it returns at once: nothing elapses there
        while anyone works."""
        ...


# ------------------------------------------------------------------ DKIM keys


class DkimKeys(Protocol):
    """The private keys that sign the mail of sender domains. A domain is this scope's own: no other signs with it.

    Domains are in lower-case ASCII (IDNA); any other has no keys."""

    def of(self, scope: Scope, domain: str) -> Sequence[DkimKey]:
        """The keys of exactly this domain. The first one signs; others wait for DNS, or until what they signed has
        arrived. Empty: mail of this domain leaves unsigned."""
        ...

    def put(self, scope: Scope, domain: str, keys: Sequence[DkimKey]) -> None:
        """From now on these, in this order; none forgets the domain. Raises ValueError for a key of another domain or
        two of one selector, Conflict where whoever runs Baton keeps the keys himself."""
        ...


# ------------------------------------------------------------------ DNS


class Resolver(Protocol):
    """What the world's name servers say."""

    def lookup(self, name: str, kind: RecordType) -> Sequence[str]:
        """Values, none if there is no such name or record; a TXT record is one text, an MX record its host. Raises
        `domain.dns.Unanswered` if nobody says, never anything else."""
        ...


# ------------------------------------------------------------------ together


@dataclass(frozen=True)
class Keys:
    """Secrets of this home: `address` (never rotated) hashes addresses; `link` and `field` by key id, newest last."""

    address: bytes
    link: Mapping[str, bytes]
    field: Mapping[str, bytes]


@dataclass(frozen=True)
class Ports:
    """Everything an agent may touch."""

    documents: Documents
    ledger: Ledger
    journal: Journal
    files: Files
    model: Model
    channels: Mapping[str, Channel]
    clock: Clock
    keys: Keys
    dkim: DkimKeys
    resolver: Resolver
    relays: Sequence[Relay]
    """Through whom e-mail leaves for the world; none: it stays on this machine."""
    public_url: str
    timezone: str
    mailbox: Mailbox | None = None
