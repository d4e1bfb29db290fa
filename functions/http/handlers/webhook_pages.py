"""Webhooks as people see them: where events go, what became of each, send it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from functions.http.handlers.subscriptions import DeliveriesQuery, with_secret
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents.events import again, subscriptions
from shared.domain.event import EventType
from shared.domain.faults import FieldError, Rejected
from shared.domain.subscription import Webhook, WebhookRequest

_TYPES = get_args(EventType)


def page(call: Call) -> Answer[str]:
    """Every webhook of the workspace, and a form for another."""
    hooks = subscriptions.every(call.ports, call.scope)
    return html(call, "webhooks", here="webhooks", hooks=hooks, types=_TYPES)


def one(call: Call, query: DeliveriesQuery) -> Answer[str]:
    """One webhook and its deliveries."""
    return _shown(call, call.path["id"], query)


def create(call: Call) -> Answer[str]:
    """The form as it was filled in; the page that follows shows the secret, once."""
    given = {
        "url": call.form.get("url", ""),
        "events": [each for each in _TYPES if each in call.form],
        "description": call.form.get("description", "").strip() or None,
    }
    try:
        request = WebhookRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = subscriptions.create(call.ports, call.scope, call.principal, request)
    return _shown(call, made.id, secret=with_secret(call, made).secret)


def turn(call: Call) -> Answer[str]:
    """On or off."""
    hook = subscriptions.HOOKS.load(call.ports, call.scope, call.path["id"])
    given = {name: getattr(hook, name) for name in WebhookRequest.model_fields}
    request = WebhookRequest.model_validate({**given, "enabled": call.form.get("to") == "on"})
    subscriptions.change(call.ports, call.scope, hook.id, call.principal, request)
    return see(f"/webhooks/{hook.id}")


def rotate(call: Call) -> Answer[str]:
    """A new secret, shown once."""
    hook = subscriptions.rotate(call.ports, call.scope, call.path["id"], call.principal)
    return _shown(call, hook.id, secret=with_secret(call, hook).secret)


def delete(call: Call) -> Answer[str]:
    """Nothing goes there any more."""
    subscriptions.delete(call.ports, call.scope, call.path["id"], call.principal)
    return see("/webhooks")


def replay(call: Call) -> Answer[str]:
    """Send one event again, or all of the last so many days."""
    id, form = call.path["id"], call.form
    if event := form.get("event"):
        again.again(call.ports, call.scope, id, event, call.principal)
    else:
        since = call.ports.clock.now() - timedelta(days=_days(form.get("days", "")))
        again.again_since(call.ports, call.scope, id, since, call.principal)
    return see(f"/webhooks/{id}")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= 30):
        raise Rejected(FieldError("days", "must be 1 to 30"))
    return int(text)


def _shown(call: Call, id: str, query: DeliveriesQuery | None = None, secret: str | None = None) -> Answer[str]:
    query = query or DeliveriesQuery()
    hook: Webhook = subscriptions.HOOKS.load(call.ports, call.scope, id)
    found, cursor = again.deliveries(call.ports, call.scope, id, query.state, query.limit, query.cursor)
    answer = html(
        call, "webhook", here="webhooks", hook=hook, deliveries=found, cursor=cursor, state=query.state, secret=secret
    )
    return replace(answer, shown_once=secret is not None)
