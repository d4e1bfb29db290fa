"""Where messages come back to: what a person decides for a workspace."""

from __future__ import annotations

from shared.domain.names import Kind
from shared.domain.return_settings import ReturnSettings
from shared.domain.scope import Scope
from shared.ports import Ports

_ID = "settings"


def return_settings(ports: Ports, scope: Scope) -> ReturnSettings:
    """As they are now; as if nothing was decided, until somebody does."""
    document = ports.documents.get(scope, Kind.RETURN_SETTINGS, _ID)
    return ReturnSettings.model_validate(document.body) if document else ReturnSettings()


def decide_return_settings(ports: Ports, scope: Scope, by: str, wanted: ReturnSettings) -> ReturnSettings:
    """They hold from the next shard on."""
    ports.documents.put(scope, Kind.RETURN_SETTINGS, _ID, wanted.model_dump(mode="json"), "*")
    ports.journal.append(scope, "workspace", ports.clock.now(), by, "returns_decided", wanted.model_dump(mode="json"))
    return wanted
