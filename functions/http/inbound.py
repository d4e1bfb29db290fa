"""Rows of what strangers write by themselves; the form itself is among the links."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/inbound", "inbound:listing", "reader"),
    Route("GET", "/api/v1/inbound/settings", "inbound:settings", "manager"),
    Route("PUT", "/api/v1/inbound/settings", "inbound:put_settings", "manager"),
    Route("POST", "/api/v1/inbound/links", "inbound:renew", "manager"),
    Route("GET", "/api/v1/inbound/{id}", "inbound:show", "reader"),
    Route("POST", "/api/v1/inbound/{id}/decision", "inbound:decide", "operator"),
    Route("GET", "/inbound", "inbound_pages:listing", "reader"),
    Route("POST", "/inbound/settings", "inbound_pages:put_settings", "manager"),
    Route("POST", "/inbound/links", "inbound_pages:renew", "manager"),
    Route("POST", "/inbound/{id}/decision", "inbound_pages:decide", "operator"),
)
bp = blueprint(ROWS)
