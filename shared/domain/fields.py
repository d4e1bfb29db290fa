"""Which fields of a kind may be filtered by and ordered by: what every adapter of Documents can answer (design 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from shared.domain.segment import OPS, Filter

BODY_SCHEMA = 1
"""The schema number that documents are written with."""

FIELDS: Mapping[str, frozenset[str]] = {
    "approval": frozenset({"at", "decision", "subject"}),
    "asked": frozenset({"campaign", "open"}),
    "breach": frozenset({"noticed_at", "status"}),
    "calendar-entry": frozenset({"end", "start"}),
    "campaign": frozenset({"created_at", "name", "status"}),
    "card": frozenset({"created_at"}),
    "contact": frozenset(
        {
            "city",
            "company",
            "consent.email.status",
            "consent.sms.status",
            "consent.webhook.status",
            "country",
            "created_at",
            "email",
            "first_name",
            "last_name",
            "phone",
            "role",
            "tags",
            "timezone",
        }
    ),
    "command": frozenset({"at"}),
    "conversion": frozenset({"basis", "campaign", "occurred_at", "person"}),
    "contract": frozenset({"answered", "asking", "changed_at", "deal", "pending", "status"}),
    "contract-template": frozenset({"template", "version"}),
    "deal": frozenset({"changed_at", "contact", "lead", "stage"}),
    "delivery": frozenset({"at", "event", "next_at", "state", "webhook"}),
    "document": frozenset({"created_at"}),
    "draft": frozenset({"campaign", "version"}),
    "event": frozenset({"at", "state", "type"}),
    "erasure": frozenset({"started_at", "status"}),
    "export": frozenset({"created_at", "person"}),
    "engagement": frozenset({"campaign", "key", "person", "what"}),
    "fact": frozenset({"at"}),
    "feedback": frozenset({"at", "what"}),
    "handed": frozenset({"at"}),
    "idempotency": frozenset({"expires_at"}),
    "import": frozenset({"status"}),
    "inbound": frozenset({"at", "confirmation", "deal", "open", "person", "state"}),
    "invoice": frozenset({"created_at", "deal", "next_at", "number", "plan", "replaces", "status", "waits"}),
    "invoice-plan": frozenset({"created_at", "deal", "next_at", "status"}),
    "journey": frozenset({"created_at", "status"}),
    "journey-event": frozenset({"contact", "event", "last_at"}),
    "knowledge": frozenset({"created_at", "status"}),
    "lead": frozenset(
        {"changed_at", "city", "country", "created_at", "industry", "lists", "name", "score.value", "stage", "tell_by"}
    ),
    "member": frozenset({"link_ends_at", "open"}),
    "lead-list": frozenset({"created_at", "ended_at", "status"}),
    "needs": frozenset({"waits"}),
    "opt-in": frozenset({"asking", "state"}),
    "offer": frozenset({"name"}),
    "proposal": frozenset({"asking", "changed_at", "deal", "pending", "status"}),
    "proposal-message": frozenset({"at", "kind", "leaving", "proposal", "waits"}),
    "payment": frozenset({"at", "invoice", "state"}),
    "piece": frozenset({"created_at", "status"}),
    "position": frozenset({"contact", "journey", "lane", "next_at", "stands"}),
    "received": frozenset({"at"}),
    "review": frozenset({"person", "status"}),
    "return": frozenset({"at", "domain", "left_at", "person", "trouble"}),
    "run": frozenset({"created_at", "due_at", "ended_at", "key", "late", "parent.run", "process", "status"}),
    "run-step": frozenset({"status", "type"}),
    "share": frozenset({"campaign"}),
    "suppression": frozenset({"person"}),
    "tape": frozenset({"agent", "at", "campaign", "unrecorded"}),
    "task": frozenset({"agent", "created_at", "status", "waits_for"}),
    "watch": frozenset({"status"}),
}
"""Declared fields by kind, besides `id`; a contact also has `attributes.<name>`. Kinds that are not here have `id`."""

_KIND = re.compile(r"[a-z][a-z0-9-]*")
_ATTRIBUTE = re.compile(r"attributes\.\w[\w -]*")


def check_query(kind: str, filters: Iterable[Filter], order: str | None) -> None:
    """Raises ValueError, naming what is wrong, unless every adapter can answer this query."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"kind {kind!r} must be lower-case letters, digits and hyphens")
    for each in filters:
        _check_field(kind, each.field)
        if each.op not in OPS:
            raise ValueError(f"{each.field}: there is no condition {each.op!r}; there are {', '.join(OPS)}")
        if each.op == "in" and not isinstance(each.value, list | tuple | set | frozenset):
            raise ValueError(f"{each.field}: 'in' needs a list of values")
    if order is not None:
        _check_field(kind, order)


def _check_field(kind: str, field: str) -> None:
    declared = FIELDS.get(kind, frozenset())
    if field == "id" or field in declared or (kind == "contact" and _ATTRIBUTE.fullmatch(field)):
        return
    raise ValueError(f"{kind} has no field {field!r} to look by; it has {', '.join(['id', *sorted(declared)])}")
