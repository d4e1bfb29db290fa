"""What a person may choose on the page behind the link in each mail, and what a form of it says. Pure.

A form decides only about what it showed, and only where it differs from what it showed: a page that has been open since
before a "no" does not undo it by being saved for something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shared.domain.policy import Cap

FREQUENCIES: Mapping[str, Cap | None] = {
    "any": None,
    "4 in 30 days": Cap(days=30, most=4),
    "2 in 30 days": Cap(days=30, most=2),
    "1 in 30 days": Cap(days=30, most=1),
    "2 in 7 days": Cap(days=7, most=2),
    "1 in 7 days": Cap(days=7, most=1),
}
"""As a form and evidence name them -> the cap. A cap of one every seven days is one in each week."""
TOPIC = "topic:"
"""What the name of a topic's choice begins with."""
MOST_TOPICS = 50

_ONCE = re.compile("[0-9a-f]{32}")
_BOX = re.compile("email|sms|topic:[a-z0-9][a-z0-9-]{0,39}")


class Choices(NamedTuple):
    """What one person gets now. `channels` and `topics`: name -> on. `waiting`: consent to e-mail is to be confirmed by
    the link in another mail first."""

    sender: str
    language: str
    channels: Mapping[str, bool]
    topics: Mapping[str, bool]
    frequency: str
    waiting: bool
    stopped: bool
    """They said no to everything."""

    @property
    def all(self) -> dict[str, bool]:
        """Every box by its name in the form."""
        return {**self.channels, **{TOPIC + name: on for name, on in self.topics.items()}}

    @property
    def silent(self) -> bool:
        """Nothing reaches them now."""
        return not any(self.channels.values())


@dataclass(frozen=True)
class Chosen:
    """A form as it came back. `once` names the page that it was on: sent again, it says nothing new."""

    once: str
    on: frozenset[str]
    off: frozenset[str]
    frequency: str | None


def chosen(form: Mapping[str, str]) -> Chosen | None:
    """What the form changes: boxes newly checked, boxes newly unchecked, another frequency. None if it is no such form,
    or not whole."""
    once = form.get("once", "")
    if form.get("do") != "save" or not _ONCE.fullmatch(once) or "shown_on" not in form or "shown_off" not in form:
        return None
    checked = {name for name in form if form[name] == "on"}
    on, off = _boxes(form["shown_off"]) & checked, _boxes(form["shown_on"]) - checked
    wish = form.get("frequency")
    return Chosen(once, on, off, wish if wish in FREQUENCIES and wish != form.get("shown_frequency") else None)


def _boxes(names: str) -> frozenset[str]:
    """Of no more boxes than a page has."""
    return frozenset([name for name in names.split() if _BOX.fullmatch(name)][: MOST_TOPICS + 2])


def named(cap: Cap | None) -> str:
    """The name of a frequency; of one that the page does not offer, what it says."""
    return "any" if cap is None else f"{cap.most} in {cap.days} days"
