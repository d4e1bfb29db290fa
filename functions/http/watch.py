"""Rows of the watch list."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/watches", "watch:listing", "reader"),
    Route("POST", "/api/v1/watches", "watch:create", "operator"),
    Route("GET", "/api/v1/watches/gaps", "watch:gaps", "reader"),
    Route("GET", "/api/v1/watches/{id}", "watch:show", "reader"),
    Route("DELETE", "/api/v1/watches/{id}", "watch:remove", "operator"),
    Route("POST", "/api/v1/watches/{id}/readings", "watch:again", "operator"),
    Route("GET", "/watch", "watch_pages:listing", "reader"),
    Route("POST", "/watch", "watch_pages:create", "operator"),
    Route("POST", "/watch/{id}/again", "watch_pages:again", "operator"),
    Route("POST", "/watch/{id}/remove", "watch_pages:remove", "operator"),
)
bp = blueprint(ROWS)
