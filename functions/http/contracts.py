"""Rows of contracts and what they are written from, of their pages, and of the client's link."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

_ONE = "/api/v1/contracts/{id}"
ROWS = (
    Route("POST", "/api/v1/contracts", "contracts:create", "operator"),
    Route("GET", "/api/v1/contracts", "contracts:listing", "reader"),
    Route("GET", _ONE, "contracts:show", "reader"),
    Route("PUT", _ONE, "contracts:edit", "operator"),
    Route("GET", f"{_ONE}/contract.pdf", "contracts:pdf", "reader"),
    Route("GET", f"{_ONE}/sealed.pdf", "contracts:sealed", "reader"),
    Route("POST", f"{_ONE}/submit", "contracts:submit", "operator"),
    Route("POST", f"{_ONE}/sign", "contracts:sign", "manager"),
    Route("POST", f"{_ONE}/cancel", "contracts:cancel", "operator"),
    Route("POST", f"{_ONE}/copy", "contracts:copy", "operator"),
    Route("GET", "/api/v1/contract-certificates", "contracts:certificates", "reader"),
    Route("GET", "/api/v1/contract-templates", "contracts:templates", "reader"),
    Route("POST", "/api/v1/contract-templates", "contracts:begin_template", "manager"),
    Route("GET", "/api/v1/contract-templates/{id}", "contracts:template", "reader"),
    Route("PUT", "/api/v1/contract-templates/{id}", "contracts:put_template", "manager"),
    Route("GET", "/contracts", "contract_pages:listing", "reader"),
    Route("POST", "/contracts", "contract_pages:create", "operator"),
    Route("GET", "/contracts/{id}", "contract_pages:show", "reader"),
    Route("POST", "/contracts/{id}", "contract_pages:act", "operator"),
    Route("POST", "/contracts/{id}/sign", "contract_pages:sign", "manager"),
    Route("GET", "/api/k/{token}", "contract_links:show", "public"),
    Route("POST", "/api/k/{token}", "contract_links:respond", "public"),
)
bp = blueprint(ROWS)
