"""A route is one row (design 1). Plain data, imported while the app loads: this module imports nothing heavy."""

from __future__ import annotations

from typing import Literal, NamedTuple

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Role = Literal["public", "reader", "operator", "approver"]
"""Who may call: anyone at all; who may look; who may create and steer; who may approve. The owner is all of them."""


class Route(NamedTuple):
    """One HTTP function. `path` is whole (`/api/v1/campaigns/{id}`); `handler` is `module:function` below
    `functions.http.handlers`, imported at the first call. A GET row answers HEAD too (RFC 9110 section 9.3.2)."""

    method: Method
    path: str
    handler: str
    role: Role

    @property
    def name(self) -> str:
        """The name of the HTTP function: `campaigns:create` becomes `campaigns_create`."""
        return self.handler.replace(":", "_")
