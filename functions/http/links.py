"""Rows of the signed links in messages: their token is the only key."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/u/{token}", "links:ask_unsubscribe", "public"),
    Route("POST", "/api/u/{token}", "links:unsubscribe", "public"),
    Route("GET", "/api/p/{token}", "choices:show", "public"),
    Route("POST", "/api/p/{token}", "choices:choose", "public"),
    Route("GET", "/api/d/{token}", "opt_ins:show", "public"),
    Route("POST", "/api/d/{token}", "opt_ins:confirm", "public"),
    Route("GET", "/api/o/{token}", "links:opened", "public"),
    Route("GET", "/api/c/{token}", "links:clicked", "public"),
    Route("GET", "/api/b/{token}", "brand:public_logo", "public"),
    Route("GET", "/api/a/{token}", "asked:show", "public"),
    Route("POST", "/api/a/{token}", "asked:decide", "public"),
    Route("GET", "/api/s/{token}", "sharing:report", "public"),
    Route("GET", "/api/f/{token}", "inbound_form:show", "public"),
    Route("POST", "/api/f/{token}", "inbound_form:send", "public"),
)
bp = blueprint(ROWS)
