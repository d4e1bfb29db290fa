"""Rows of the host itself and of signing in."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/health", "platform:health", "public"),
    Route("GET", "/api/v1/ready", "platform:ready", "reader"),
    Route("GET", "/api/v1/openapi.json", "platform:page", "guest"),
    Route("POST", "/api/v1/sign-in-links", "session:new_link", "owner"),
    Route("GET", "/signin", "session:sign_in", "public"),
)
bp = blueprint(ROWS)
