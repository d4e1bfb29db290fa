"""Rows of campaigns, of what awaits approval and of explanations."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/campaigns", "campaigns:create", "operator"),
    Route("GET", "/api/v1/campaigns", "campaigns:listing", "guest"),
    Route("POST", "/api/v1/audiences/preview", "audiences:look", "reader"),
    Route("GET", "/api/v1/campaigns/{id}", "campaigns:show", "guest"),
    Route("GET", "/api/v1/campaigns/{id}/timeline", "campaigns:timeline", "guest"),
    Route("GET", "/api/v1/campaigns/{id}/drafts", "campaigns:drafts", "guest"),
    Route("GET", "/api/v1/campaigns/{id}/drafts/{variant}", "campaign_parts:show", "guest"),
    Route("PATCH", "/api/v1/campaigns/{id}/drafts/{variant}", "campaign_parts:patch", "operator"),
    Route("GET", "/api/v1/campaigns/{id}/drafts/{variant}/changes", "campaign_parts:differences", "guest"),
    Route("GET", "/api/v1/campaigns/{id}/approvals", "campaigns:question", "guest"),
    Route("GET", "/api/v1/campaigns/{id}/forecast", "campaigns:forecast", "guest"),
    Route("POST", "/api/v1/campaigns/{id}/approvals", "campaigns:decide", "approver"),
    Route("POST", "/api/v1/campaigns/{id}/asked", "asked:ask", "manager"),  # the link hands on the right to decide
    Route("GET", "/api/v1/campaigns/{id}/asked", "asked:listing", "reader"),
    Route("DELETE", "/api/v1/campaigns/{id}/asked/{asked}", "asked:take_back", "manager"),
    Route("POST", "/api/v1/campaigns/{id}/parts", "campaign_parts:rewrite", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/pause", "campaigns:pause", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/resume", "campaigns:resume", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/cancel", "campaigns:cancel", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/recall", "campaigns:recall", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/correction", "campaigns:correction", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/share", "sharing:share", "operator"),
    Route("GET", "/api/v1/campaigns/{id}/shares", "sharing:listing", "operator"),
    Route("DELETE", "/api/v1/campaigns/{id}/shares/{share}", "sharing:revoke", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/copy", "copies:use_again", "operator"),
    Route("GET", "/api/v1/campaigns/{id}/recipients", "campaigns:recipients", "reader"),
    Route("GET", "/api/v1/campaigns/{id}/recipients/{contact_id}/explanation", "campaigns:explanation", "reader"),
    Route("GET", "/api/v1/campaigns/{id}/unknown", "unknown:listing", "reader"),
    Route("POST", "/api/v1/campaigns/{id}/unknown", "unknown:decide", "operator"),
    Route("GET", "/api/v1/campaigns/{id}/certificate", "campaigns:certificate", "reader"),
    Route("GET", "/api/v1/campaigns/{id}/report", "campaigns:report", "guest"),
    Route("GET", "/api/v1/approvals", "approvals:listing", "guest"),
    Route("POST", "/api/v1/approvals/{subject}", "approvals:decide", "approver"),
    Route("GET", "/api/v1/explanations", "explanations:by_address", "reader"),
)
bp = blueprint(ROWS)
