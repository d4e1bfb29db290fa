"""Other people's URLs, which events are posted to."""

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


class Endpoints(Protocol):
    """Whoever may name a URL could name one of this network: only the open internet is asked (trust 4.3)."""

    def refusal(self, url: str) -> str | None:
        """Why nothing is ever posted to this URL, as far as it shows by itself; None: what its name leads to is looked
        at before each post."""
        ...

    def post(self, post: Post) -> Posted:
        """One exchange: no redirects, at most 20 seconds, nothing of the answer but its status. Never raises for what
        an endpoint does. May be called from several threads."""
        ...
