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
    facts,
    knowledge,
    links,
    models,
    pages,
    pieces,
    platform,
    policy,
    tasks,
    webhooks,
)

_RESOURCES = (
    platform,
    contacts,
    campaigns,
    links,
    webhooks,
    policy,
    domains,
    budgets,
    agents,
    tasks,
    facts,
    knowledge,
    models,
    pieces,
    brand,
    cards,
    documents,
    pages,
)

ROWS = tuple(row for resource in _RESOURCES for row in resource.ROWS)
BLUEPRINTS = tuple(resource.bp for resource in _RESOURCES)
