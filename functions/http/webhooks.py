"""Rows of signed webhooks, and of where they lead to."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/webhooks/feedback/{token}", "webhooks:feedback_", "public"),
    Route("POST", "/api/v1/webhooks/events/{token}", "webhooks:events", "public"),
    Route("POST", "/api/v1/webhooks/texts/{token}", "webhooks:texts", "public"),
    Route("GET", "/api/v1/feedback", "webhooks:addresses", "approver"),
    Route("PUT", "/api/v1/feedback", "webhooks:decide", "approver"),
)
bp = blueprint(ROWS)
