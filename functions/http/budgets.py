"""Rows of a workspace's budgets and prices."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/budgets", "budgets:listing", "reader"),
    Route("GET", "/api/v1/budgets/statement", "budgets:statement", "reader"),
    Route("GET", "/api/v1/budgets/prices", "budgets:prices", "reader"),
    Route("PUT", "/api/v1/budgets/prices", "budgets:put_prices", "manager"),
    Route("GET", "/api/v1/budgets/{account}", "budgets:show", "reader"),
    Route("PUT", "/api/v1/budgets/{account}", "budgets:replace", "manager"),
    Route("DELETE", "/api/v1/budgets/{account}", "budgets:remove", "manager"),
    Route("GET", "/budgets", "budgets:page", "reader"),
    Route("POST", "/budgets", "budgets:form", "manager"),
)
bp = blueprint(ROWS)
