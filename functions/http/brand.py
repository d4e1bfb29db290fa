"""Rows of the brand and of its page."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/brand", "brand:show", "reader"),
    Route("PUT", "/api/v1/brand", "brand:replace", "approver"),
    Route("GET", "/api/v1/brand/logo", "brand:logo", "reader"),
    Route("PUT", "/api/v1/brand/logo", "brand:replace_logo", "approver"),
    Route("DELETE", "/api/v1/brand/logo", "brand:remove_logo", "approver"),
    Route("GET", "/brand", "brand_pages:show", "reader"),
    Route("POST", "/brand", "brand_pages:replace", "approver"),
    Route("POST", "/brand/logo", "brand_pages:replace_logo", "approver"),
    Route("POST", "/brand/logo/remove", "brand_pages:remove_logo", "approver"),
)
bp = blueprint(ROWS)
