"""Callers besides the owner, at the edge: who they are, what they see, how often, and what is written down of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.http.table import ROWS
from shared import wiring
from shared.access.audit import changes, stream_of
from shared.access.machine_keys import FORM
from shared.access.route import Route
from shared.domain.names import Kind
from shared.domain.scope import Scope
from tests.servers.openid import AUDIENCE, DIRECTORY, PERSON, OpenId, openid
from tests.servers.smtp_strict import authority

from .conftest import OWNERS, Edge
from .test_routes import body_of, path_of

FAR = "https://baton.example"
WANTED = {"name": "CRM", "scopes": ["reader", "operator"], "workspaces": ["praxis"]}
AGENCY = Scope("local", "_")


def made(edge: Edge, **wanted: Any) -> dict[str, Any]:
    answer = edge.ask("POST", "/api/v1/keys", {**WANTED, **wanted})
    assert answer.status == 201, answer.body
    key: dict[str, Any] = answer.json
    return key


def test_a_key_is_shown_once_and_kept_as_a_digest(edge: Edge, home: Path) -> None:
    key = made(edge)
    assert FORM.fullmatch(key["key"])
    (listed,) = edge.ask("GET", "/api/v1/keys").json["items"]
    assert listed == {name: value for name, value in key.items() if name != "key"}
    secret = key["key"].rpartition("_")[2].encode()
    assert not [file for file in home.rglob("*") if file.is_file() and secret in file.read_bytes()]
    (fact,) = wiring.ports().journal.read(AGENCY, "access")
    assert (fact.what, fact.by, fact.data["key"]) == ("key_made", "owner", key["id"])


def test_what_lets_somebody_in_is_kept_under_no_idempotency_key(edge: Edge) -> None:
    for path, body in (("/api/v1/keys", WANTED), ("/api/v1/sign-in-links", {})):
        first, again = (edge.ask("POST", path, body, Idempotency_Key="1") for _ in "12")
        assert (first.status, again.status) == (201, 201)
        assert first.body != again.body
    for scope in (AGENCY, Scope("local", "main")):
        assert wiring.ports().documents.find(scope, Kind.IDEMPOTENCY).documents == []


def test_a_key_works_from_afar_within_its_workspaces_and_scopes(edge: Edge) -> None:
    key = made(edge)["key"]
    assert edge.ask("GET", "/api/v1/campaigns", token=key, origin=FAR).status == 200
    assert edge.ask("GET", "/api/v1/campaigns", token=key, origin=FAR, Baton_Workspace="praxis").status == 200
    for workspace in ("main", "nowhere"):
        answer = edge.ask("GET", "/api/v1/campaigns", token=key, origin=FAR, Baton_Workspace=workspace)
        assert (answer.status, list(answer.fields)) == (403, ["Baton-Workspace"])
    for method, path in (("PUT", "/api/v1/policy"), ("POST", "/api/v1/approvals/x"), ("GET", "/api/v1/keys")):
        assert edge.ask(method, path, token=key, origin=FAR).status == 403
    other = made(edge, workspaces=["main"])["key"]
    assert edge.ask("POST", "/api/v1/sign-in-links", token=other, origin=FAR).status == 403


def test_a_key_that_is_revoked_over_or_made_up_lets_nobody_in(edge: Edge) -> None:
    key = made(edge)
    id, text = key["id"], key["key"]
    assert edge.ask("DELETE", f"/api/v1/keys/{id}").json["revoked_at"]
    assert edge.ask("DELETE", f"/api/v1/keys/{id}").status == 200
    over = made(edge)
    documents = wiring.ports().documents
    found = documents.get(AGENCY, Kind.KEY, over["id"])
    assert found
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    documents.put(AGENCY, Kind.KEY, over["id"], {**found.body, "expires_at": past}, found.rev)
    changed = text[:-9] + ("0" if text[-9] != "0" else "1") + text[-8:]
    for wrong, reason in (
        (text, "was revoked"),
        (over["key"], "is over"),
        (changed, "not hold a key"),
        ("baton_", "not hold a key"),
        (text.replace("local", "north"), "not hold a key"),
        (text + "0", "not hold a key"),
    ):
        answer = edge.ask("GET", "/api/v1/campaigns", token=wrong, origin=FAR)
        assert answer.status == 401
        assert reason in answer.fields["Authorization"]


def test_the_day_of_its_last_use_is_noted(edge: Edge) -> None:
    key = made(edge)
    for _ in range(2):
        edge.ask("GET", "/api/v1/campaigns", token=key["key"], origin=FAR)
    (listed,) = edge.ask("GET", "/api/v1/keys").json["items"]
    assert listed["last_used_on"] == datetime.now(UTC).date().isoformat()


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"scopes": ["owner"]}, "scopes[0]"),
        ({"scopes": []}, "scopes"),
        ({"workspaces": ["_"]}, "workspaces[0]"),
        ({"workspaces": ["No Such"]}, "workspaces[0]"),
        ({"days": 367}, "days"),
        ({"name": ""}, "name"),
    ],
)
def test_a_key_for_everything_or_for_ever_is_not_made(edge: Edge, wanted: dict[str, Any], field: str) -> None:
    answer = edge.ask("POST", "/api/v1/keys", {**WANTED, **wanted})
    assert (answer.status, list(answer.fields)) == (400, [field])
    assert edge.ask("GET", "/api/v1/keys").json["items"] == []


def test_rule_s6_a_program_brings_an_idempotency_key(edge: Edge) -> None:
    key = made(edge)["key"]
    body = b"email\nann@x.example\n"
    asked: dict[str, Any] = {"token": key, "origin": FAR, "Content_Type": "text/csv"}
    without = edge.ask("POST", "/api/v1/contacts/imports", body, **asked)
    assert (without.status, list(without.fields)) == (400, ["Idempotency-Key"])
    first, again = (edge.ask("POST", "/api/v1/contacts/imports", body, **asked, Idempotency_Key="1") for _ in "12")
    assert (first.status, again.json["id"]) == (202, first.json["id"])


def test_rule_s6_what_is_kept_of_an_answer_says_when_it_may_go(edge: Edge) -> None:
    asked = {"Content_Type": "text/csv", "Idempotency_Key": "1"}
    edge.ask("POST", "/api/v1/contacts/imports", b"email\nann@x.example\n", **asked)
    (kept,) = wiring.ports().documents.find(Scope("local", "main"), Kind.IDEMPOTENCY).documents
    ends = datetime.fromisoformat(kept.body["expires_at"])
    assert timedelta(hours=23) < ends - datetime.now(UTC) <= timedelta(hours=24)


@pytest.fixture
def still(edge: Edge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still."""
    (tmp_path / "clock").write_bytes(int(1.8e18).to_bytes(8, "little"))
    monkeypatch.setenv("HOST_CLOCK", str(tmp_path / "clock"))
    wiring.close()


@pytest.mark.usefixtures("still")
def test_rule_s7_a_program_that_asks_too_often_waits_and_the_owner_does_not(edge: Edge) -> None:
    key = made(edge)["key"]
    told = [edge.ask("GET", "/api/v1/keys", token=key, origin=FAR) for _ in range(201)]
    assert [answer.status for answer in told] == [403] * 200 + [429]
    assert (list(told[-1].fields), told[-1].headers["Retry-After"]) == (["rate"], "1")
    assert {edge.ask("GET", "/api/v1/health").status for _ in range(250)} == {200}
    assert {edge.ask("GET", "/api/v1/keys").status for _ in range(250)} == {200}


@pytest.mark.usefixtures("still")
def test_rule_s7_who_guesses_links_is_slowed_down(edge: Edge) -> None:
    def guess(n: int, address: str) -> int:
        return edge.ask("GET", f"/api/c/guess-{n}", token=None, origin=FAR, X_Forwarded_For=address).status

    assert [guess(n, "203.0.113.9:4711") for n in range(101)] == [404] * 100 + [429]
    assert guess(1, "198.51.100.1") == 404


@pytest.mark.usefixtures("still")
def test_rule_s7_one_link_cannot_be_hammered(edge: Edge) -> None:
    told = [edge.ask("POST", "/api/u/the-same", token=None).status for _ in range(61)]
    assert told[-1] == 429
    assert 429 not in told[:-1]


# ------------------------------------------------------------------ Entra ID


@pytest.fixture
def issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenId]:
    trusted = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca_file))
    with openid(trusted) as running:
        monkeypatch.setenv("BATON_ENTRA_AUTHORITY", running.url)
        monkeypatch.setenv("BATON_ENTRA_AUDIENCE", AUDIENCE)
        monkeypatch.setenv("BATON_ENTRA_TENANTS", f"north={DIRECTORY}")
        yield running


def test_rule_s2_a_person_with_a_token_works_in_the_agency_of_its_directory(issuer: OpenId, edge: Edge) -> None:
    now = datetime.now(UTC)
    manager = issuer.token(now, roles=["manager"])
    assert edge.ask("PUT", "/api/v1/policy", {"apart_minutes": 45}, token=manager, origin=FAR).status == 200
    assert edge.ask("GET", "/api/v1/policy", token=manager, origin=FAR).json["apart_minutes"] == 45
    assert edge.ask("GET", "/api/v1/policy").json["apart_minutes"] != 45  # the agency `local`
    (fact,) = wiring.ports().journal.read(Scope("north", "main"), stream_of(now))
    assert (fact.by, fact.what) == (f"entra:{PERSON}", "policy_replace")
    client = issuer.token(now, roles=["client:cafe"])
    assert edge.ask("GET", "/api/v1/approvals", token=client, origin=FAR).status == 200
    assert edge.ask("PUT", "/api/v1/policy", {"apart_minutes": 1}, token=client, origin=FAR).status == 403
    assert edge.ask("GET", "/api/v1/approvals", token=client, origin=FAR, Baton_Workspace="main").status == 403
    assert edge.ask("GET", "/api/v1/approvals", token=issuer.token(now, roles=[]), origin=FAR).status == 403
    assert edge.ask("GET", "/api/v1/approvals", token=issuer.token(now, key="two"), origin=FAR).status == 401


def test_a_key_ends_with_the_directory_of_its_agency(
    issuer: OpenId, edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = issuer.token(datetime.now(UTC), roles=["owner"])
    key = edge.ask("POST", "/api/v1/keys", WANTED, token=owner, origin=FAR).json["key"]
    assert edge.ask("GET", "/api/v1/campaigns", token=key, origin=FAR).status == 200
    monkeypatch.setenv("BATON_ENTRA_TENANTS", f"south={DIRECTORY}")
    wiring.close()
    assert edge.ask("GET", "/api/v1/campaigns", token=key, origin=FAR).status == 401


def test_rule_s4_what_is_to_be_swept_is_swept_for_every_agency(issuer: OpenId, edge: Edge) -> None:
    from functions.sweep import flows_under_way

    operator = issuer.token(datetime.now(UTC))
    asked = {"token": operator, "origin": FAR, "Content_Type": "text/csv"}
    assert edge.ask("POST", "/api/v1/contacts/imports", b"email\nann@x.example\n", **asked).status == 202
    (flow,) = flows_under_way(wiring.ports())
    assert flow.instance_id.startswith("north~main~")


def test_rule_s3_headers_that_pretend_to_be_the_platforms_are_ignored(issuer: OpenId, edge: Edge) -> None:
    pretended = {
        "X_MS_CLIENT_PRINCIPAL": "e30=",
        "X_MS_CLIENT_PRINCIPAL_ID": PERSON,
        "X_MS_CLIENT_PRINCIPAL_NAME": "ann",
    }
    assert edge.ask("GET", "/api/v1/campaigns", token=None, origin=FAR, **pretended).status == 401


# ------------------------------------------------------------------ what is written down

BY_A_LINK = {
    "/api/u/{token}": "an unsubscription; its evidence is in the journal with the consent",
    "/api/p/{token}": "preferences; as above",
    "/api/d/{token}": "a confirmation; as above",
    "/api/i/{token}": "somebody came in; it is in the journal of the agency, in `access`",
    "/signin": "a session of a browser, with a token that lets in anyway",
    "/api/r/{token}": "what a client answers in a form; the message and the journal's fact are with it, by the link",
    "/api/q/{token}": "what a client says to a proposal; the answer and its evidence are with it, by the link",
    "/api/k/{token}": "a client signs or declines a contract; the evidence is with it, in its journal as `signed`",
    "/api/f/{token}": "what a stranger writes; it is kept as a document, in the journal as `received`",
    "/api/a/{token}": "the decision of who was asked by mail; it is in the journal of the campaign, by their link",
}
SIGNED_NEWS = {row.path for row in ROWS if row.path.startswith("/api/v1/webhooks/") and row.role == "public"}
"""What others report; it is kept as a document under the id that they gave it."""
NO_CHANGE = {row.path for row in ROWS if row.method == "*"}


def test_every_row_that_changes_something_is_written_down_or_says_why_not() -> None:
    others = {row.path for row in ROWS if row.method != "GET" and not changes(row)}
    assert others == BY_A_LINK.keys() | SIGNED_NEWS | NO_CHANGE


ASKED_WITH = {"/api/v1/runs/files": "?name=cases.csv", "/api/v1/offers": "?id=web"}
"""Queries without which a row refuses."""


@pytest.mark.parametrize("batch", range(4))
def test_every_change_that_is_asked_for_is_in_the_journal_with_who_asked(edge: Edge, batch: int) -> None:
    rows = [row for row in ROWS if changes(row)][batch::4]
    before = datetime.now(UTC)
    for row in rows:
        edge.ask(
            row.method,
            path_of(row) + ASKED_WITH.get(row.path, ""),
            _body(row),
            Traceparent=f"00-{'cd' * 16}-{'1' * 16}-01",
        )
    streams = {stream_of(at) for at in (before, datetime.now(UTC))}
    journal, scope = wiring.ports().journal, Scope("local", "main")
    facts = {fact.what: fact for stream in sorted(streams) for fact in journal.read(scope, stream)}
    assert facts.keys() == {row.name for row in rows}
    assert {fact.by for fact in facts.values()} == {"owner"}
    assert {fact.data["trace"] for fact in facts.values()} == {"cd" * 16}
    for row in rows:
        if "{id}" in row.path:
            assert facts[row.name].data["id"] == "0" * 32
    assert sum(journal.verify(scope, stream) for stream in streams) == len(rows)


def test_what_a_path_brings_is_not_written_down_unless_it_is_an_id(edge: Edge) -> None:
    edge.ask("DELETE", "/api/v1/facts/ann%40praxis.example")
    edge.ask("DELETE", "/api/v1/facts/ann@praxis.example")
    (*_, fact) = wiring.ports().journal.read(Scope("local", "main"), stream_of(datetime.now(UTC)))
    assert "praxis" not in json.dumps(dict(fact.data))


def _body(row: Route) -> dict[str, Any] | bytes:
    return body_of(row) if row.path.startswith("/api/") else b"decision=approve"


def test_the_owner_token_is_one_of_three_and_none_is_taken_for_another(edge: Edge) -> None:
    assert edge.ask("GET", "/api/v1/campaigns", token=OWNERS, origin=FAR).status == 403
    assert edge.ask("GET", "/api/v1/campaigns", token="a.b.c").status == 401
