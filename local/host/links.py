"""The links of the durable management API, and the client binding from which the SDK makes its own."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import quote, urlencode

PUBLIC_BASE = "/runtime/webhooks/durabletask"
INTERNAL_BASE = "/runtime/durabletask"
_ID = "INSTANCEID"  # the SDK replaces it in every link; it may occur nowhere else in them
_OPERATIONS = {
    "statusQueryGetUri": "",
    "sendEventPostUri": "/raiseEvent/{eventName}",
    "terminatePostUri": "/terminate?reason={text}",
    "rewindPostUri": "/rewind?reason={text}",
    "purgeHistoryDeleteUri": "",
    "restartPostUri": "/restart",
    "suspendPostUri": "/suspend?reason={text}",
    "resumePostUri": "/resume?reason={text}",
}


class Links(NamedTuple):
    """Callers use the public base with the key in the query. The SDK's client uses the internal base with the key in
    the path, because the client appends queries of its own to the base that it is given.
    """

    origin: str
    hub: str
    key: str

    @property
    def internal_path(self) -> str:
        """The path under which the SDK's client is served, without a slash at the end."""
        return f"{INTERNAL_BASE}/{self.key}"

    def of_instance(self, instance_id: str, origin: str | None = None) -> dict[str, str]:
        """The links to an instance, as in the answer to a start."""
        base = f"{origin or self.origin}{PUBLIC_BASE}/instances/{quote(instance_id, safe='')}"
        return {"id": instance_id} | {name: self._signed(base + path) for name, path in _OPERATIONS.items()}

    def client_binding(self) -> str:
        """The JSON text that the SDK's durable client is built from."""
        start = f"{self.origin}{PUBLIC_BASE}/orchestrators/{{functionName}}[/{{instanceId}}]"
        waiting = "?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}"
        return json.dumps(
            {
                "taskHubName": self.hub,
                "creationUrls": {
                    "createNewInstancePostUri": self._signed(start),
                    "createAndWaitOnNewInstancePostUri": self._signed(start + waiting),
                },
                "managementUrls": self.of_instance(_ID),
                "baseUrl": self.origin + PUBLIC_BASE,
                "requiredQueryStringParameters": self._query,
                "rpcBaseUrl": f"{self.origin}{self.internal_path}/",
            }
        )

    @property
    def _query(self) -> str:
        return urlencode({"taskHub": self.hub, "connection": "Storage", "code": self.key})

    def _signed(self, url: str) -> str:
        return f"{url}{'&' if '?' in url else '?'}{self._query}"
