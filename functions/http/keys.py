"""Rows of the keys with which other systems call."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/keys", "keys:listing", "owner"),
    Route("POST", "/api/v1/keys", "keys:create", "owner"),
    Route("DELETE", "/api/v1/keys/{id}", "keys:revoke", "owner"),
)
bp = blueprint(ROWS)
