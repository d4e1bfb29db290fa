"""Where a service of Azure is and who asks it: what bindings call a connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Connection:
    """Either a connection string, or an endpoint that is asked with an identity of Entra ID.

    `managed` asks for a managed identity and nothing else; `client_id` names the one that was assigned by a user."""

    secret: str | None = field(default=None, repr=False)
    endpoint: str | None = None
    managed: bool = False
    client_id: str | None = None

    @property
    def host(self) -> str:
        """Where it leads, without anything that is secret; of a storage account without endpoints, its name."""
        if self.endpoint:
            return urlsplit(self.endpoint).hostname or self.endpoint
        parts = dict(each.split("=", 1) for each in (self.secret or "").split(";") if "=" in each)
        where = next((text for name, text in parts.items() if name.lower().endswith("endpoint")), "")
        return urlsplit(where).hostname or parts.get("AccountName", "")
