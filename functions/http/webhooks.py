"""Rows of signed webhooks, of where they lead to, and of what came in."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/webhooks/feedback/{token}", "webhooks:feedback_", "public"),
    Route("POST", "/api/v1/webhooks/events/{token}", "webhooks:events", "public"),
    Route("POST", "/api/v1/webhooks/texts/{token}", "webhooks:texts", "public"),
    Route("POST", "/api/v1/webhooks/task/status", "reports:task_status", "public"),
    Route("POST", "/api/v1/webhooks/workflow/completed", "reports:workflow_completed", "public"),
    Route("GET", "/api/v1/feedback", "feedback:listing", "reader"),
    Route("GET", "/api/v1/feedback/settings", "webhooks:addresses", "manager"),
    Route("PUT", "/api/v1/feedback/settings", "webhooks:decide", "manager"),
    Route("GET", "/feedback", "feedback:page", "reader"),
)
bp = blueprint(ROWS)
