"""Rows of the knowledge base, and of its pages."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/knowledge", "knowledge:bring_in", "operator"),
    Route("GET", "/api/v1/knowledge", "knowledge:listing", "reader"),
    Route("GET", "/api/v1/knowledge/search", "knowledge:search", "reader"),
    Route("GET", "/api/v1/knowledge/{id}", "knowledge:show", "reader"),
    Route("GET", "/api/v1/knowledge/{id}/passages", "knowledge:passages", "reader"),
    Route("POST", "/api/v1/knowledge/{id}/versions", "knowledge:renew", "operator"),
    Route("DELETE", "/api/v1/knowledge/{id}", "knowledge:delete", "operator"),
    Route("GET", "/knowledge", "knowledge_pages:overview", "reader"),
    Route("POST", "/knowledge", "knowledge_pages:bring_in", "operator"),
    Route("GET", "/knowledge/{id}", "knowledge_pages:document", "reader"),
    Route("POST", "/knowledge/{id}/versions", "knowledge_pages:renew", "operator"),
    Route("POST", "/knowledge/{id}/delete", "knowledge_pages:delete", "operator"),
)
bp = blueprint(ROWS)
