"""Rows of deals."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/deals", "deals:create", "operator"),
    Route("GET", "/api/v1/deals", "deals:listing", "reader"),
    Route("GET", "/api/v1/deals/{id}", "deals:show", "reader"),
    Route("PATCH", "/api/v1/deals/{id}", "deals:change", "operator"),
    Route("POST", "/api/v1/deals/{id}/moves", "deals:move", "operator"),
    Route("POST", "/api/v1/deals/{id}/notes", "deals:write_down", "operator"),
)
bp = blueprint(ROWS)
