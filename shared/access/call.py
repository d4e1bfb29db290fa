"""What a handler is given and what it answers.

A handler is a plain synchronous function: `def create(call: Call, body: CampaignRequest) -> Answer[Campaign]`. Its
annotations are the contract, checked before it is called and shown on the OpenAPI page:
`body`, a pydantic model: JSON of at most 1 MB; `body: bytes`: as it came, at most 50 MB; no `body`: `call.body`, 1 MB;
`query`, a pydantic model: the query string, every value a text; no `query`: `call.query`, unchecked;
`Answer[T]`: what it answers with. It raises `shared.domain.faults`; the edge turns them into problem details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field

from shared.access.roles import Grant, permitted
from shared.access.route import Permission
from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import Scope
from shared.ports import Ports

NOBODY = Scope("nobody", "_")
"""The scope of a public call: it holds nothing. The handler takes the real one from a signature."""

T = TypeVar("T")


class Paging(BaseModel):
    """`?limit=&cursor=` of a list: at most `limit` items, from where `cursor` of the page before says."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None


class Listing(BaseModel, Generic[T]):
    """One page of a list; `cursor` is null on the last one."""

    items: list[T]
    cursor: str | None = None


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
    grants: Sequence[Grant] = ()
    """What the caller may do, and where."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the caller may do in this workspace."""
        return permitted(self.grants, self.scope.workspace)

    @property
    def form(self) -> dict[str, str]:
        """The fields of an HTML form (the last of each name). Raises Rejected if it is not UTF-8."""
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise Rejected(FieldError("body", "must be UTF-8")) from None


class Start(NamedTuple):
    """An orchestration to start once the handler is done; one that exists already is success."""

    flow: str
    instance_id: str
    input: dict[str, Any]


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What goes back. `body`: plain data, dataclasses or pydantic models become JSON; with a `content_type` it is text
    or bytes, sent as it is; None is an empty body. Then the edge starts and rings: `ring` are instance ids whose
    doorbell is sounded (missing and finished ones are ignored). `shown_once`: it holds a secret, so it is not kept for
    whoever sends the request again; `shows_data`: nor is this one, as it shows rows, and nothing was changed."""

    body: T
    status: int = 200
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    start: Sequence[Start] = ()
    ring: Sequence[str] = ()
    shown_once: bool = False
    shows_data: bool = False
