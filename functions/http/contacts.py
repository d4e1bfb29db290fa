"""Rows of contacts and their imports."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/contacts/imports", "imports:start", "operator"),
    Route("GET", "/api/v1/contacts/imports", "imports:listing", "reader"),
    Route("GET", "/api/v1/contacts/imports/{id}", "imports:show", "reader"),
    Route("POST", "/api/v1/contacts/imports/{id}/columns", "imports:columns", "operator"),
    Route("POST", "/api/v1/contacts/imports/{id}/confirm", "imports:confirm", "operator"),
    Route("POST", "/api/v1/contacts/imports/{id}/undo", "imports:undo", "operator"),
    Route("GET", "/api/v1/contacts/imports/{id}/quarantine", "imports:quarantine", "reader"),
    Route("GET", "/api/v1/contacts", "contacts:listing", "reader"),
    Route("GET", "/api/v1/contacts/{id}", "contacts:show", "reader"),
    Route("GET", "/api/v1/contacts/opt-ins", "opt_ins:listing", "reader"),
    Route("POST", "/api/v1/contacts/opt-ins", "opt_ins:ask_pending", "operator"),
    Route("POST", "/api/v1/contacts/{id}/opt-in", "opt_ins:ask", "operator"),
    Route("GET", "/api/v1/contacts/{id}/consents", "consents:listing", "reader"),
    Route("POST", "/api/v1/contacts/{id}/consents", "consents:record", "operator"),
)
bp = blueprint(ROWS)
