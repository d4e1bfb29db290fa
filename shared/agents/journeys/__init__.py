"""Journeys: many people through waits and branches, each message once (decision 43)."""

from __future__ import annotations

from shared.agents.journeys.books import (
    change,
    foresee,
    get,
    give_up,
    is_to_wake,
    listing,
    pause,
    put,
    resume,
    start,
    stop,
    text_path,
)
from shared.agents.journeys.events import EventTold, answered, listeners, tell
from shared.agents.journeys.shown import Drawn, Standing, Walked, drawn, people, walked
from shared.agents.journeys.text import load
from shared.agents.journeys.turn import run

__all__ = [
    "Drawn",
    "EventTold",
    "Standing",
    "Walked",
    "answered",
    "change",
    "drawn",
    "foresee",
    "get",
    "give_up",
    "is_to_wake",
    "listeners",
    "listing",
    "load",
    "pause",
    "people",
    "put",
    "resume",
    "run",
    "start",
    "stop",
    "tell",
    "text_path",
    "walked",
]
