"""Rows of what people may ask about their data."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/contacts/{id}/erasure", "privacy:erase", "manager"),
    Route("POST", "/api/v1/contacts/{id}/export", "privacy:export", "manager"),
    Route("POST", "/api/v1/contacts/{id}/notice", "privacy:told", "operator"),
    Route("GET", "/api/v1/exports/{id}", "privacy:exported", "manager"),
    Route("GET", "/api/v1/exports/{id}/{file}", "privacy:export_file", "manager"),
    Route("GET", "/api/v1/erasures", "privacy:erasures", "reader"),
    Route("GET", "/api/v1/erasures/{id}", "privacy:erasure", "reader"),
    Route("GET", "/api/v1/erasures/{id}/certificate", "privacy:certificate", "reader"),
    Route("POST", "/contacts/{id}/erasure", "privacy:erase_form", "manager"),
    Route("POST", "/contacts/{id}/notice", "privacy:told_form", "operator"),
    Route("POST", "/contacts/{id}/export", "privacy:export_form", "manager"),
    Route("GET", "/erasures/{id}", "privacy:erasure_page", "reader"),
    Route("POST", "/api/v1/contacts/{id}/reviews", "reviews:ask", "operator"),
    Route("GET", "/api/v1/reviews/{id}", "reviews:show", "reader"),
    Route("POST", "/contacts/{id}/reviews", "reviews:ask_form", "operator"),
    Route("POST", "/api/v1/privacy/breaches", "reviews:report", "manager"),
    Route("GET", "/api/v1/privacy/breaches", "reviews:log", "reader"),
    Route("GET", "/api/v1/privacy/breaches/{id}", "reviews:breach", "reader"),
    Route("GET", "/api/v1/privacy/record", "privacy:record", "reader"),
    Route("GET", "/api/v1/privacy/record.pdf", "privacy:record_file", "reader"),
    Route("GET", "/api/v1/privacy/particulars", "privacy:particulars", "reader"),
    Route("PUT", "/api/v1/privacy/particulars", "privacy:fill_in", "manager"),
    Route("GET", "/api/v1/retention", "privacy:retention", "reader"),
    Route("PUT", "/api/v1/retention", "privacy:keep", "manager"),
)
bp = blueprint(ROWS)
