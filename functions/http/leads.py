"""Rows of leads: companies that may become clients."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/leads", "leads:listing", "reader"),
    Route("POST", "/api/v1/leads", "leads:create", "operator"),
    Route("GET", "/api/v1/leads/lists", "lead_lists:listing", "reader"),
    Route("POST", "/api/v1/leads/lists", "lead_lists:create", "operator"),
    Route("GET", "/api/v1/leads/lists/{id}", "lead_lists:show", "reader"),
    Route("POST", "/api/v1/leads/searches", "lead_lists:search", "operator"),
    Route("POST", "/api/v1/leads/rescore", "lead_lists:rescore", "operator"),
    Route("GET", "/api/v1/leads/criteria", "leads:criteria", "reader"),
    Route("PUT", "/api/v1/leads/criteria", "leads:put_criteria", "manager"),
    Route("GET", "/api/v1/leads/verification", "leads:verification", "reader"),
    Route("POST", "/api/v1/leads/criteria/preview", "lead_criteria:preview", "reader"),
    Route("GET", "/api/v1/leads/model", "lead_criteria:comparison", "reader"),
    Route("POST", "/api/v1/leads/model", "leads:model", "manager"),
    Route("POST", "/api/v1/leads/taken", "leads:forbid", "owner"),
    Route("DELETE", "/api/v1/leads/taken/{id}", "leads:allow", "owner"),
    Route("GET", "/api/v1/leads/notices", "lead_notices:listing", "reader"),
    Route("GET", "/api/v1/leads/{id}/notices", "lead_notices:shown", "reader"),
    Route("POST", "/api/v1/leads/{id}/notices", "lead_notices:tell", "operator"),
    Route("GET", "/api/v1/leads/{id}", "leads:show", "reader"),
    Route("POST", "/api/v1/leads/{id}/contacts", "lead_lists:contacts", "operator"),
    Route("GET", "/leads", "lead_pages:listing", "reader"),
    Route("POST", "/leads", "lead_pages:paste", "operator"),
    Route("GET", "/leads/criteria", "lead_criteria:page", "reader"),
    Route("POST", "/leads/criteria", "lead_criteria:save", "manager"),
    Route("POST", "/leads/criteria/preview", "lead_criteria:look", "reader"),
    Route("POST", "/leads/model", "lead_criteria:fit", "manager"),
    Route("GET", "/leads/notices", "lead_pages:strangers", "reader"),
    Route("GET", "/leads/{id}", "lead_pages:show", "reader"),
    Route("POST", "/leads/{id}/notices", "lead_pages:tell", "operator"),
    Route("POST", "/leads/{id}/contacts", "lead_pages:contacts", "operator"),
    Route("POST", "/leads/{id}/decision", "lead_pages:decide", "operator"),
    Route("POST", "/api/v1/leads/{id}/decision", "leads:decide", "operator"),
)
bp = blueprint(ROWS)
