"""Other people's URLs, which events are posted to and processes ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Post:
    """One POST; `body` is sent as it is."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Posted:
    """The status that came back, None if none did; `why`: what there is to say about it; `retry_after`: seconds."""

    status: int | None
    why: str = ""
    retry_after: float | None = None


@dataclass(frozen=True)
class Ask:
    """One request of any method; of the answer at most `most` bytes are read."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    most: int = 1 << 18
    seconds: float = 20.0


@dataclass(frozen=True)
class Told:
    """What came back: no `status` if nothing did, and `why`. `taken`: it is known not to have been taken (False), to
    have been (True), or nobody knows (None). `whole`: the body is all there was. Header names are lower-case."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    why: str = ""
    taken: bool | None = True
    whole: bool = True
    retry_after: float | None = None


class Endpoints(Protocol):
    """Whoever may name a URL could name one of this network: only the open internet is asked (trust 4.3)."""

    def refusal(self, url: str) -> str | None:
        """Why nothing is ever posted to this URL, as far as it shows by itself; None: what its name leads to is looked
        at before each post."""
        ...

    def ask(self, asking: Ask) -> Told:
        """One exchange: no redirects, nothing but what was asked for. Never raises for what an endpoint does. May be
        called from several threads."""
        ...

    def post(self, post: Post) -> Posted:
        """One exchange: no redirects, at most 20 seconds, nothing of the answer but its status. Never raises for what
        an endpoint does. May be called from several threads."""
        ...
