"""A route is one row (design 1). Plain data, imported while the app loads: this module imports nothing heavy."""

from __future__ import annotations

from typing import Literal, NamedTuple

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "*"]
"""`*` is every method: only the row of what no other row serves has it."""
Permission = Literal["public", "guest", "reader", "operator", "approver", "manager", "inviter", "owner"]
"""Who may call: anyone at all; who may look at campaigns and at what waits for them, and at nobody's data; who may look
at everything; who may create and steer; who may answer what waits for a person; who may set what the workspace works
with; who may let people in; who may do what concerns the whole agency. `shared.access.roles` says which role is which
of them."""


class Route(NamedTuple):
    """One HTTP function. `path` is whole (`/api/v1/campaigns/{id}`); `handler` is `module:function` below
    `functions.http.handlers`, imported at the first call; `role` is what its caller must be permitted. A GET row
    answers HEAD too (RFC 9110 section 9.3.2)."""

    method: Method
    path: str
    handler: str
    role: Permission

    @property
    def name(self) -> str:
        """The name of the HTTP function: `campaigns:create` becomes `campaigns_create`."""
        return self.handler.replace(":", "_")

    @property
    def is_repeatable(self) -> bool:
        """Whether its answer is kept under an `Idempotency-Key`. Never what lets somebody in: that is shown once."""
        return self.method == "POST" and self.role not in ("public", "owner")
