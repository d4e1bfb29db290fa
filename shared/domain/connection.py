"""Where a service of Azure is and who asks it: what bindings call a connection."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Either a connection string, or an endpoint that is asked with an identity of Entra ID.

    `managed` asks for a managed identity and nothing else; `client_id` names the one that was assigned by a user."""

    secret: str | None = field(default=None, repr=False)
    endpoint: str | None = None
    managed: bool = False
    client_id: str | None = None
