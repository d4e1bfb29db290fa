"""Webhooks as their owner handles them."""

from __future__ import annotations

from collections.abc import Callable

import uuid_utils

from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Misconfigured, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.subscription import OVERLAP, SecretRef, Webhook, WebhookRequest
from shared.domain.webhook import webhook_secret
from shared.ports import Ports

MOST = 50
"""Webhooks of one workspace."""
STREAM = "webhooks"
HOOKS = Records(Kind.WEBHOOK, Webhook)


def create(ports: Ports, scope: Scope, by: str, request: WebhookRequest) -> Webhook:
    """Take it in. Raises Rejected for a URL that nothing is ever sent to, Conflict when there are enough."""
    _check(ports, request)
    if len(every(ports, scope)) >= MOST:
        raise Conflict("webhooks", f"there are {MOST} already; delete one first")
    now, id = ports.clock.now(), f"wh_{uuid_utils.uuid7().hex}"
    secrets = [SecretRef(key=_newest(ports), number=1)]
    hook = Webhook(**request.model_dump(), id=id, created_at=now, created_by=by, secrets=secrets)
    register(ports, scope)
    ports.documents.put(scope, Kind.WEBHOOK, id, hook.model_dump(mode="json"))
    _note(ports, scope, id, by, "created")
    return hook


def every(ports: Ports, scope: Scope) -> list[Webhook]:
    """All of them, oldest first."""
    return [
        Webhook.model_validate(each.body) for each in ports.documents.find(scope, Kind.WEBHOOK, limit=MOST).documents
    ]


def turned_off(ports: Ports, scope: Scope) -> list[Webhook]:
    """Those that Baton turned off and about which nobody has said anything since, oldest first."""
    return sorted((each for each in every(ports, scope) if each.disabled_at), key=lambda each: str(each.disabled_at))


def change(ports: Ports, scope: Scope, id: str, by: str, request: WebhookRequest) -> Webhook:
    """As it is to be from now on, on or off as a person wants it: no longer turned off by Baton. Raises as create does,
    and Missing."""
    _check(ports, request)

    def mutate(hook: Webhook) -> None:
        for name in WebhookRequest.model_fields:
            setattr(hook, name, getattr(request, name))
        hook.disabled_because = hook.disabled_at = None

    return _noted(ports, scope, id, by, "changed", mutate)


def rotate(ports: Ports, scope: Scope, id: str, by: str) -> Webhook:
    """A new secret; for a day the one before signs, too, each with a signature of its own. Raises Missing."""
    now = ports.clock.now()

    def mutate(hook: Webhook) -> None:
        last = hook.secrets[0]
        old = last.model_copy(update={"until": now + OVERLAP})
        hook.secrets = [SecretRef(key=_newest(ports), number=last.number + 1), old]

    return _noted(ports, scope, id, by, "rotated", mutate)


def delete(ports: Ports, scope: Scope, id: str, by: str) -> Webhook:
    """Nothing goes there any more; returns what it was. Raises Missing."""
    hook = HOOKS.load(ports, scope, id)
    ports.documents.delete(scope, Kind.WEBHOOK, id)
    _note(ports, scope, id, by, "deleted")
    return hook


def disable(ports: Ports, scope: Scope, id: str, why: str) -> None:
    """Baton itself turns it off; that is an event, too (`webhook.disabled`)."""
    now = ports.clock.now()

    def mutate(hook: Webhook) -> None:
        if hook.enabled:
            hook.enabled, hook.disabled_because, hook.disabled_at = False, why, now

    try:
        _noted(ports, scope, id, "baton", "disabled", mutate)
    except Missing:
        return


def secret_of(ports: Ports, scope: Scope, id: str, ref: SecretRef) -> str:
    """Made again from the key of this home that it was made from. Raises Misconfigured if the key is gone."""
    key = ports.keys.link.get(ref.key)
    if key is None:
        raise Misconfigured("keys.link", f"the key {ref.key} that the secret of {id} was made from is gone: rotate it")
    return webhook_secret(key, f"out|{scope}|{id}|{ref.number}")


def _check(ports: Ports, request: WebhookRequest) -> None:
    if ports.endpoints and (why := ports.endpoints.refusal(request.url)):
        raise Rejected(FieldError("url", why))


def _newest(ports: Ports) -> str:
    return list(ports.keys.link)[-1]


def _noted(ports: Ports, scope: Scope, id: str, by: str, what: str, mutate: Callable[[Webhook], None]) -> Webhook:
    hook = HOOKS.change(ports, scope, id, mutate)
    _note(ports, scope, id, by, what)
    return hook


def _note(ports: Ports, scope: Scope, id: str, by: str, what: str) -> None:
    ports.journal.append(scope, STREAM, ports.clock.now(), by, what, {"webhook": id})
