"""Rows of declared processes: their plans, versions, schema; and of their pages."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/processes/validate", "processes:validate", "reader"),
    Route("GET", "/api/v1/processes/schema", "processes:schema", "reader"),
    Route("GET", "/api/v1/processes", "processes:listing", "reader"),
    Route("GET", "/api/v1/processes/{name}", "processes:show", "reader"),
    Route("PUT", "/api/v1/processes/{name}", "processes:put", "operator"),
    Route("GET", "/api/v1/processes/{name}/text", "processes:text", "reader"),
    Route("GET", "/api/v1/processes/{name}/difference", "processes:difference", "reader"),
    Route("GET", "/processes", "process_pages:overview", "reader"),
    Route("GET", "/processes/{name}", "process_pages:show", "reader"),
    Route("GET", "/processes/{name}/versions", "process_pages:difference", "reader"),
    Route("POST", "/processes/{name}/runs", "process_pages:start", "operator"),
    Route("POST", "/processes/{name}/dry-run", "process_pages:rehearse", "operator"),
)
bp = blueprint(ROWS)
