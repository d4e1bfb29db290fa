"""Rows of the brand and of its page."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/brand", "brand:show", "reader"),
    Route("PUT", "/api/v1/brand", "brand:replace", "manager"),
    Route("GET", "/api/v1/brand/logo", "brand:logo", "reader"),
    Route("PUT", "/api/v1/brand/logo", "brand:replace_logo", "manager"),
    Route("DELETE", "/api/v1/brand/logo", "brand:remove_logo", "manager"),
    Route("GET", "/brand", "brand_pages:show", "reader"),
    Route("POST", "/brand", "brand_pages:replace", "manager"),
    Route("POST", "/brand/logo", "brand_pages:replace_logo", "manager"),
    Route("POST", "/brand/logo/remove", "brand_pages:remove_logo", "manager"),
)
bp = blueprint(ROWS)
