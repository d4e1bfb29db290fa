"""As whom services of Azure are asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from shared.domain.connection import Connection


def credential(connection: Connection) -> Any:
    """The `TokenCredential` of a connection without a secret; one for each identity, so that tokens are kept."""
    return _credential(connection.managed, connection.client_id)


@cache
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
