"""Rows of leads: companies that may become clients."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/leads", "leads:listing", "reader"),
    Route("POST", "/api/v1/leads", "leads:create", "operator"),
    Route("GET", "/api/v1/leads/{id}", "leads:show", "reader"),
    Route("POST", "/api/v1/leads/{id}/decision", "leads:decide", "operator"),
)
bp = blueprint(ROWS)
