"""Who does what with a letter, and when: pure, and the same for the same seed, person and letter.

The rates are those of a good list: two in five open, every fourth of them clicks, one in a hundred leaves. Beside the
people act machines: proxies that fetch the images of everybody's mail, gateways that try its links."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from local.simulator.mailbox import Letter

PERSON = "Baton-Simulator"
MACHINE = "Baton-Simulator (proxy)"
"""How they sign their requests: Baton must be able to say that they are simulated (and which are machines)."""

What = Literal["open", "click", "unsubscribe"]
_OPEN, _CLICK, _LEAVE = 0.40, 0.22, 0.02
_PROXY, _GATEWAY = 0.25, 0.03
_READS_AFTER, _SPREAD = timedelta(minutes=95), 1.1
_LATEST = timedelta(hours=60)


class Act(NamedTuple):
    """One request to come, first by time."""

    at: datetime
    url: str
    what: What
    agent: str


def acts(letter: Letter, seed: int) -> list[Act]:
    """All that comes of one letter, in order."""
    chance = Random(f"{seed}|{letter.address}|{letter.subject}")  # noqa: S311  # people are not secrets
    return sorted([*_machines(letter, chance), *_reader(letter, chance)])


def curiosity(subject: str) -> float:
    """How much more than usual a subject is opened: people like to be asked, and do not like to be shouted at."""
    return (1.2 if "?" in subject else 1.0) * (0.7 if "!" in subject else 1.0)


def _machines(letter: Letter, chance: Random) -> Iterator[Act]:
    if chance.random() < _PROXY and letter.pixel:
        yield Act(letter.sent_at + timedelta(seconds=chance.uniform(20, 900)), letter.pixel, "open", MACHINE)
    if chance.random() < _GATEWAY:
        for url in letter.clicks[:1]:
            yield Act(letter.sent_at + timedelta(seconds=chance.uniform(1, 8)), url, "click", MACHINE)


def _reader(letter: Letter, chance: Random) -> Iterator[Act]:
    curious = curiosity(letter.subject)
    if chance.random() >= _OPEN * curious or not letter.pixel:
        return
    opened = letter.sent_at + min(_READS_AFTER * math.exp(chance.gauss(0, _SPREAD)), _LATEST)
    yield Act(opened, letter.pixel, "open", PERSON)
    later = opened + timedelta(seconds=chance.uniform(15, 240))
    if chance.random() < _CLICK * curious and letter.clicks:
        yield Act(later, letter.clicks[0], "click", PERSON)
    elif chance.random() < _LEAVE and letter.unsubscribe:
        yield Act(later, letter.unsubscribe, "unsubscribe", PERSON)
