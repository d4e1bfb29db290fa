"""The route table: every row there is. Authentication, OpenAPI and the tests over all routes read it."""

from __future__ import annotations

from functions.http import (
    agents,
    brand,
    budgets,
    campaigns,
    cards,
    contacts,
    documents,
    domains,
    events,
    facts,
    keyrings,
    keys,
    knowledge,
    links,
    models,
    nowhere,
    pages,
    pieces,
    platform,
    policy,
    privacy,
    processes,
    runs,
    secrets,
    tasks,
    webhooks,
)

_RESOURCES = (
    platform,
    keys,
    keyrings,
    secrets,
    contacts,
    campaigns,
    links,
    webhooks,
    events,
    policy,
    privacy,
    domains,
    budgets,
    agents,
    tasks,
    runs,
    facts,
    knowledge,
    models,
    pieces,
    brand,
    cards,
    documents,
    processes,
    pages,
    nowhere,
)

ROWS = tuple(row for resource in _RESOURCES for row in resource.ROWS)
BLUEPRINTS = tuple(resource.bp for resource in _RESOURCES)
