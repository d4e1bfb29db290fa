"""Rows of deals, and of the form behind a client's link."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/deals", "deals:create", "operator"),
    Route("GET", "/api/v1/deals", "deals:listing", "reader"),
    Route("POST", "/api/v1/deals/outreach", "deals:reach_many", "operator"),
    Route("POST", "/api/v1/deals/imports", "deal_imports:start", "operator"),
    Route("GET", "/api/v1/deals/imports", "deal_imports:listing", "reader"),
    Route("GET", "/api/v1/deals/imports/{id}", "deal_imports:show", "reader"),
    Route("POST", "/api/v1/deals/imports/{id}/meanings", "deal_imports:tell", "operator"),
    Route("POST", "/api/v1/deals/imports/{id}/confirm", "deal_imports:confirm", "operator"),
    Route("POST", "/api/v1/deals/imports/{id}/undo", "deal_imports:undo", "operator"),
    Route("GET", "/api/v1/deals/imports/{id}/quarantine", "deal_imports:quarantine", "reader"),
    Route("POST", "/deals/imports", "deal_imports:bring_in", "operator"),
    Route("GET", "/deals", "deal_pages:board", "reader"),
    Route("POST", "/deals", "deal_pages:create", "operator"),
    Route("GET", "/deals/{id}", "deal_pages:show", "reader"),
    Route("POST", "/deals/{id}/move", "deal_pages:move", "operator"),
    Route("POST", "/deals/{id}/notes", "deal_pages:write_down", "operator"),
    Route("GET", "/api/v1/deals/{id}/timeline", "deals:timeline", "reader"),
    Route("GET", "/api/v1/deals/{id}", "deals:show", "reader"),
    Route("PATCH", "/api/v1/deals/{id}", "deals:change", "operator"),
    Route("POST", "/api/v1/deals/{id}/moves", "deals:move", "operator"),
    Route("POST", "/api/v1/deals/{id}/outreach", "deals:reach_out", "operator"),
    Route("POST", "/deals/{id}/outreach", "deal_pages:reach_out", "operator"),
    Route("GET", "/api/v1/deals/{id}/needs", "deals:needs", "reader"),
    Route("POST", "/api/v1/deals/{id}/needs", "deals:hear", "operator"),
    Route("POST", "/deals/{id}/needs", "deal_pages:hear", "operator"),
    Route("POST", "/api/v1/deals/{id}/needs/asked", "deals:ask", "operator"),
    Route("POST", "/deals/{id}/needs/asked", "deal_pages:ask", "operator"),
    Route("GET", "/api/v1/deals/{id}/needs/messages/{message}", "deals:message", "reader"),
    Route("GET", "/deals/{id}/needs/messages/{message}", "deal_pages:message", "reader"),
    Route("GET", "/api/r/{token}", "needs_links:show", "public"),
    Route("POST", "/api/r/{token}", "needs_links:answer", "public"),
    Route("POST", "/api/v1/deals/{id}/notes", "deals:write_down", "operator"),
)
bp = blueprint(ROWS)
