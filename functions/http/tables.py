"""Rows of tables for other programs."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/tables", "tables:listing", "reader"),
    Route("GET", "/api/v1/tables/{table}", "tables:export", "manager"),
    Route("GET", "/api/v1/tables/{table}/{file}", "tables:part", "manager"),
)
bp = blueprint(ROWS)
