"""Rows of what other systems are told, and of the webhooks by which they are."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/events", "events:listing", "reader"),
    Route("GET", "/api/v1/webhooks", "subscriptions:listing", "reader"),
    Route("POST", "/api/v1/webhooks", "subscriptions:create", "manager"),
    Route("GET", "/api/v1/webhooks/{id}", "subscriptions:show", "reader"),
    Route("PUT", "/api/v1/webhooks/{id}", "subscriptions:change", "manager"),
    Route("DELETE", "/api/v1/webhooks/{id}", "subscriptions:delete", "manager"),
    Route("POST", "/api/v1/webhooks/{id}/rotate", "subscriptions:rotate", "manager"),
    Route("GET", "/api/v1/webhooks/{id}/deliveries", "subscriptions:deliveries", "reader"),
    Route("POST", "/api/v1/webhooks/{id}/replay", "subscriptions:replay_since", "operator"),
    Route("POST", "/api/v1/webhooks/{id}/deliveries/{event}/replay", "subscriptions:replay", "operator"),
    Route("GET", "/api/v1/bus/schemas", "bus:schemas", "reader"),
    Route("GET", "/api/v1/bus/dead-letters", "bus:dead_letters", "operator"),
    Route("POST", "/api/v1/bus/dead-letters/replay", "bus:replay", "manager"),
    Route("GET", "/webhooks", "webhook_pages:page", "reader"),
    Route("POST", "/webhooks", "webhook_pages:create", "manager"),
    Route("GET", "/webhooks/{id}", "webhook_pages:one", "reader"),
    Route("POST", "/webhooks/{id}/turn", "webhook_pages:turn", "manager"),
    Route("POST", "/webhooks/{id}/rotate", "webhook_pages:rotate", "manager"),
    Route("POST", "/webhooks/{id}/delete", "webhook_pages:delete", "manager"),
    Route("POST", "/webhooks/{id}/replay", "webhook_pages:replay", "operator"),
)
bp = blueprint(ROWS)
