"""As whom services of Azure are asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from shared.domain.connection import Connection

_MADE: dict[tuple[bool, str | None], Any] = {}
_MAKING = Lock()


def credential(connection: Connection) -> Any:
    """The `TokenCredential` of a connection without a secret; one for each identity, so that tokens are kept."""
    identity = connection.managed, connection.client_id
    with _MAKING:
        if identity not in _MADE:
            _MADE[identity] = _credential(*identity)
        return _MADE[identity]


def close() -> None:
    """Let go of the connections that tokens come over; whoever asks next makes them again."""
    with _MAKING:
        while _MADE:
            _MADE.popitem()[1].close()


def _credential(managed: bool, client_id: str | None) -> Any:
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    if managed:
        return ManagedIdentityCredential(client_id=client_id)
    return DefaultAzureCredential(managed_identity_client_id=client_id)


def token(connection: Connection, scope: str) -> Callable[[], str]:
    """What fetches a token for `scope`, at the first call and when the last one runs out."""

    @cache
    def provider() -> Callable[[], str]:
        from azure.identity import get_bearer_token_provider

        made: Callable[[], str] = get_bearer_token_provider(credential(connection), scope)
        return made

    return lambda: provider()()
