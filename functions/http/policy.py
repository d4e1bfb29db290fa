"""Rows of a workspace's policy."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/policy", "policy:show", "reader"),
    Route("PUT", "/api/v1/policy", "policy:replace", "manager"),
    Route("GET", "/policy", "policy:page", "reader"),
    Route("POST", "/policy", "policy:form", "manager"),
)
bp = blueprint(ROWS)
