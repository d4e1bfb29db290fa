"""Rows of the keys with which this home encrypts and signs."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/keyrings", "keyrings:listing", "owner"),
    Route("POST", "/api/v1/keyrings/{ring}/keys", "keyrings:rotate", "owner"),
    Route("DELETE", "/api/v1/keyrings/{ring}/keys/{key}", "keyrings:remove", "owner"),
)
bp = blueprint(ROWS)
