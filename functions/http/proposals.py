"""Rows of proposals, of their pages, and of the client's link."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

_ONE = "/api/v1/proposals/{id}"
ROWS = (
    Route("POST", "/api/v1/proposals", "proposals:create", "operator"),
    Route("GET", "/api/v1/proposals", "proposals:listing", "reader"),
    Route("GET", _ONE, "proposals:show", "reader"),
    Route("PUT", f"{_ONE}/content", "proposals:edit", "operator"),
    Route("POST", f"{_ONE}/text", "proposals:write", "operator"),
    Route("GET", f"{_ONE}/claims", "proposals:claims", "reader"),
    Route("GET", f"{_ONE}/changes", "proposals:compare", "reader"),
    Route("GET", f"{_ONE}/proposal.pdf", "proposals:pdf", "reader"),
    Route("GET", f"{_ONE}/agreed", "proposals:scope_agreed", "reader"),
    Route("POST", f"{_ONE}/submit", "proposals:submit", "operator"),
    Route("POST", f"{_ONE}/withdraw", "proposals:withdraw", "operator"),
    Route("GET", f"{_ONE}/messages", "proposals:messages", "reader"),
    Route("POST", f"{_ONE}/messages", "proposals:heard", "operator"),
    Route("POST", f"{_ONE}/messages/{{message}}/answer", "proposals:answer", "operator"),
    Route("GET", f"{_ONE}/messages/{{message}}/alternatives", "proposals:alternatives", "operator"),
    Route("POST", f"{_ONE}/messages/{{message}}/alternatives", "proposals:take", "operator"),
    Route("GET", "/proposals", "proposal_pages:listing", "reader"),
    Route("POST", "/proposals", "proposal_pages:create", "operator"),
    Route("GET", "/proposals/{id}", "proposal_pages:show", "reader"),
    Route("POST", "/proposals/{id}", "proposal_pages:edit", "operator"),
    Route("POST", "/proposals/{id}/messages", "proposal_pages:reply", "operator"),
    Route("GET", "/api/q/{token}", "proposal_links:show", "public"),
    Route("POST", "/api/q/{token}", "proposal_links:respond", "public"),
)
bp = blueprint(ROWS)
