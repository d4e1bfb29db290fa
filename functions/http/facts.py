"""Rows of facts that people vouch for, and of what they answer to a sentence that nobody has said."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/facts", "facts:listing", "reader"),
    Route("POST", "/api/v1/facts", "facts:confirm", "manager"),
    Route("DELETE", "/api/v1/facts/{id}", "facts:withdraw", "manager"),
    Route("POST", "/api/v1/campaigns/{id}/claims", "facts:answer", "approver"),
    Route("POST", "/campaigns/{id}/claims", "facts:form", "approver"),
)
bp = blueprint(ROWS)
