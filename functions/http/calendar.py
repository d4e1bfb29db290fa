"""Rows of the calendar: when nothing leaves."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/calendar", "calendar:show", "reader"),
    Route("POST", "/api/v1/calendar/entries", "calendar:enter", "operator"),
    Route("DELETE", "/api/v1/calendar/entries/{id}", "calendar:remove", "operator"),
    Route("POST", "/api/v1/calendar/feeds", "calendar:subscribe", "operator"),
    Route("POST", "/api/v1/calendar/files", "calendar:bring_in", "operator"),
    Route("DELETE", "/api/v1/calendar/feeds/{id}", "calendar:leave", "operator"),
    Route("GET", "/calendar", "calendar_pages:page", "reader"),
    Route("POST", "/calendar/entries", "calendar_pages:enter", "operator"),
    Route("POST", "/calendar/feeds", "calendar_pages:subscribe", "operator"),
    Route("POST", "/calendar/files", "calendar_pages:bring_in", "operator"),
    Route("POST", "/calendar/removals", "calendar_pages:remove", "operator"),
)
bp = blueprint(ROWS)
