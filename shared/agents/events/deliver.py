"""Deliveries whose time has come are posted, signed, and what came of it is written down (Standard Webhooks)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby

from shared.agents.events.feed import event_of
from shared.agents.events.subscriptions import HOOKS, disable, secret_of
from shared.agents.records import Records
from shared.domain.event import Event, stamp
from shared.domain.faults import Misconfigured, Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.subscription import MOST_TRIES, Delivery, Try, Webhook, wait_after
from shared.domain.webhook import sign_webhook
from shared.ports import Order, Ports, Post, Posted, Stale

BOOK = Records(Kind.DELIVERY, Delivery)
LEASE = timedelta(minutes=10)
"""So long a delivery is somebody's who was about to post it; should they be killed, it is posted again after that."""
_MOST, _SIDE_BY_SIDE, _MISSES = 500, 8, 3
_WORK = timedelta(minutes=2)
_HOUR = timedelta(hours=1)
_GONE = "it answered 410 Gone: it wants no more events"
_DEAD = "nothing has arrived there for about three days"


def deliver(ports: Ports, scope: Scope) -> None:
    """Post what is due: endpoints side by side, each in order, so that a slow or dead one holds up nobody else."""
    due = [Filter("state", "eq", "waiting"), Filter("next_at", "le", stamp(ports.clock.now()))]
    found = ports.documents.find(scope, Kind.DELIVERY, due, Order("next_at"), _MOST).documents
    waiting = sorted((Delivery.model_validate(each.body) for each in found), key=lambda each: each.webhook)
    groups = [list(group) for _, group in groupby(waiting, key=lambda each: each.webhook)]
    if groups:
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            list(pool.map(lambda group: _in_order(ports, scope, group), groups))


def next_due(ports: Ports, scope: Scope) -> datetime | None:
    """When the next delivery is due; None: none waits."""
    waiting = [Filter("state", "eq", "waiting")]
    found = ports.documents.find(scope, Kind.DELIVERY, waiting, Order("next_at"), 1).documents
    return Delivery.model_validate(found[0].body).next_at if found else None


def deliver_now(ports: Ports, scope: Scope, id: str) -> Delivery:
    """Post one if it is due; returns how it stands then. Raises Missing."""
    _one(ports, scope, id)
    return BOOK.load(ports, scope, id)


def _in_order(ports: Ports, scope: Scope, group: Sequence[Delivery]) -> None:
    until, misses = ports.clock.now() + _WORK, 0
    for each in sorted(group, key=lambda each: (each.at, each.id)):
        misses = 0 if _one(ports, scope, each.id) else misses + 1
        if misses == _MISSES or ports.clock.now() > until:
            return  # the next sweep goes on


def _one(ports: Ports, scope: Scope, id: str) -> bool:
    """Whether it did not miss: it arrived, or there was nothing to do."""
    claimed = _claim(ports, scope, id)
    if claimed is None or ports.endpoints is None:
        return True
    try:
        hook = HOOKS.load(ports, scope, claimed.webhook)
    except Missing:
        ports.documents.delete(scope, Kind.DELIVERY, id)
        return True
    posted = _posted(ports, scope, hook, claimed)
    return _settle(ports, scope, hook, claimed.id, posted)


def _claim(ports: Ports, scope: Scope, id: str) -> Delivery | None:
    """It, if it is due and nobody else is at it."""
    document, now = ports.documents.get(scope, Kind.DELIVERY, id), ports.clock.now()
    if document is None:
        return None
    found = Delivery.model_validate(document.body)
    if found.state != "waiting" or found.next_at > now:
        return None
    found.next_at, found.begun_at = now + LEASE, found.begun_at or now
    try:
        ports.documents.put(scope, Kind.DELIVERY, id, found.model_dump(mode="json"), document.rev)
    except Stale:
        return None
    return found


def _posted(ports: Ports, scope: Scope, hook: Webhook, delivery: Delivery) -> Posted:
    document = ports.documents.get(scope, Kind.EVENT, delivery.event)
    if document is None or ports.endpoints is None:
        return Posted(None, "the event is no longer kept")
    if not hook.enabled:
        return Posted(None, "the webhook is turned off")
    try:
        return ports.endpoints.post(_post(ports, scope, hook, event_of(document)))
    except Misconfigured as wrong:
        return Posted(None, str(wrong))


def _post(ports: Ports, scope: Scope, hook: Webhook, event: Event) -> Post:
    """Signed by the secret and, for a day after a rotation, by the one before as well."""
    body, now = json.dumps(event.payload(scope), separators=(",", ":")).encode(), ports.clock.now()
    secrets = [secret_of(ports, scope, hook.id, ref) for ref in hook.signing(now)]
    signed = [sign_webhook(secret, event.id, now, body) for secret in secrets]
    signatures = " ".join(each["webhook-signature"] for each in signed)
    return Post(hook.url, {"Content-Type": "application/json", **signed[0], "webhook-signature": signatures}, body)


def _settle(ports: Ports, scope: Scope, hook: Webhook, id: str, posted: Posted) -> bool:
    """Write down what came of it. A redirect is a failure, 410 the last word, all else tried again for days."""
    now, arrived = ports.clock.now(), posted.status is not None and 200 <= posted.status < 300

    def mutate(delivery: Delivery) -> None:
        delivery.tries += 1
        delivery.log = [*delivery.log, Try(at=now, status=posted.status, why=posted.why[:300])][-MOST_TRIES:]
        wait = wait_after(delivery.id, delivery.tries, posted.retry_after)
        if arrived:
            delivery.state = "delivered"
        elif wait is None or posted.status == 410 or not hook.enabled:
            delivery.state = "failed"
        else:
            delivery.next_at = now + wait

    settled = BOOK.change(ports, scope, id, mutate)
    if arrived:
        _arrived(ports, scope, hook)
    elif posted.status == 410:
        disable(ports, scope, hook.id, _GONE)
    elif settled.state == "failed" and hook.enabled and _is_dead(ports, scope, settled):
        disable(ports, scope, hook.id, _DEAD)
    return arrived


def _arrived(ports: Ports, scope: Scope, hook: Webhook) -> None:
    now = ports.clock.now()
    if hook.delivered_at is None or now - hook.delivered_at > _HOUR:
        HOOKS.change(ports, scope, hook.id, lambda found: setattr(found, "delivered_at", now))


def _is_dead(ports: Ports, scope: Scope, failed: Delivery) -> bool:
    """Nothing at all arrived between the first and the last try of this one."""
    last = HOOKS.load(ports, scope, failed.webhook).delivered_at
    return last is None or (failed.begun_at is not None and last < failed.begun_at)
