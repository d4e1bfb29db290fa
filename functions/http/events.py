"""Rows of what other systems are told, and of the webhooks by which they are."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/events", "events:listing", "reader"),
    Route("GET", "/api/v1/webhooks", "subscriptions:listing", "reader"),
    Route("POST", "/api/v1/webhooks", "subscriptions:create", "approver"),
    Route("GET", "/api/v1/webhooks/{id}", "subscriptions:show", "reader"),
    Route("PUT", "/api/v1/webhooks/{id}", "subscriptions:change", "approver"),
    Route("DELETE", "/api/v1/webhooks/{id}", "subscriptions:delete", "approver"),
    Route("POST", "/api/v1/webhooks/{id}/rotate", "subscriptions:rotate", "approver"),
    Route("GET", "/api/v1/webhooks/{id}/deliveries", "subscriptions:deliveries", "reader"),
    Route("POST", "/api/v1/webhooks/{id}/replay", "subscriptions:replay_since", "operator"),
    Route("POST", "/api/v1/webhooks/{id}/deliveries/{event}/replay", "subscriptions:replay", "operator"),
    Route("GET", "/webhooks", "webhook_pages:page", "reader"),
    Route("POST", "/webhooks", "webhook_pages:create", "approver"),
    Route("GET", "/webhooks/{id}", "webhook_pages:one", "reader"),
    Route("POST", "/webhooks/{id}/turn", "webhook_pages:turn", "approver"),
    Route("POST", "/webhooks/{id}/rotate", "webhook_pages:rotate", "approver"),
    Route("POST", "/webhooks/{id}/delete", "webhook_pages:delete", "approver"),
    Route("POST", "/webhooks/{id}/replay", "webhook_pages:replay", "operator"),
)
bp = blueprint(ROWS)
