"""Rows of what people may ask about their data."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/contacts/{id}/erasure", "privacy:erase", "manager"),
    Route("GET", "/api/v1/erasures", "privacy:erasures", "reader"),
    Route("GET", "/api/v1/erasures/{id}", "privacy:erasure", "reader"),
    Route("GET", "/api/v1/erasures/{id}/certificate", "privacy:certificate", "reader"),
)
bp = blueprint(ROWS)
