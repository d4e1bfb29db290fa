"""Rotation of keys over HTTP: what is new uses the new key, nothing that was is lost, and what is needed stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.sweep import flows_under_way, give_up
from shared import home as secrets
from shared import wiring
from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.agents.encryption import renewal
from shared.domain.links import Link, sign, verify
from shared.domain.marked_fields import MARKED
from shared.domain.names import Flow, Kind
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import Document, Documents, Write

from .conftest import Edge
from .test_session import sign_in

SCOPE, OTHER = Scope("local", "main"), Scope("local", "other")
AGENCY = SCOPE.agency
LINK = Link("u", SCOPE, "c", 1, "p")


@pytest.fixture
def raw(home: Path) -> Iterator[Documents]:
    """The home as whoever has its file sees it."""
    wiring.ports()
    database = Database(home / "baton.db")
    yield SqliteDocuments(database, clock=HostClock(), replica="elsewhere")
    database.close()


def fill(count: int = 3) -> dict[tuple[Scope, str, str], Document]:
    """Documents of each marked kind in two workspaces, one of which nobody registered, and in what they share."""
    documents, made = wiring.ports().documents, {}
    for scope in (SCOPE, OTHER, AGENCY):
        for kind, marked in MARKED.items():
            body = {field: f"{kind} {field}" for field in marked.fields}
            for each in documents.batch(scope, kind, [Write(f"x{n}", {**body, "n": n}, "*") for n in range(count)]):
                assert each
                made[scope, kind, each.id] = each
    return made


def carry_out(edge: Edge) -> dict[str, Any]:
    """Every step of the flow that the sweep would start, then what is shown."""
    (flow,) = [each for each in flows_under_way(wiring.ports()) if each.flow == Flow.RENEWAL]
    while True:
        outcome = renewal.run(wiring.ports(), flow.input)
        assert isinstance(outcome, Done)
        if not outcome.data["more"]:
            return shown(edge)


def shown(edge: Edge) -> dict[str, Any]:
    found: dict[str, Any] = edge.ask("GET", "/api/v1/keyrings").json
    return found


def rotate(edge: Edge, ring: str = "field") -> None:
    assert edge.ask("POST", f"/api/v1/keyrings/{ring}/keys").status == 201


def remove(edge: Edge, ring: str, key: str, query: str = "") -> Any:
    return edge.ask("DELETE", f"/api/v1/keyrings/{ring}/keys/{key}{query}")


def read(made: dict[tuple[Scope, str, str], Document]) -> dict[Any, Any]:
    found = {place: wiring.ports().documents.get(*place) for place in made}
    return {place: each.body if each else None for place, each in found.items()}


def keys_in(raw: Documents, made: dict[tuple[Scope, str, str], Document]) -> set[str]:
    values = (value for place in made for value in raw.get(*place).body.values())  # type: ignore[union-attr]
    return {value["$encrypted"].partition(".")[0] for value in values if isinstance(value, dict)}


def test_after_a_rotation_everything_is_under_the_new_key_and_the_old_one_can_go(
    edge: Edge, home: Path, raw: Documents
) -> None:
    made = fill()
    bodies = read(made)
    assert list(flows_under_way(wiring.ports())) == [], "in a new home there is nothing to move"
    assert shown(edge)["renewal"] is None
    rotate(edge)
    assert keys_in(raw, made) == {"1"}
    refused = remove(edge, "field", "1")
    assert refused.status == 409
    values = 9 * sum(len(marked.fields) for marked in MARKED.values())
    assert f"1 is needed by {values} values" in refused.fields["key"]
    assert "45 of tape" in refused.fields["key"]
    found = carry_out(edge)
    assert keys_in(raw, made) == {"2"}
    assert read(made) == bodies
    assert (found["renewal"]["status"], found["renewal"]["moved"], found["renewal"]["lost"]) == (
        "completed",
        len(made),
        0,
    )
    assert remove(edge, "field", "1").status == 200
    assert list(secrets.keys(home).field) == ["2"]
    assert read(made) == bodies
    assert list(flows_under_way(wiring.ports())) == []
    whats = [fact.what for fact in wiring.ports().journal.read(AGENCY, "access")]
    assert whats == ["key_rotated", "key_removed"]
    held = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "keys.json")
    assert not [key for key in secrets.keys(home).field.values() if key in held]


def test_it_goes_in_portions_and_each_can_be_done_again(
    edge: Edge, raw: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_PAGES", 1)
    made = fill(60)
    rotate(edge)
    ports = wiring.ports()
    (flow,) = flows_under_way(ports)
    for _ in range(5):
        assert renewal.run(ports, flow.input) == Done({"more": True})
    assert keys_in(raw, made) == {"1", "2"}
    before = shown(edge)["renewal"]
    assert 0 < before["moved"] < len(made)
    give_up(ports, flow)
    (second,) = flows_under_way(ports)
    assert second.instance_id != flow.instance_id
    assert renewal.run(ports, flow.input) == Done({"more": False}), "the flow that broke does no more"
    after = carry_out(edge)["renewal"]
    assert (after["moved"], after["round"], keys_in(raw, made)) == (len(made), 2, {"2"})
    rotate(edge)
    assert flows_under_way(ports).__next__().input["attempt"] == second.input["attempt"] + 1


def test_what_a_process_that_had_not_heard_of_the_new_key_writes_late_is_found(edge: Edge, raw: Documents) -> None:
    made = fill(1)
    place = (SCOPE, Kind.TASK, "x0")
    late = raw.get(*place)
    assert late
    rotate(edge)
    carry_out(edge)
    raw.put(*place, late.body, "*")
    assert list(flows_under_way(wiring.ports())) == []
    assert "needed by 4 values: 4 of task" in remove(edge, "field", "1").fields["key"]
    assert carry_out(edge)["renewal"]["moved"] == 1
    assert remove(edge, "field", "1").status == 200
    assert read(made)[place]


def test_what_cannot_be_decrypted_is_named_and_keeps_no_key(edge: Edge, raw: Documents) -> None:
    fill(1)
    raw.put(SCOPE, Kind.MEMORY, "x0", {"text": {"$encrypted": "1.AAAA"}}, "*")
    raw.put(SCOPE, Kind.MEMORY, "x1", {"text": "written past Baton"}, "*")
    rotate(edge)
    found = carry_out(edge)["renewal"]
    assert (found["status"], found["lost"]) == ("completed", 2)
    assert found["unreadable"] == ["main/memory/x0: text", "main/memory/x1: text"]
    assert remove(edge, "field", "1").status == 200


def test_whoever_asks_for_it_is_told_what_cannot_be_decrypted(edge: Edge, raw: Documents) -> None:
    raw.put(SCOPE, Kind.TASK, "t", {"status": "done", "result": {"$encrypted": "7.AAAA"}})
    answer = edge.ask("GET", "/api/v1/tasks/t")
    assert answer.status == 503
    assert answer.fields == {"task": "task 't': result cannot be decrypted: the key '7' is not in the ring `field`"}


def test_a_home_from_before_is_encrypted_and_then_believes_nothing_in_plain(
    edge: Edge, home: Path, raw: Documents
) -> None:
    kept = json.loads((home / "keys.json").read_text())
    del kept["plain"]
    (home / "keys.json").write_text(json.dumps(kept))
    wiring.close()
    raw.put(SCOPE, Kind.TASK, "old", {"result": "from before"})
    raw.put(AGENCY, Kind.SCOPE, "main", {"workspace": "main"}, "*")
    assert shown(edge)["plain"] == "believed"
    found = carry_out(edge)
    assert (found["plain"], found["renewal"]["moved"]) == ("refused", 1)
    assert "from before" not in repr(raw.get(SCOPE, Kind.TASK, "old"))
    assert wiring.ports().documents.get(SCOPE, Kind.TASK, "old").body == {"result": "from before"}  # type: ignore[union-attr]
    assert list(flows_under_way(wiring.ports())) == []


def test_old_links_work_until_their_key_is_removed_which_has_to_be_wanted(edge: Edge) -> None:
    keys = wiring.ports().keys
    old = sign(LINK, keys.link)
    rotate(edge, "link")
    new = sign(LINK, keys.link)
    assert old != new
    assert verify(old, "u", keys.link) == verify(new, "u", keys.link) == LINK
    assert "links_stop=true" in remove(edge, "link", "1").fields["key"]
    assert "newest" in remove(edge, "link", "2").fields["key"]
    assert verify(old, "u", keys.link) == LINK
    assert remove(edge, "link", "1", "?links_stop=true").status == 200
    assert (verify(old, "u", keys.link), verify(new, "u", keys.link)) == (None, LINK)


def test_a_link_key_that_makes_secrets_of_webhooks_stays(edge: Edge) -> None:
    made = edge.ask("POST", "/api/v1/webhooks", {"url": "https://other.example/hook"}).json
    rotate(edge, "link")
    assert made["id"] in remove(edge, "link", "1", "?links_stop=true").fields["key"]
    edge.ask("DELETE", f"/api/v1/webhooks/{made['id']}")
    assert remove(edge, "link", "1", "?links_stop=true").status == 200


def test_whoever_is_signed_in_stays_so_while_the_old_key_is_there(edge: Edge) -> None:
    cookie = sign_in(edge).split(";")[0]
    rotate(edge)
    assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=cookie).status == 200
    carry_out(edge)
    remove(edge, "field", "1")
    assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=cookie).status == 401


@pytest.mark.parametrize(
    ("method", "path", "status", "field", "why"),
    [
        ("POST", "/address/keys", 400, "ring", "`address` is never rotated: the keyed hashes of addresses"),
        ("DELETE", "/address/keys/1", 400, "ring", "is never rotated"),
        ("POST", "/other/keys", 404, "ring", "there is no ring 'other'"),
        ("DELETE", "/field/keys/9", 404, "key", "no key '9'"),
        ("DELETE", "/field/keys/1", 409, "key", "newest"),
        ("DELETE", "/link/keys/1?links_stop=perhaps", 400, "links_stop", "bool"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    edge: Edge, home: Path, method: str, path: str, status: int, field: str, why: str
) -> None:
    before = secrets.keys(home)
    answer = edge.ask(method, f"/api/v1/keyrings{path}")
    assert answer.status == status
    assert why in answer.fields[field]
    assert secrets.keys(home) == before


def test_where_keys_come_by_a_setting_they_are_shown_and_what_to_do_is_said(
    edge: Edge, home: Path, monkeypatch: pytest.MonkeyPatch, raw: Documents
) -> None:
    """And when a key was added there, what is encrypted is moved to it."""
    made = fill(1)
    kept = json.loads((home / "keys.json").read_text())
    wiring.close()
    monkeypatch.setenv("BATON_KEYS", json.dumps(kept))
    assert shown(edge)["kept_in"] == "BATON_KEYS"
    for answer in (edge.ask("POST", "/api/v1/keyrings/field/keys"), remove(edge, "field", "1")):
        assert answer.status == 409
        assert "BATON_KEYS (on Azure: the secret BATON-KEYS in Key Vault)" in answer.fields["keys"]
        assert "docs/deploy.md" in answer.fields["keys"]
    wiring.close()
    kept["field"]["b"] = kept["address"]
    monkeypatch.setenv("BATON_KEYS", json.dumps(kept))
    assert carry_out(edge)["renewal"]["key"] == "b"
    assert keys_in(raw, made) == {"b"}


def test_agencies_on_one_machine_see_the_keys_and_do_not_change_them(edge: Edge, home: Path) -> None:
    from shared.agents.encryption import rings
    from shared.domain.faults import Conflict

    ports = replace(wiring.ports(), tenants=("local", "north"))
    with pytest.raises(Conflict, match="its own owner rotates them"):
        rings.rotate(ports, "north", "entra:x", "field")
    ports.documents.put(Scope("north", "main"), Kind.MEMORY, "m", {"text": "of the north"})
    rings.rotate(ports, "local", "owner", "field")
    with pytest.raises(Conflict, match="1 of memory"):
        rings.remove(ports, "local", "owner", "field", "1", False)
    assert renewal.read(ports, "north")
