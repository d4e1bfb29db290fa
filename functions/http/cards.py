"""Rows of cards, and of their page."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/cards", "cards:create", "operator"),
    Route("GET", "/api/v1/cards", "cards:listing", "reader"),
    Route("GET", "/api/v1/cards/{id}", "cards:show", "reader"),
    Route("GET", "/api/v1/cards/{id}/{file}", "cards:file", "guest"),
    Route("PUT", "/api/v1/pieces/{id}/images", "cards:attach", "operator"),
    Route("GET", "/cards", "cards:page", "reader"),
    Route("POST", "/cards", "cards:form", "operator"),
    Route("POST", "/pieces/{id}/images", "cards:attach_form", "operator"),
)
bp = blueprint(ROWS)
