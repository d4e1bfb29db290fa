"""Feedback: what comes back about messages that left, whoever brings it, moves ledger, suppression and statistics."""

from __future__ import annotations

from shared.agents.feedback.apply import take
from shared.agents.feedback.letters import read_letter
from shared.agents.feedback.news import News

__all__ = ["News", "read_letter", "take"]
