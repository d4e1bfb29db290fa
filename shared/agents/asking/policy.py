"""A workspace's policy of models: read it, change it."""

from __future__ import annotations

from pydantic import ValidationError

from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.routing import MODEL_POLICY, ModelPolicy
from shared.domain.scope import Scope
from shared.ports import Ports

STREAM = "policy"
"""The journal's stream of a workspace that says who changed its policies when."""


def read_policy(ports: Ports, scope: Scope) -> ModelPolicy:
    """The policy; the defaults where none was ever written. Raises Conflict if what is on file cannot be read."""
    found = ports.documents.get(scope, Kind.POLICY, MODEL_POLICY)
    try:
        return ModelPolicy.model_validate(found.body) if found else ModelPolicy()
    except ValidationError:
        reason = "what is on file cannot be read, so no model is asked; put another in its place"
        raise Conflict("policy", reason) from None


def write_policy(ports: Ports, scope: Scope, by: str, policy: ModelPolicy) -> ModelPolicy:
    """Put this one in the place of the old; from the next call on it holds."""
    body = policy.model_dump(mode="json")
    ports.documents.put(scope, Kind.POLICY, MODEL_POLICY, body, "*")
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "models-policy", body)
    return policy
