"""Rows of a workspace's agents."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/agents", "agents:listing", "reader"),
    Route("POST", "/api/v1/agents", "agents:create", "manager"),
    Route("GET", "/api/v1/agents/{id}", "agents:show", "reader"),
    Route("PUT", "/api/v1/agents/{id}", "agents:replace", "manager"),
    Route("DELETE", "/api/v1/agents/{id}", "agents:remove", "manager"),
    Route("GET", "/api/v1/agents/{id}/capabilities", "agents:capabilities", "reader"),
    Route("GET", "/api/v1/agents/{id}/status", "agents:status", "reader"),
    Route("GET", "/api/v1/agents/{id}/versions", "agents:versions", "reader"),
    Route("GET", "/api/v1/agents/{id}/diff", "agents:diff", "reader"),
    Route("POST", "/api/v1/agents/{id}/rollback", "agents:rollback", "manager"),
    Route("GET", "/agents", "agents:page", "reader"),
    Route("GET", "/agents/{id}", "agents:one", "reader"),
    Route("POST", "/agents/{id}", "agents:form", "manager"),
    Route("POST", "/agents/{id}/rollback", "agents:form_rollback", "manager"),
)
bp = blueprint(ROWS)
