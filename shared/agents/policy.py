"""A workspace's policy: read it, change it; and the switches that stop a sender's domain (rule C12)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import ValidationError

from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.policy import POLICY, Policy
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.sender_domain import checked_id, may_send, read_checked
from shared.ports import Document, Ports

STREAM = "policy"
"""The journal's stream of a workspace that says who changed its policy when."""


class Standing(NamedTuple):
    """What holds for a workspace and one sender's domain now. `policy` None: it is there, but cannot be read."""

    policy: Policy | None
    rev: str
    breaker: Literal["closed", "open"]
    sender: Literal["ready", "unready"]


def read(ports: Ports, scope: Scope) -> Policy:
    """The policy; the defaults where none was ever written. Raises Conflict if what is on file cannot be read."""
    found = _policy(ports.documents.get(scope, Kind.POLICY, POLICY))
    if found is None:
        raise Conflict("policy", "what is on file cannot be read, so nothing leaves; put another in its place")
    return found


def country(ports: Ports, scope: Scope) -> str | None:
    """Where people live who say nothing else; None also if what is on file cannot be read."""
    found = _policy(ports.documents.get(scope, Kind.POLICY, POLICY))
    return found.country if found else None


def write(ports: Ports, scope: Scope, by: str, policy: Policy) -> Policy:
    """Put this one in the place of the old; from the next window on it holds."""
    ports.documents.put(scope, Kind.POLICY, POLICY, policy.model_dump(mode="json"), "*")
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "policy", policy.model_dump(mode="json"))
    return policy


def standing(ports: Ports, scope: Scope, domain: str) -> Standing:
    """Policy, breaker and the check of the domain's DNS in one read."""
    ids = [POLICY, breaker_id(domain), checked_id(domain)]
    page = ports.documents.find(scope, Kind.POLICY, [Filter("id", "in", ids)], limit=len(ids))
    found = {document.id: document for document in page.documents}
    written = found.get(POLICY)
    rev, sender = written.rev if written else "", _sender(ports, found.get(ids[2]))
    return Standing(_policy(written), rev, _breaker(found.get(ids[1])), sender)


def breaker_id(domain: str) -> str:
    """The id of the switch that stops a domain: a document `{open, why}` of the kind of policies."""
    return f"breaker:{domain.lower()}"


def _policy(document: Document | None) -> Policy | None:
    try:
        return Policy.model_validate(document.body) if document else Policy()
    except ValidationError:
        return None


def _sender(ports: Ports, document: Document | None) -> Literal["ready", "unready"]:
    """What leaves for the world needs a check that passed (rule C7)."""
    through = [relay.host for relay in ports.relays]
    checked = read_checked(document.body if document else None)
    return "ready" if not through or may_send(checked, through, ports.clock.now()) else "unready"


def _breaker(document: Document | None) -> Literal["closed", "open"]:
    """Closed only if nobody ever opened it or it says so."""
    return "closed" if document is None or document.body.get("open") is False else "open"
