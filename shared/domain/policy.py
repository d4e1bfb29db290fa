"""What a workspace allows itself: the rules that its people change, read at every window (rules C3, C8, C9, C10)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

POLICY = "workspace"
"""The id of the one document of a workspace."""
MOST_CAPS = 5
LONGEST_CAP = 31
"""Days; what was reserved longer ago is forgotten."""

GENERAL = "marketing"
"""The purpose of a campaign that names none; a consent that names none covers it and every other."""

Channel = Literal["email", "sms", "webhook", "chat", "social"]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Slug = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
Domain = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$", max_length=253)]
Hour = Annotated[int, Field(ge=0, le=24)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cap(_Strict):
    """At most `most` commercial messages to one person in any `days` days, over one channel or over all."""

    days: Annotated[int, Field(ge=1, le=LONGEST_CAP)]
    most: Annotated[int, Field(ge=1, le=100)]
    channel: Channel | None = None


def _default_caps() -> list[Cap]:
    return [Cap(days=7, most=3)]


class Policy(_Strict):
    """The rules of a workspace; what it does not say is as here. They can only forbid: the hours and bases of consent
    that the law names hold whatever stands here."""

    country: Country | None = None
    """Where people live who say nothing else, for law, hours and holidays. None: the strictest law, unknown hours."""
    caps: Annotated[list[Cap], Field(max_length=MOST_CAPS)] = Field(default_factory=_default_caps)
    """Counted over every campaign and every client of the agency."""
    apart_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    """So far apart are messages of two campaigns to one person: the later one waits."""
    hours: dict[Channel, tuple[Hour, Hour]] = Field(default_factory=dict)
    """The hours, on the recipient's own clock, in which a channel may be used at all; no campaign can widen them."""
    holidays: bool = False
    """Nothing commercial leaves on public holidays where the recipient lives; in `country` if that is not known."""
    quota: dict[Channel, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """How many messages a day (UTC) the provider of a channel takes; the rest waits for the next."""
    purposes: Annotated[list[Slug], Field(max_length=50)] = Field(default_factory=list)
    topics: Annotated[list[Slug], Field(max_length=50)] = Field(default_factory=list)
    """What campaigns may name as their purpose and topic; an empty list leaves it open."""
    sender_domains: Annotated[list[Domain], Field(max_length=50)] = Field(default_factory=list)
    """Domains that mail may come from; an empty list leaves it open."""
    established_domains: Annotated[list[Domain], Field(max_length=50)] = Field(default_factory=list)
    """Domains that have sent as much before they came here: they need no warm-up (rule C12)."""
    imports_declare_consent: bool = False
    """A file of contacts comes in only with a declaration of what its people agreed to."""

    @field_validator("hours")
    @classmethod
    def _ordered(cls, hours: dict[Channel, tuple[int, int]]) -> dict[Channel, tuple[int, int]]:
        for channel, (first, last) in hours.items():
            if first >= last:
                raise ValueError(f"{channel}: the first hour must be before the last")
        return hours

    @model_validator(mode="after")
    def _whose_holidays(self) -> Policy:
        if self.holidays and self.country is None:
            raise ValueError("holidays needs country: whose holidays count for those whose country is not known")
        return self
