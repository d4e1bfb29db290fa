"""Webhooks that others asked for, over HTTP."""

from __future__ import annotations

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.events import again, subscriptions
from shared.domain.subscription import (
    CreatedWebhook,
    Delivery,
    DeliveryState,
    Replayed,
    ReplayRequest,
    Webhook,
    WebhookRequest,
)


class DeliveriesQuery(Paging):
    """Deliveries, all or in one state."""

    state: DeliveryState | None = None


def listing(call: Call) -> Answer[Listing[Webhook]]:
    """All webhooks of the workspace, oldest first."""
    return Answer(Listing(items=subscriptions.every(call.ports, call.scope)))


def create(call: Call, body: WebhookRequest) -> Answer[CreatedWebhook]:
    """A webhook; its secret is in this answer and in no other."""
    made = subscriptions.create(call.ports, call.scope, call.principal, body)
    return _once(call, made, 201)


def show(call: Call) -> Answer[Webhook]:
    """One webhook."""
    return Answer(subscriptions.HOOKS.load(call.ports, call.scope, call.path["id"]))


def change(call: Call, body: WebhookRequest) -> Answer[Webhook]:
    """Its URL, its events, on or off; whatever is left out is as for a new one."""
    return Answer(subscriptions.change(call.ports, call.scope, call.path["id"], call.principal, body))


def delete(call: Call) -> Answer[Webhook]:
    """Nothing goes there any more; answers what it was."""
    return Answer(subscriptions.delete(call.ports, call.scope, call.path["id"], call.principal))


def rotate(call: Call) -> Answer[CreatedWebhook]:
    """A new secret, shown in this answer; the one before signs beside it for a day."""
    return _once(call, subscriptions.rotate(call.ports, call.scope, call.path["id"], call.principal), 200)


def deliveries(call: Call, query: DeliveriesQuery) -> Answer[Listing[Delivery]]:
    """What became of each event of the last thirty days, newest first."""
    found = again.deliveries(call.ports, call.scope, call.path["id"], query.state, query.limit, query.cursor)
    return Answer(Listing(items=found[0], cursor=found[1]))


def replay(call: Call) -> Answer[Delivery]:
    """Send one event again, now."""
    return Answer(again.again(call.ports, call.scope, call.path["id"], call.path["event"], call.principal))


def replay_since(call: Call, body: ReplayRequest) -> Answer[Replayed]:
    """Send everything since a time again; it begins within five minutes (202)."""
    sent = again.again_since(call.ports, call.scope, call.path["id"], body.since, call.principal)
    return Answer(Replayed(deliveries=sent), status=202)


def with_secret(call: Call, hook: Webhook) -> CreatedWebhook:
    """With the newest secret, for whoever made it."""
    secret = subscriptions.secret_of(call.ports, call.scope, hook.id, hook.secrets[0])
    return CreatedWebhook(**hook.model_dump(), secret=secret)


def _once(call: Call, hook: Webhook, status: int) -> Answer[CreatedWebhook]:
    at = {"Location": f"/api/v1/webhooks/{hook.id}"}
    return Answer(with_secret(call, hook), status=status, headers=at, shown_once=True)
