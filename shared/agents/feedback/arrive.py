"""Events that a webhook brought: each is taken once, whichever order and however often they come (rule B5)."""

from __future__ import annotations

from collections.abc import Sequence

from shared.agents.feedback.apply import take
from shared.agents.feedback.events import Text
from shared.agents.feedback.news import News
from shared.agents.feedback.once import note_taken, was_taken
from shared.agents.feedback.texts import take_text
from shared.agents.scopes import registered
from shared.domain.returns import names_in
from shared.domain.scope import Scope
from shared.domain.webhook_news import WebhookNews
from shared.ports import Ports

Event = News | Text


def event_of(said: WebhookNews) -> Event:
    """What Baton's own words mean."""
    if said.type == "texted":
        return Text(said.data.phone or "", said.data.text or "")
    return News(said.type, tuple(names_in(said.data.message_id or "")), status=said.data.status)


def arrive(ports: Ports, scope: Scope, source: str, id: str, events: Sequence[Event]) -> int:
    """How many of the events of one delivery were about something of this workspace. `id` is what its sender repeats;
    a delivery that was taken whole is not looked at again."""
    if was_taken(ports, scope, source, id):
        return 0
    taken = sum(_one(ports, scope, event) for event in events)
    note_taken(ports, scope, source, id)
    return taken


def _one(ports: Ports, scope: Scope, event: Event) -> bool:
    if isinstance(event, Text):
        # A no by telephone holds for the whole agency, so everybody who has the number is looked for.
        return take_text(ports, [scope, *registered(ports, scope.tenant)], event.phone, event.text)
    return take(ports, [scope], event)
