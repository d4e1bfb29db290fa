"""Rows of invoices, agreed dates and payments."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/billing", "billing:terms", "reader"),
    Route("PUT", "/api/v1/billing", "billing:set_terms", "manager"),
    Route("GET", "/api/v1/billing/notices", "billing:notices", "manager"),
    Route("GET", "/api/v1/invoices", "invoices:listing", "reader"),
    Route("POST", "/api/v1/invoices", "invoices:create", "operator"),
    Route("GET", "/api/v1/invoices/{id}", "invoices:get", "reader"),
    Route("PUT", "/api/v1/invoices/{id}", "invoices:edit", "operator"),
    Route("DELETE", "/api/v1/invoices/{id}", "invoices:discard", "operator"),
    Route("GET", "/api/v1/invoices/{id}/pdf", "invoices:pdf", "reader"),
    Route("POST", "/api/v1/invoices/{id}/issue", "invoices:issue", "manager"),
    Route("POST", "/api/v1/invoices/{id}/send", "invoices:send", "manager"),
    Route("POST", "/api/v1/invoices/{id}/cancel", "invoices:cancel", "manager"),
    Route("POST", "/api/v1/invoices/{id}/check", "invoices:check", "operator"),
    Route("POST", "/api/v1/invoices/{id}/unknown", "invoices:decide", "manager"),
    Route("GET", "/api/v1/invoice-plans", "invoice_plans:listing", "reader"),
    Route("POST", "/api/v1/invoice-plans", "invoice_plans:create", "manager"),
    Route("GET", "/api/v1/invoice-plans/{id}", "invoice_plans:get", "reader"),
    Route("POST", "/api/v1/invoice-plans/{id}/end", "invoice_plans:end", "manager"),
    Route("GET", "/api/v1/payments", "payments:listing", "reader"),
    Route("POST", "/api/v1/payments", "payments:record", "manager"),
    Route("POST", "/api/v1/payments/imports", "payments:bring_in", "manager"),
    Route("POST", "/api/v1/payments/{id}/assign", "payments:assign", "manager"),
    Route("POST", "/api/v1/payments/{id}/return", "payments:give_back", "manager"),
    Route("POST", "/api/v1/webhooks/payments/{token}", "payments:notice", "public"),
    Route("GET", "/api/v1/money", "money:summary", "reader"),
    Route("GET", "/api/v1/money/invoices.csv", "money:accountant", "reader"),
    Route("GET", "/money", "money:page", "reader"),
    Route("GET", "/api/n/{token}", "doorstep:show", "public"),
)
bp = blueprint(ROWS)
