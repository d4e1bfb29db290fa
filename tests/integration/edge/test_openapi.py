"""The OpenAPI page of the app itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from functions.http.table import ROWS

from .conftest import Edge


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_rule_s8_it_shows_every_row_below_api_and_nothing_else(edge: Edge) -> None:
    page = edge.ask("GET", "/api/v1/openapi.json").json
    shown = {(method.upper(), path) for path, methods in page["paths"].items() for method in methods}
    assert shown == {(row.method, row.path) for row in ROWS if row.path.startswith("/api/")}
    assert page["openapi"].startswith("3.1")


def test_it_has_the_structure_that_tools_rely_on(edge: Edge) -> None:
    page = edge.ask("GET", "/api/v1/openapi.json").json
    schemas = page["components"]["schemas"]
    assert {"CampaignRequest", "Campaign", "Certificate", "Problem"} <= set(schemas)
    for reference in references(page):
        assert reference.removeprefix("#/components/schemas/") in schemas
    operations = [operation for methods in page["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"].endswith(".")
        assert {"2XX", "4XX", "5XX"} == set(operation["responses"])
        assert all({"name", "in", "required", "schema"} == set(each) for each in operation["parameters"])


def test_every_body_refuses_unknown_fields_in_writing_too(edge: Edge) -> None:
    schemas = edge.ask("GET", "/api/v1/openapi.json").json["components"]["schemas"]
    for name in ("CampaignRequest", "Brief", "Sender", "Window", "ApprovalRequest"):
        assert schemas[name]["additionalProperties"] is False
