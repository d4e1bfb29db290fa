"""What a handler is given and what it answers.

A handler is a plain synchronous function, `def create(call: Call, body: CampaignRequest) -> Answer[Campaign]`. Its
annotations are the contract: a pydantic `body` is decoded and checked before the call (JSON, at most 1 MB), a `bytes`
body is passed as it came (at most 50 MB), and the parameter of `Answer` is the response schema of the OpenAPI page.
It raises `shared.domain.faults`; the edge turns them into problem details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import Scope
from shared.ports import Ports

NOBODY = Scope("nobody", "_")
"""The scope of a public call: it holds nothing. The handler takes the real one from a signature."""

_MAX_PAGE = 100
_DEFAULT_PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One authenticated, size-checked request. Header names are lower-case; `principal` is a name, never an address."""

    ports: Ports
    scope: Scope
    principal: str
    method: str
    url: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        """The fields of an HTML form (the last of each name). Raises Rejected if it is not UTF-8."""
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise Rejected(FieldError("body", "must be UTF-8")) from None

    @property
    def limit(self) -> int:
        """`?limit=`, 1 to 100, by default 50. Raises Rejected."""
        text = self.query.get("limit", str(_DEFAULT_PAGE))
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= _MAX_PAGE):
            raise Rejected(FieldError("limit", f"must be a whole number from 1 to {_MAX_PAGE}, not {text!r}"))
        return int(text)

    @property
    def cursor(self) -> str | None:
        """`?cursor=` as the last page gave it."""
        return self.query.get("cursor") or None


class Start(NamedTuple):
    """An orchestration to start once the handler is done; one that exists already is success."""

    flow: str
    instance_id: str
    input: dict[str, Any]


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What goes back. `body`: plain data, dataclasses or pydantic models become JSON; with a `content_type` it is text
    or bytes, sent as it is. Then the edge starts and rings: `ring` are instance ids whose doorbell is sounded
    (missing and finished ones are ignored)."""

    body: T
    status: int = 200
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    start: Sequence[Start] = ()
    ring: Sequence[str] = ()
