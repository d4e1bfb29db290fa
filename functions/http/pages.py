"""Rows of the pages that people look at, and of the forms on them."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/", "pages:overview", "guest"),
    Route("GET", "/campaigns/new", "campaign_form:blank", "operator"),
    Route("POST", "/campaigns/new", "campaign_form:look", "operator"),
    Route("POST", "/campaigns", "campaign_form:create", "operator"),
    Route("GET", "/campaigns/{id}", "pages:campaign", "guest"),
    Route("GET", "/campaigns/{id}/live", "pages:live", "guest"),
    Route("GET", "/campaigns/{id}/recipients", "pages:recipients", "reader"),
    Route("GET", "/campaigns/{id}/unknown", "unknown:page", "reader"),
    Route("POST", "/campaigns/{id}/unknown", "unknown:form", "operator"),
    Route("GET", "/campaigns/{id}/cancel", "pages:ask_cancel", "operator"),
    Route("POST", "/campaigns/{id}/decision", "forms:decide", "approver"),
    Route("POST", "/campaigns/{id}/asked", "asked:ask_form", "manager"),
    Route("POST", "/campaigns/{id}/asked/back", "asked:take_back_form", "manager"),
    Route("POST", "/campaigns/{id}/parts", "campaign_parts:form", "operator"),
    Route("POST", "/campaigns/{id}/drafts", "campaign_parts:edit_form", "operator"),
    Route("POST", "/campaigns/{id}/pause", "forms:pause", "operator"),
    Route("POST", "/campaigns/{id}/resume", "forms:resume", "operator"),
    Route("POST", "/campaigns/{id}/cancel", "forms:cancel", "operator"),
    Route("POST", "/campaigns/{id}/recall", "forms:recall", "operator"),
    Route("POST", "/campaigns/{id}/correction", "forms:correction", "operator"),
    Route("POST", "/campaigns/{id}/share", "sharing:share_form", "operator"),
    Route("POST", "/campaigns/{id}/share/revoke", "sharing:revoke_form", "operator"),
    Route("GET", "/campaigns/{id}/copy", "copies:page", "operator"),
    Route("POST", "/campaigns/{id}/copy", "copies:form", "operator"),
    Route("GET", "/replays/{id}", "models:replay_page", "reader"),
    Route("GET", "/approvals", "approvals:page", "guest"),
    Route("POST", "/approvals/{subject}", "approvals:form", "approver"),
    Route("GET", "/contacts", "people:address_book", "reader"),
    Route("POST", "/contacts/imports", "import_pages:bring_in", "operator"),
    Route("GET", "/contacts/{id}", "person:show", "reader"),
    Route("POST", "/contacts/{id}/consents", "person:record", "operator"),
    Route("GET", "/imports/{id}", "import_pages:page", "reader"),
    Route("POST", "/imports/{id}/columns", "import_pages:columns", "operator"),
    Route("POST", "/imports/{id}/confirm", "import_pages:confirm", "operator"),
    Route("POST", "/imports/{id}/undo", "import_pages:undo", "operator"),
    Route("GET", "/imports/{id}/quarantine", "imports:quarantine_page", "reader"),
    Route("GET", "/explain", "people:explain", "reader"),
    Route("GET", "/static/{name}", "pages:static", "guest"),
)
bp = blueprint(ROWS)
