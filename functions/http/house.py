"""Rows of who a workspace writes as, of test mails, and of the page on which it is set up."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/house", "house:show", "reader"),
    Route("PUT", "/api/v1/house", "house:change", "manager"),
    Route("POST", "/api/v1/house/trials", "house:try_out", "operator"),
    Route("POST", "/api/v1/campaigns/{id}/trials", "house:try_draft", "operator"),
    Route("GET", "/settings", "house:page", "reader"),
    Route("POST", "/settings/sender", "house:form", "manager"),
    Route("POST", "/settings/trials", "house:try_form", "operator"),
    Route("POST", "/campaigns/{id}/trials", "house:try_draft_form", "operator"),
    Route("GET", "/sample", "house:show_sample", "reader"),
)
bp = blueprint(ROWS)
