"""Where companies, and news of them, are found; and what their web sites show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shared.domain.site import Visit

SourceName = Literal["table", "feed", "page", "directory"]
MOST_ITEMS = 10_000


class Unreadable(Exception):
    """The source gave nothing that could be read; the message says why, fit for a person."""


@dataclass(frozen=True)
class Asked:
    """What is wanted: of a file its `blocks`, of a feed or page its `url`; of a directory what (`terms`: as in dentist)
    and where. At most `most` items."""

    url: str = ""
    blocks: Iterable[bytes] = ()
    terms: str = ""
    city: str = ""
    country: str = ""
    most: int = MOST_ITEMS


@dataclass(frozen=True)
class Item:
    """One thing that a source holds. `values`: name, website, country, city, industry, email, phone, person, role, as
    far as it says them, and whatever else under its own name. `where`: a URL, or the file's row."""

    title: str
    where: str
    link: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class Reading:
    """What was read. `whole`: that is all there is; `problems`: what was left out, and why. `licence`: on which terms
    it may be used, as far as the source says."""

    items: Sequence[Item]
    licence: str
    method: str
    whole: bool = True
    problems: Sequence[str] = ()


class Source(Protocol):
    """One technology by which things are found. Threads may share it."""

    @property
    def costs(self) -> int:
        """Millionths of the budget's currency for each reading; 0: it is free."""
        ...

    def read(self, asked: Asked) -> Reading:
        """Raises Unreadable, nothing else."""
        ...


class Sites(Protocol):
    """Web sites of strangers: only on the open internet, only what robots.txt allows, only so often and so much."""

    def visit(self, websites: Sequence[str]) -> list[Visit]:
        """One look at each, in their order; several at once, but one request at a time to each host. Never raises for
        what a site does."""
        ...

    def fetch(self, url: str) -> tuple[bytes, str]:
        """One page or feed, and its content type. Raises Unreadable."""
        ...
