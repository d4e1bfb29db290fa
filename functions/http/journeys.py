"""Rows of journeys."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/journeys/validate", "journeys:validate", "reader"),
    Route("POST", "/api/v1/journeys/events", "journeys:tell", "operator"),
    Route("GET", "/api/v1/journeys", "journeys:listing", "reader"),
    Route("PUT", "/api/v1/journeys/{name}", "journeys:put", "operator"),
    Route("GET", "/api/v1/journeys/{name}", "journeys:show", "reader"),
    Route("GET", "/api/v1/journeys/{name}/text", "journeys:text", "reader"),
    Route("POST", "/api/v1/journeys/{name}/start", "journeys:start", "operator"),
    Route("POST", "/api/v1/journeys/{name}/pause", "journeys:pause", "operator"),
    Route("POST", "/api/v1/journeys/{name}/resume", "journeys:resume", "operator"),
    Route("POST", "/api/v1/journeys/{name}/stop", "journeys:stop", "operator"),
    Route("POST", "/api/v1/journeys/{name}/changes", "journeys:change", "operator"),
    Route("GET", "/api/v1/journeys/{name}/people", "journeys:people", "reader"),
    Route("GET", "/api/v1/journeys/{name}/people/{contact}", "journeys:path", "reader"),
    Route("GET", "/journeys", "journey_pages:listing", "reader"),
    Route("GET", "/journeys/{name}", "journey_pages:show", "reader"),
    Route("POST", "/journeys/{name}/steer", "journey_pages:steer", "operator"),
    Route("GET", "/journeys/{name}/people/{contact}", "journey_pages:path", "reader"),
)
bp = blueprint(ROWS)
