"""`Idempotency-Key`: a POST that is sent again gets the first answer again (rule S6, the IETF draft of that name).

Only answers of success are kept: what was refused changed nothing, so it may be mended and sent under the same key. Of
an answer with a secret, which is shown once, no more is kept than that it was given."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.access.machine_keys import BY_KEY
from shared.access.problem import Refusal
from shared.access.reply import Reply
from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Body, Document, Documents, Stale

HEADER = "idempotency-key"
KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=230)
"""The longest an HTTP answer may take on Azure: what is still open after that was killed."""


class Attempt(NamedTuple):
    """One keyed request: whose store it is in, the document's id, the digest of what was sent, and the time."""

    scope: Scope
    id: str
    digest: str
    now: datetime


def attempt(scope: Scope, asker: str, target: str, key: str, sent: bytes, now: datetime) -> Attempt:
    """`asker` is the principal, `target` method and path, `sent` query and body. Raises Rejected if the key is empty or
    longer than 200."""
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Rejected(FieldError("Idempotency-Key", "must be 1 to 200 printable ASCII characters"))
    return Attempt(scope, _digest("\n".join((asker, target, key)).encode()), _digest(sent), now)


def check_may_be_absent(asker: str) -> None:
    """Programs send again by themselves what broke off: from them the key is required. Raises Rejected."""
    if asker.startswith(BY_KEY):
        raise Rejected(
            FieldError("Idempotency-Key", "is required with a machine key: a new one for each thing asked for")
        )


def once(
    documents: Documents, this: Attempt, work: Callable[[], Reply], keep: Callable[[Reply], Reply] = lambda reply: reply
) -> Reply:
    """Do the work, or give what was to be kept of the answer it had. Raises Refusal: 422 if the key came with another
    body before, 409 if the first request is still open."""
    claimed = _claim(documents, this)
    if isinstance(claimed, Reply):
        return claimed
    try:
        reply = work()
    except BaseException:
        with suppress(Stale):
            documents.delete(this.scope, Kind.IDEMPOTENCY, this.id, claimed.rev)
        raise
    with suppress(Stale):
        documents.put(this.scope, Kind.IDEMPOTENCY, this.id, {**claimed.body, "reply": _pack(keep(reply))}, claimed.rev)
    return reply


def _claim(documents: Documents, this: Attempt) -> Document | Reply:
    expires = (this.now + KEPT).isoformat()
    mine = {"digest": this.digest, "at": this.now.isoformat(), "expires_at": expires, "reply": None}
    found = documents.get(this.scope, Kind.IDEMPOTENCY, this.id)
    rev = None
    if found is not None:
        if not _is_over(found.body, this.now):
            return _kept(found.body, this.digest)
        rev = found.rev
    try:
        return documents.put(this.scope, Kind.IDEMPOTENCY, this.id, mine, rev)
    except Stale:
        raise _in_flight() from None


def _kept(body: Body, digest: str) -> Reply:
    if body["digest"] != digest:
        raise Refusal(422, "key-reused", "Idempotency-Key", "was used with another body or query; take a new key")
    if body["reply"] is None:
        raise _in_flight()
    return _unpack(body["reply"])


def _is_over(body: Body, now: datetime) -> bool:
    return now - datetime.fromisoformat(body["at"]) > (KEPT if body["reply"] else ABANDONED)


def _in_flight() -> Refusal:
    return Refusal(
        409, "in-flight", "Idempotency-Key", "the first request is still being answered", {"Retry-After": "1"}
    )


def _pack(reply: Reply) -> Body:
    return {**reply._asdict(), "content": base64.b64encode(reply.content).decode()}


def _unpack(body: Body) -> Reply:
    return Reply(body["status"], body["headers"], base64.b64decode(body["content"]))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
