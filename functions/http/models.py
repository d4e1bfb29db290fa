"""Rows of homes of models, their policy, their calls, and replays of these."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/models", "models:listing", "reader"),
    Route("GET", "/api/v1/models/calls", "models:calls", "reader"),
    Route("GET", "/api/v1/models/policy", "models:show", "reader"),
    Route("PUT", "/api/v1/models/policy", "models:replace", "manager"),
    Route("GET", "/api/v1/replays/{id}", "models:replayed", "reader"),
    Route("GET", "/models", "models:page", "reader"),
    Route("POST", "/models", "models:form", "manager"),
)
bp = blueprint(ROWS)
