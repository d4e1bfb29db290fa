"""Rows of offers, and of their pages."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/offers", "offers:listing", "reader"),
    Route("POST", "/api/v1/offers", "offers:bring", "manager"),
    Route("GET", "/api/v1/offers/{id}", "offers:show", "reader"),
    Route("PUT", "/api/v1/offers/{id}", "offers:put", "manager"),
    Route("POST", "/api/v1/offers/{id}/price", "offers:price", "operator"),
    Route("GET", "/offers", "offer_pages:listing", "reader"),
    Route("POST", "/offers", "offer_pages:put", "manager"),
    Route("GET", "/offers/{id}", "offer_pages:show", "reader"),
)
bp = blueprint(ROWS)
