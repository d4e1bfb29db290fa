"""Rows of the secrets that processes use by name."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/secrets", "secrets:listing", "manager"),
    Route("PUT", "/api/v1/secrets/{name}", "secrets:put", "owner"),
    Route("DELETE", "/api/v1/secrets/{name}", "secrets:remove", "owner"),
)
bp = blueprint(ROWS)
