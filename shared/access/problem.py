"""Problem details (RFC 9457): every refusal names the field and the reason, none shows a stack trace."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from shared.domain.faults import Conflict, FieldError, Misconfigured, Missing, Rejected, Unavailable
from shared.ports import Undecryptable

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """One refusal. `code` ends its type (`urn:baton:problem:<code>`); `difference` is field -> [sent, held]."""

    status: int
    code: str
    errors: tuple[FieldError, ...]
    difference: Mapping[str, list[object]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    @property
    def detail(self) -> str:
        return "; ".join(f"{error.field}: {error.reason}" for error in self.errors)

    def body(self, instance: str, trace: str) -> dict[str, Any]:
        """The members of the JSON object; `instance` is the path that was asked for, `trace` the request's id."""
        members: dict[str, Any] = {
            "type": f"urn:baton:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "trace_id": trace,
            "errors": [error._asdict() for error in self.errors],
        }
        return {**members, "difference": self.difference} if self.difference else members


class Refusal(Exception):
    """The edge itself refuses a request, before its handler or in its stead."""

    def __init__(
        self, status: int, code: str, field: str, reason: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{field}: {reason}")
        self.problem = Problem(status, code, (FieldError(field, reason),), headers=headers or {})


def unauthorized(reason: str, field: str = "Authorization", given: bool = True) -> Refusal:
    """401: it cannot be told who calls. `given`: something was brought, and is not taken (RFC 6750 section 3.1)."""
    challenge = 'Bearer realm="baton"' + (', error="invalid_token"' if given else "")
    return Refusal(401, "unauthorized", field, reason, {"WWW-Authenticate": challenge})


def shown_once(made: str | None) -> Problem:
    """409 for a request that is sent again, whose answer held a secret. `made`: where that is which it made."""
    reason = "this was done already, and the secret was in the first answer alone: no copy is kept. If it was lost, "
    reason += f"make a new one: POST {made}/rotate" if made else "make a new one"
    headers = {"Location": made} if made else {}
    return Problem(409, "shown-once", (FieldError("Idempotency-Key", reason),), headers=headers)


def not_kept() -> Problem:
    """409 for a request that is sent again, whose answer showed data and changed nothing."""
    reason = "this was answered already, and nothing of it was kept: ask again without the key, or under a new one"
    return Problem(409, "not-kept", (FieldError("Idempotency-Key", reason),))


def problem_of(error: Exception) -> Problem | None:
    """The problem that a refusal is; None for a fault nobody foresaw."""
    match error:
        case Refusal():
            return error.problem
        case Rejected():
            return Problem(400, "rejected", error.errors)
        case Missing():
            return Problem(404, "missing", (error.error,))
        case Conflict():
            return Problem(409, "conflict", (error.error,), error.difference)
        case Undecryptable():
            return Problem(503, "undecryptable", (FieldError(error.kind, str(error)),))
        case Misconfigured():
            return Problem(503, "misconfigured", (error.error,))
        case Unavailable(again_after=seconds):
            reason = "the store does not answer clearly just now; look at what is there, then ask again"
            headers = {"Retry-After": str(seconds)}
            return Problem(503, "unavailable", (FieldError("store", reason),), headers=headers)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            reason = "is full; make room, look at what is there, then ask again"
            return Problem(503, "disk-full", (FieldError("disk", reason),), headers={"Retry-After": "60"})
        case _:
            return None


def unexpected(fault_id: str) -> Problem:
    """What is said of a fault nobody foresaw; the log has the rest under the id."""
    reason = f"an unexpected fault; nothing more is known here, the log has it under {fault_id}"
    return Problem(500, "unexpected", (FieldError("server", reason),))


def rejected(error: ValidationError, whole: str) -> Rejected:
    """Pydantic's findings as plain sentences with dotted paths; `whole` names what has no path (`body`, `query`)."""
    return Rejected(*_field_errors(error, whole))


def _field_errors(error: ValidationError, whole: str) -> Iterator[FieldError]:
    for each in error.errors(include_url=False, include_input=False):
        yield FieldError(_path(each["loc"]) or whole, _reason(each["type"], each["msg"]))


def _path(location: Sequence[int | str]) -> str:
    """`brief.facts[0]`; what is in function-after[…] is pydantic's name of a wrapping validator, nothing sent."""
    sent = [part for part in location if not str(part).startswith("function-")]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in sent).removeprefix(".")


def _reason(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return "is required"
        case "extra_forbidden":
            return "unknown field"
        case "value_error":
            return message.removeprefix("Value error, ")
        case _:
            return re.sub(r"^\w+ should", "should", message)
