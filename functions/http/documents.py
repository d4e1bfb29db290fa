"""Rows of business documents, and of their page."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/documents", "documents:create", "operator"),
    Route("GET", "/api/v1/documents", "documents:listing", "reader"),
    Route("GET", "/api/v1/documents/templates", "documents:templates", "reader"),
    Route("GET", "/api/v1/documents/{id}", "documents:show", "reader"),
    Route("GET", "/api/v1/documents/{id}/{file}", "documents:file", "reader"),
    Route("GET", "/documents", "documents:page", "reader"),
    Route("POST", "/documents", "documents:form", "operator"),
)
bp = blueprint(ROWS)
