"""The form of a new campaign: what was filled in as the API takes it, and what was wrong as the form calls it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from shared.domain.campaign import Sender
from shared.domain.faults import FieldError, Rejected
from shared.domain.own import OWN_CHANNELS
from shared.domain.segment import condition
from shared.web.fields import filled, local_time

BLANK: Mapping[str, str] = {
    "channel": "email",
    "tone": "friendly",
    "language": "en",
    "days": "1",
    "first_hour": "9",
    "last_hour": "18",
    "message": "commercial",
    "purpose": "marketing",
    "approval": "required",
    "undo_minutes": "10",
    "variants": "1",
    "holdout": "0",
}
"""What stands in it at first."""

LABELS: Mapping[str, str] = {
    "name": "Name",
    "channels": "Channel",
    "brief.goal": "Goal",
    "brief.offer": "What you offer",
    "brief.audience": "For whom, in words",
    "brief.facts": "Facts",
    "brief.tone": "Tone",
    "brief.language": "Language",
    "brief.call_to_action.text": "What readers should do",
    "brief.call_to_action.url": "Where",
    "segment": "Who gets it",
    "sender.name": "Sender",
    "sender.address": "Sender's e-mail address",
    "sender.postal_address": "Sender's postal address",
    "window.start": "Not before",
    "window.days": "For how many days",
    "window.hours": "Hours",
    "message": "Kind",
    "purpose": "Purpose",
    "topic": "Topic",
    "undo_minutes": "Minutes to take it back",
    "variants": "Texts to compare",
    "holdout": "Held out",
    "piece": "The piece",
    "budget.max_messages": "Most messages",
    "budget.max_cost": "Most money",
}
"""Field of the API -> what the form calls it."""


def request_of_form(form: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """As the API takes it; an empty field is an absent one, a time is one of `zone`. Raises Rejected for a condition
    that is none."""
    said = filled(form)
    channel = said.get("channel", "email")
    brief = _named(said, goal="goal", offer="offer", audience="audience", tone="tone", language="language")
    window: dict[str, Any] = {"hours": [said.get("first_hour", "9"), said.get("last_hour", "18")]}
    if "start" in said:
        window["start"] = local_time(said["start"], zone)
    return {
        **_named(said, name="name", message="message", purpose="purpose", topic="topic", approval="approval"),
        **_named(said, undo_minutes="undo_minutes", variants="variants", holdout="holdout"),
        "channels": [channel],
        "segment": _segment(said, channel),
        "brief": {
            **brief,
            "facts": _lines(said.get("facts", "")),
            "call_to_action": _named(said, text="link_text", url="link"),
        },
        "sender": _named(said, name="sender", address="from_address", postal_address="postal"),
        "window": {**window, **_named(said, days="days")},
        "budget": _named(said, max_messages="max_messages", max_cost="max_cost"),
        **({"piece": _named(said, id="piece", audience="piece_audience")} if "piece" in said else {}),
    }


def as_before(sender: Sender) -> dict[str, str]:
    """Who it is from."""
    return {"sender": sender.name, "from_address": str(sender.address), "postal": sender.postal_address}


def _segment(said: Mapping[str, str], channel: str) -> dict[str, Any]:
    lines, received = _lines(said.get("where", "")), said.get("received")
    if lines and received:
        raise Rejected(FieldError("segment", "conditions and those who got another campaign exclude each other"))
    if channel in OWN_CHANNELS:
        if lines or received:
            raise Rejected(FieldError("segment", "a chat or an account is a place of your own: leave this empty"))
        return {"own": True}
    if received:
        return {"received": received}
    try:
        return {"where": [condition(line) for line in lines]} if lines else {"all": True}
    except ValueError as error:
        raise Rejected(FieldError("segment", str(error))) from None


def _named(said: Mapping[str, str], **names: str) -> dict[str, str]:
    return {ours: said[theirs] for ours, theirs in names.items() if theirs in said}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
