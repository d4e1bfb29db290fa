"""What App Service's own sign-in (Easy Auth) says of who called: the header that it adds to each request, after it has
taken away any of that name. Believed only if a setting says that it stands in front (rule S3)."""

from __future__ import annotations

import base64
import json
from typing import Any

from shared.access.problem import unauthorized

HEADER = "x-ms-client-principal"
_LONG = {
    "http://schemas.microsoft.com/identity/claims/tenantid": "tid",
    "http://schemas.microsoft.com/identity/claims/objectidentifier": "oid",
    "http://schemas.microsoft.com/identity/claims/scope": "scp",
}
"""Claims that it hands on under names of an older standard."""


def claims(header: str) -> dict[str, Any]:
    """The claims of the token with which somebody signed in. Raises Refusal (401) if they cannot be read."""
    try:
        said = json.loads(base64.b64decode(header, validate=True))
        role_type = said.get("role_typ") or "roles"
        found: dict[str, Any] = {"roles": []}
        for each in said["claims"]:
            name, value = each["typ"], str(each["val"])
            if name in (role_type, "roles"):
                found["roles"].append(value)
            else:
                found[_LONG.get(name, name)] = value
        return found
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise unauthorized("the sign-in of the platform cannot be read", "X-MS-CLIENT-PRINCIPAL") from None
