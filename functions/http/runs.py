"""Rows of runs of processes, and of their pages."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/processes/{name}/runs", "runs:start", "operator"),
    Route("POST", "/api/v1/processes/{name}/dry-run", "rehearsals:dry", "operator"),
    Route("POST", "/api/v1/processes/{name}/tests", "rehearsals:test", "operator"),
    Route("POST", "/api/v1/runs/files", "runs:upload", "operator"),
    Route("GET", "/api/v1/runs", "runs:listing", "reader"),
    Route("GET", "/api/v1/runs/compliance", "run_audit:compliance", "reader"),
    Route("GET", "/api/v1/runs/{id}", "runs:show", "reader"),
    Route("GET", "/api/v1/runs/{id}/steps", "runs:steps", "reader"),
    Route("GET", "/api/v1/runs/{id}/logs", "runs:logs", "reader"),
    Route("GET", "/api/v1/runs/{id}/news", "runs:news", "reader"),
    Route("GET", "/api/v1/runs/{id}/summary", "run_audit:summary", "reader"),
    Route("GET", "/api/v1/runs/{id}/file", "runs:file", "guest"),
    Route("GET", "/api/v1/runs/{id}/tape", "rehearsals:tape", "operator"),
    Route("GET", "/api/v1/runs/{id}/suggestion", "suggestions:show", "reader"),
    Route("POST", "/api/v1/runs/{id}/suggestion", "suggestions:ask", "operator"),
    Route("POST", "/api/v1/runs/{id}/pause", "runs:pause", "operator"),
    Route("POST", "/api/v1/runs/{id}/resume", "runs:resume", "operator"),
    Route("POST", "/api/v1/runs/{id}/cancel", "runs:cancel", "operator"),
    Route("POST", "/api/v1/runs/{id}/retry", "runs:retry", "operator"),
    Route("POST", "/api/v1/runs/{id}/fix", "runs:fix", "operator"),
    Route("POST", "/api/v1/runs/{id}/undo", "runs:undo", "operator"),
    Route("POST", "/api/v1/runs/{id}/skip", "runs:skip", "operator"),
    Route("POST", "/api/v1/runs/{id}/settle", "runs:settle", "operator"),
    Route("PATCH", "/api/v1/runs/{id}/inputs", "runs:inputs", "operator"),
    Route("GET", "/runs", "run_pages:overview", "reader"),
    Route("GET", "/runs/{id}", "run_pages:show", "reader"),
    Route("GET", "/runs/{id}/live", "run_pages:live", "reader"),
    Route("GET", "/runs/{id}/logs", "run_pages:logs", "reader"),
    Route("POST", "/runs/{id}/pause", "run_forms:pause", "operator"),
    Route("POST", "/runs/{id}/resume", "run_forms:resume", "operator"),
    Route("POST", "/runs/{id}/cancel", "run_forms:cancel", "operator"),
    Route("POST", "/runs/{id}/retry", "run_forms:retry", "operator"),
    Route("POST", "/runs/{id}/fix", "run_forms:fix", "operator"),
    Route("POST", "/runs/{id}/undo", "run_forms:undo", "operator"),
    Route("POST", "/runs/{id}/skip", "run_forms:skip", "operator"),
    Route("POST", "/runs/{id}/settle", "run_forms:settle", "operator"),
)
bp = blueprint(ROWS)
