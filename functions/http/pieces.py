"""Rows of pieces and of the style guide, and of their pages."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("POST", "/api/v1/pieces", "pieces:create", "operator"),
    Route("GET", "/api/v1/pieces", "pieces:listing", "reader"),
    Route("GET", "/api/v1/pieces/formats", "pieces:formats", "reader"),
    Route("GET", "/api/v1/pieces/{id}", "pieces:show", "guest"),
    Route("POST", "/api/v1/pieces/{id}/approvals", "pieces:decide", "approver"),
    Route("POST", "/api/v1/pieces/{id}/parts", "pieces:rewrite", "operator"),
    Route("POST", "/api/v1/pieces/{id}/claims", "pieces:answer", "approver"),
    Route("GET", "/api/v1/style-guide", "style_guide:show", "reader"),
    Route("PUT", "/api/v1/style-guide", "style_guide:replace", "manager"),
    Route("GET", "/pieces", "piece_pages:overview", "reader"),
    Route("POST", "/pieces", "piece_pages:create", "operator"),
    Route("GET", "/pieces/{id}", "piece_pages:show", "guest"),
    Route("POST", "/pieces/{id}/approvals", "piece_pages:decide", "approver"),
    Route("POST", "/pieces/{id}/parts", "piece_pages:rewrite", "operator"),
    Route("POST", "/pieces/{id}/claims", "piece_pages:answer", "approver"),
    Route("POST", "/api/v1/style-guide/voice", "style_guide:learn", "manager"),
    Route("GET", "/style-guide", "style_guide:page", "reader"),
    Route("POST", "/style-guide/voice", "style_guide:learn_form", "manager"),
    Route("POST", "/style-guide", "style_guide:form", "manager"),
)
bp = blueprint(ROWS)
