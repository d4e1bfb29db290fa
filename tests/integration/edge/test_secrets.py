"""Secrets of processes over HTTP: a value goes in and never comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared import wiring
from shared.domain.scope import Scope
from shared.process import vault

from .conftest import Edge

SCOPE, OTHER = Scope("local", "main"), Scope("local", "other")
VALUE = "s3cret-of-the-export-0123456789"


def test_a_secret_is_used_by_its_name_and_never_shown(edge: Edge, home: Path) -> None:
    put = edge.ask("PUT", "/api/v1/secrets/export", {"value": VALUE})
    assert (put.status, put.json["name"], put.json["changed_by"]) == (200, "export", "owner")
    listed = edge.ask("GET", "/api/v1/secrets")
    assert [each["name"] for each in listed.json["items"]] == ["export", "workspace"]
    assert VALUE not in str(put.json) + str(listed.json)
    assert vault.values(wiring.ports(), SCOPE, ["export", "none"]) == {"export": VALUE}
    assert vault.values(wiring.ports(), OTHER, ["export"]) == {}
    wiring.close()
    assert all(VALUE.encode() not in path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_one_is_always_there_and_each_workspace_has_its_own(edge: Edge) -> None:
    ports = wiring.ports()
    [own], [other] = (vault.values(ports, scope, ["workspace"]).values() for scope in (SCOPE, OTHER))
    assert len(bytes.fromhex(own)) == 32
    assert own != other
    assert edge.ask("PUT", "/api/v1/secrets/workspace", {"value": "mine"}).status == 400
    assert edge.ask("DELETE", "/api/v1/secrets/workspace").status == 404


def test_it_can_be_replaced_and_forgotten(edge: Edge) -> None:
    for value in ("one", "two"):
        edge.ask("PUT", "/api/v1/secrets/export", {"value": value})
    assert vault.values(wiring.ports(), SCOPE, ["export"]) == {"export": "two"}
    assert edge.ask("DELETE", "/api/v1/secrets/export").status == 200
    assert edge.ask("DELETE", "/api/v1/secrets/export").status == 404
    assert vault.values(wiring.ports(), SCOPE, ["export"]) == {}


@pytest.mark.parametrize("name", ["Export", "1a", "a-b", "a" * 41])
def test_names_are_those_that_plans_can_write(edge: Edge, name: str) -> None:
    assert edge.ask("PUT", f"/api/v1/secrets/{name}", {"value": "x"}).status == 404
