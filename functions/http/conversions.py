"""Rows of orders that followed campaigns."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/conversions", "conversions:record", "operator"),
    Route("GET", "/api/v1/conversions", "conversions:listing", "reader"),
    Route("POST", "/api/v1/conversions/imports", "conversions:bring_in", "operator"),
    Route("GET", "/api/v1/conversions/summary", "conversions:summary", "reader"),
    Route("GET", "/orders", "conversions:page", "reader"),
    Route("POST", "/orders", "conversions:bring_in_form", "operator"),
)
bp = blueprint(ROWS)
