"""How often one person is written to, over all campaigns and clients: pure, from what was reserved (rule C10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared.domain.policy import LONGEST_CAP, Policy

REMEMBERED = timedelta(days=LONGEST_CAP)
MOST_USES = 100
"""Of one person; as many as the largest cap can count."""


class Use(NamedTuple):
    """One reserved contact with a person: when, over which channel, and for which effect (its key)."""

    at: datetime
    channel: str
    effect: str


class Wait(NamedTuple):
    """Not before `at`, because of `code`."""

    code: str
    at: datetime


def read_uses(body: Mapping[str, Any]) -> list[Use]:
    """What a reservation document holds. Raises ValueError if it is none."""
    try:
        uses = [Use(datetime.fromisoformat(at), channel, effect) for at, channel, effect in body["uses"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a reservation: {error}") from None
    if any(use.at.tzinfo is None for use in uses):
        raise ValueError("not a reservation: a time without its offset")
    return uses


def write_uses(uses: Sequence[Use]) -> dict[str, Any]:
    """As it is stored."""
    return {"uses": [[use.at.isoformat(), use.channel, use.effect] for use in uses]}


def reserved(uses: Sequence[Use], new: Use) -> list[Use]:
    """With the new contact; an effect has one reservation, whoever tries it again; what no cap can count is dropped."""
    kept = [use for use in uses if use.effect != new.effect and use.at > new.at - REMEMBERED]
    return [*kept, new][-MOST_USES:]


def released(uses: Sequence[Use], effect: str) -> list[Use]:
    """Without the contact that did not take place."""
    return [use for use in uses if use.effect != effect]


def waits(uses: Sequence[Use], policy: Policy, channel: str, effect: str, now: datetime) -> list[Wait]:
    """What the policy makes this effect wait for; its own earlier reservation does not count against it."""
    others = sorted(use.at for use in uses if use.effect != effect)
    apart = timedelta(minutes=policy.apart_minutes)
    found = [Wait("collision", others[-1] + apart)] if others and apart else []
    for cap in policy.caps:
        if cap.channel not in (None, channel):
            continue
        counted = [use.at for use in uses if use.effect != effect and cap.channel in (None, use.channel)]
        recent = sorted(at for at in counted if at > now - timedelta(days=cap.days))
        if len(recent) >= cap.most:
            found.append(Wait("capped", recent[len(recent) - cap.most] + timedelta(days=cap.days)))
    return [wait for wait in found if wait.at > now]
