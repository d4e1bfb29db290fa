"""Rows of tasks, and of what the agents of a domain remember."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/tasks", "tasks:listing", "reader"),
    Route("POST", "/api/v1/tasks", "tasks:create", "operator"),
    Route("GET", "/api/v1/tasks/{id}", "tasks:show", "reader"),
    Route("POST", "/api/v1/tasks/{id}/execute", "tasks:execute", "operator"),
    Route("POST", "/api/v1/agents/{id}/execute", "tasks:assign", "operator"),
    Route("GET", "/tasks", "tasks:page", "reader"),
    Route("POST", "/tasks", "tasks:form", "operator"),
    Route("GET", "/tasks/{id}", "tasks:one", "reader"),
    Route("POST", "/tasks/{id}/execute", "tasks:form_execute", "operator"),
    Route("GET", "/api/v1/memory/{domain}", "memory:listing", "reader"),
    Route("PUT", "/api/v1/memory/{domain}/{key}", "memory:remember", "manager"),
    Route("DELETE", "/api/v1/memory/{domain}/{key}", "memory:forget", "manager"),
    Route("GET", "/api/v1/memory/{domain}/{key}/versions", "memory:versions", "reader"),
    Route("POST", "/api/v1/memory/{domain}/{key}/rollback", "memory:take_back", "manager"),
)
bp = blueprint(ROWS)
