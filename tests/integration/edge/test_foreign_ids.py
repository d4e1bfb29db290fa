"""Rule S4: what one workspace or agency holds, nobody from another reaches by its id, on any route (BOLA)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.http.table import ROWS
from shared import wiring
from shared.access.route import Route
from shared.agents import contacts
from shared.domain.names import Kind
from shared.domain.scope import Scope
from tests.servers.openid import AUDIENCE, DIRECTORY, openid
from tests.servers.smtp_strict import authority

from .conftest import Answered, Edge
from .test_members import let_in
from .test_routes import BODIES, body_of, form_of

FAR = "https://baton.example"
OURS = Scope("local", "main")
CANARY = "canary"
ID = re.compile(r"\{(id|subject|contact_id)\}")
BY_ID = [row for row in ROWS if row.role != "public" and ID.search(row.path)]
MADE_BY = ("agents", "campaigns", "cards", "deals", "documents", "facts", "pieces", "tasks")
"""Resources that one POST makes."""


class World(NamedTuple):
    """`ids` of what our workspace holds, by resource; `outsiders`: with what others ask."""

    edge: Edge
    ids: Mapping[str, str]
    outsiders: Mapping[str, Mapping[str, str]]
    mark: str | None

    def ask(self, row: Route, outsider: str, **ids: str) -> Answered:
        wiring._paces.cache_clear()  # how often is another matter
        path = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "x"), row.path)
        body = body_of(row) if row.path.startswith("/api/") else urlencode(form_of(row)).encode()
        return self.edge.ask(row.method, path, body, **self.outsiders[outsider])

    def unchanged(self) -> bool:
        return wiring.ports().documents.changes(OURS, self.mark)[0] == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("foreign")
    trusted = authority(folder)
    with pytest.MonkeyPatch.context() as patch, openid(trusted) as issuer:
        patch.setenv("SSL_CERT_FILE", str(trusted.ca_file))
        patch.setenv("BATON_HOME", str(folder / "home"))
        patch.setenv("BATON_ENTRA_AUTHORITY", issuer.url)
        patch.setenv("BATON_ENTRA_AUDIENCE", AUDIENCE)
        patch.setenv("BATON_ENTRA_TENANTS", f"north={DIRECTORY}")
        wiring.close()
        edge = Edge(runner)
        ids = _filled(edge)
        key = edge.ask("POST", "/api/v1/keys", {"name": "k", "scopes": SCOPES, "workspaces": ["other"]}).json["key"]
        outsiders = {
            "another workspace": {"Baton_Workspace": "other"},
            "another agency": {"token": issuer.token(datetime.now(UTC), roles=["owner"]), "origin": FAR},
            "a key of another workspace": {"token": key, "origin": FAR, "Idempotency_Key": "1"},
            "a member of another workspace": {"token": _member(edge), "origin": FAR},
        }
        yield World(edge, ids, outsiders, wiring.ports().documents.changes(OURS, None, 10_000)[1])
        wiring.close()


def _member(edge: Edge) -> str:
    edge.ask("POST", "/api/v1/workspaces", {"name": "other"})
    _, token, _ = let_in(edge, "manager", "other")
    return token


SCOPES = ["reader", "operator", "approver", "manager"]


def _filled(edge: Edge) -> dict[str, str]:
    imported, contact = _somebody()
    made = {name: _made(edge, name) for name in MADE_BY}
    text = {"Content_Type": "text/plain"}
    made["knowledge"] = edge.ask("POST", "/api/v1/knowledge?title=Canary", b"Dinner is included.", **text).json["id"]
    wanted = {"name": "CRM", "scopes": ["reader"], "workspaces": ["main"]}
    made["keys"] = edge.ask("POST", "/api/v1/keys", wanted).json["id"]
    return {**made, "contacts": contact, "imports": imported}


def _somebody() -> tuple[str, str]:
    """The ids of an import, carried out, and of whom it brought."""
    ports = wiring.ports()
    data = f"email,first_name,consent\n{CANARY}@x.example,{CANARY},yes\n".encode()
    id = contacts.accept_import(ports, OURS, "test", data, "text/csv").id
    for op in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        contacts.run(ports, {"scope": list(OURS), "import": id, **op})
    return id, ports.documents.find(OURS, Kind.CONTACT).documents[0].id


def _made(edge: Edge, resource: str) -> str:
    row = next(row for row in ROWS if (row.method, row.path) == ("POST", f"/api/v1/{resource}"))
    answer = edge.ask("POST", row.path, body_of(row))
    assert answer.status in (201, 202), (resource, answer.body)
    return str(answer.json.get("id") or answer.json["agent"]["id"])


def _refused(answer: Answered, row: Route, outsider: str) -> bool:
    """404; machine keys are the agency's, not a workspace's, and have themselves no business with rows of owners."""
    if outsider == "another workspace" and row.path.startswith("/api/v1/keys"):
        return answer.status in (200, 404)
    expected = 403 if row.role in _NOT_THEIRS.get(outsider, ()) else 404
    return answer.status == expected and CANARY not in answer.body.decode() and bool(answer.fields)


_NOT_THEIRS = {"a key of another workspace": ("owner", "inviter"), "a member of another workspace": ("owner",)}


@pytest.mark.parametrize("resource", [*MADE_BY, "knowledge"])
def test_what_is_tried_below_is_there(world: World, resource: str) -> None:
    if resource != "facts":  # only listed
        assert world.edge.ask("GET", f"/api/v1/{resource}/{world.ids[resource]}").status == 200


@pytest.mark.parametrize("outsider", ["another workspace", "another agency", *_NOT_THEIRS])
def test_rule_s4_no_route_knows_an_id_of_somebody_else(world: World, outsider: str) -> None:
    for row in BY_ID:
        resource = "imports" if "import" in row.path else row.path.removeprefix("/api/v1").split("/")[1]
        id = world.ids.get(resource, world.ids["campaigns"])
        answer = world.ask(row, outsider, id=id, subject=id, contact_id=world.ids["contacts"])
        assert _refused(answer, row, outsider), (row.method, row.path, answer)
    assert world.unchanged()


@given(st.data())
def test_rule_s4_whichever_id_is_tried_on_whichever_route(world: World, data: Any) -> None:
    row = data.draw(st.sampled_from(BY_ID))
    outsider = data.draw(st.sampled_from(sorted(world.outsiders)))
    ids = {name: data.draw(st.sampled_from(sorted(world.ids.values()))) for name in ID.findall(row.path)}
    assert _refused(world.ask(row, outsider, **ids), row, outsider)
    assert world.unchanged()


def test_rule_s4_no_body_and_no_path_says_whose_it_is() -> None:
    for model in BODIES:
        assert not {"tenant", "workspace", "scope"} & set(model.model_fields), model  # type: ignore[attr-defined]
    assert not [row.path for row in ROWS if "{tenant}" in row.path or "{workspace}" in row.path]
