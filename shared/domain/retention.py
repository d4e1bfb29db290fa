"""How long what is kept, by category (rule G7): defaults that a workspace may change, but not below what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, model_validator

CategoryName = Literal[
    "imports",
    "tape",
    "returns",
    "answers",
    "sign_ins",
    "members",
    "words",
    "evidence",
    "runs",
    "journeys",
    "inbound",
    "strangers",
    "leads",
    "lead_lists",
]


class Category(NamedTuple):
    """What it is, and for how many days: by default, at least and at most."""

    holds: str
    days: int
    least: int
    most: int = 3650


CATEGORIES: Mapping[CategoryName, Category] = {
    "imports": Category("files of imports that have ended, with their rows in quarantine", 30, 1),
    "tape": Category("what models were asked and answered; without it a run cannot be replayed", 365, 30),
    "returns": Category("messages that came back: soft bounces are counted over thirty days", 180, 31),
    "answers": Category("answers to requests that may be sent again, after they have expired", 1, 1),
    "runs": Category("runs of processes that have ended, with their steps, logs and files", 365, 1),
    "journeys": Category("where people were in journeys, and their ways there, after the journey has ended", 365, 30),
    "inbound": Category("what strangers wrote of which nobody made a lead", 30, 1),
    "strangers": Category(
        "people found with leads whom nobody told so, after the month in which they have to be told", 0, 0, 30
    ),
    "leads": Category("companies that nobody took, after the last change, with whatever is known of them", 365, 30),
    "lead_lists": Category("lists of companies that have ended, with their rows as they came", 90, 1),
    "sign_ins": Category("that a sign-in link was used", 2, 1),
    "members": Category("who was let out, and who did not come while their link opened: names, roles", 365, 30),
    "words": Category(
        "what servers said of messages of campaigns that have ended, and their ids; the rows themselves stay",
        1095,
        365,
    ),
    "evidence": Category(
        "evidence of a consent after another took its place; what is on record, and every no, stays", 1095, 1095
    ),
}
"""What a timer removes once a day."""


class Retention(BaseModel):
    """The policy: category -> days; what is not in it has its default."""

    model_config = ConfigDict(extra="forbid")

    days: dict[CategoryName, int] = {}

    @model_validator(mode="after")
    def _long_enough(self) -> Retention:
        for name, days in self.days.items():
            if not CATEGORIES[name].least <= days <= CATEGORIES[name].most:
                raise ValueError(f"{name}: must be {CATEGORIES[name].least} to {CATEGORIES[name].most} days")
        return self

    def of(self, name: CategoryName) -> int:
        """For how many days."""
        return self.days.get(name, CATEGORIES[name].days)


class Due(BaseModel):
    """One category: how long it is kept, and how much of it is older than that now."""

    category: CategoryName
    holds: str
    days: int
    default: int
    before: datetime
    due: int
