"""What was seen of a web site: pages, how it answered, what its domain publishes for mail. Plain values, read by an
adapter; what follows from them is `footprint`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

LONGEST_TEXT = 20_000
"""Characters of a page's text that are kept while it is looked at."""


@dataclass(frozen=True)
class Named:
    """Somebody who is named on a page."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Page:
    """One page. `bytes`: as they came, `whole`: all there were; `first_byte`: seconds from the first octet that was
    sent, the connection included. `markers`: addresses of scripts, styles and frames, in small letters."""

    url: str
    status: int
    bytes: int
    whole: bool
    first_byte: float
    title: str = ""
    description: str = ""
    language: str = ""
    viewport: str = ""
    generator: str = ""
    structured: Sequence[str] = ()
    """Types of schema.org that it declares."""
    markers: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()
    """(URL on the same site, its words)."""
    outside: Sequence[str] = ()
    """Hosts that it links to."""
    text: str = ""
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    people: Sequence[Named] = ()
    dates: Sequence[str] = ()
    """As its metadata and headers say them: ISO 8601."""
    forms: int = 0
    employees: int | None = None
    name: str = ""
    """Of the company, as its structured data say it."""
    city: str = ""
    country: str = ""
    server: str = ""
    powered_by: str = ""


Refusal = Literal["", "robots", "unreachable", "moved", "not_a_page"]


@dataclass(frozen=True)
class Visit:
    """One look at a site. `refusal` and `why`: why there are no pages. `https`: does it answer there with a valid
    certificate (None: not tried, `https_why`)."""

    website: str
    pages: Sequence[Page] = ()
    refusal: Refusal = ""
    why: str = ""
    moved_to: str = ""
    https: bool | None = None
    https_why: str = ""
    certificate_until: datetime | None = None
    robots: str = ""


@dataclass(frozen=True)
class Mail:
    """What the domain publishes for mail; None: nobody answered (`why`)."""

    mx: bool | None = None
    spf: bool | None = None
    dmarc: str | None = None
    """The policy that holds; `absent`: there is no record."""
    why: str = ""
    records: dict[str, str] = field(default_factory=dict)
