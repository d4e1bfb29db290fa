"""Feedback: what comes back about messages that left, whoever brings it, moves ledger, suppression and statistics."""

from __future__ import annotations

from shared.agents.feedback.answering import why_not_answered
from shared.agents.feedback.apply import take
from shared.agents.feedback.arrive import Event, arrive, event_of
from shared.agents.feedback.events import read_event, read_twilio, validation_code
from shared.agents.feedback.kept import listing
from shared.agents.feedback.letters import read_letter
from shared.agents.feedback.news import News
from shared.agents.feedback.once import forget
from shared.agents.feedback.poll import poll

__all__ = [
    "Event",
    "News",
    "arrive",
    "event_of",
    "forget",
    "listing",
    "poll",
    "read_event",
    "read_letter",
    "read_twilio",
    "take",
    "validation_code",
    "why_not_answered",
]
