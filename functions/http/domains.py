"""Rows of a workspace's sender domains."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/domains", "domains:listing", "reader"),
    Route("GET", "/api/v1/domains/{domain}", "domains:show", "reader"),
    Route("POST", "/api/v1/domains/{domain}/check", "domains:check", "operator"),
    Route("POST", "/api/v1/domains/{domain}/resume", "domains:resume", "manager"),
    Route("GET", "/domains", "domains:page", "reader"),
    Route("POST", "/domains", "domains:form_check", "operator"),
    Route("POST", "/domains/{domain}/resume", "domains:form_resume", "manager"),
)
bp = blueprint(ROWS)
