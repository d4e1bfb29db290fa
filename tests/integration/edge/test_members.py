"""People who are let in by a link: as what, where, until when; and whoever tries to get more than that."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.http.table import ROWS
from shared import wiring
from shared.access import inviting, members
from shared.access.inviting import MOST_OPEN, Inviter
from shared.access.problem import Refusal
from shared.access.roles import ROLES, grants_in
from shared.agents.scopes import register, working_scopes
from shared.domain.links import Link, sign, verify
from shared.domain.member import Member, MemberRequest
from shared.domain.names import Kind
from shared.domain.scope import Scope

from .conftest import ORIGIN, OWNERS, Answered, Edge
from .test_routes import body_of, path_of

AGENCY = Scope("local", "_")
FAR = "https://baton.example"
HTML = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def places(edge: Edge) -> None:
    for each in ("main", "cafe", "praxis"):
        register(wiring.ports(), Scope("local", each))


def wanted(role: str = "operator", *workspaces: str, **more: Any) -> dict[str, Any]:
    where = {"everywhere": True} if workspaces == ("*",) else {"workspaces": workspaces or ("praxis",)}
    return {"name": "Ann", "role": role, **where, **more}


def invited(edge: Edge, role: str = "operator", *workspaces: str, by: str = OWNERS, **more: Any) -> tuple[str, str]:
    """Who was invited, and the path of their link."""
    answer = edge.ask("POST", "/api/v1/members", wanted(role, *workspaces, **more), token=by, **_there(by))
    assert answer.status == 201, answer.body
    return answer.json["member"]["id"], answer.json["url"].removeprefix(ORIGIN).removeprefix(FAR)


def _there(by: str) -> dict[str, str]:
    return {} if by == OWNERS else {"origin": FAR}


def accepted(edge: Edge, path: str, name: str = "Ann", **headers: str) -> Answered:
    body = urlencode({"name": name}).encode()
    return edge.ask("POST", path, body, token=None, **{"Origin": ORIGIN, **headers})


def token_in(answer: Answered) -> str:
    found = members.FORM.search(answer.body.decode())
    assert found, answer.body
    return found[0]


def let_in(edge: Edge, role: str = "operator", *workspaces: str, by: str = OWNERS) -> tuple[str, str, str]:
    """Their id, token and cookie."""
    id, path = invited(edge, role, *workspaces, by=by)
    answer = accepted(edge, path, f"Ann {id}")
    assert answer.status == 200, answer.body
    return id, token_in(answer), answer.headers["Set-Cookie"].partition(";")[0]


def status(edge: Edge, token: str, path: str = "/api/v1/campaigns", **headers: str) -> int:
    return edge.ask("GET", path, token=token, origin=FAR, **headers).status


def test_a_link_lets_somebody_in_with_a_token_and_a_session_and_neither_is_kept(edge: Edge, home: Path) -> None:
    id, path = invited(edge)
    shown = edge.ask("GET", path, token=None, **HTML)
    assert (shown.status, b"praxis, as an operator" in shown.body) == (200, True)
    assert (shown.headers["Cache-Control"], shown.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert edge.ask("GET", path, token=None).status == 200  # a scanner that follows links uses nothing up
    came = accepted(edge, path, "Ann O'Hara")
    cookie, *attributes = came.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=1209600"} == set(attributes)
    token = token_in(came)
    assert status(edge, token) == status(edge, token, Baton_Workspace="praxis") == 200
    me = edge.ask("GET", "/api/v1/me", token=None, Cookie=cookie).json
    assert (me["principal"], me["name"], me["workspace"]) == (f"member:{id}", "Ann O'Hara", "praxis")
    (listed,) = edge.ask("GET", "/api/v1/members").json["items"]
    assert (listed["state"], listed["name"], listed["workspaces"]) == ("active", "Ann O'Hara", ["praxis"])
    assert listed["seen_at"]
    wiring.close()
    secrets = [token.rpartition("_")[2], path.rpartition("/")[2], cookie.partition("=")[2]]
    files = [each.read_bytes() for each in home.rglob("*") if each.is_file()]
    assert not [each for each in (*secrets, "O'Hara") for data in files if each.encode() in data]
    said = [(fact.what, fact.by) for fact in wiring.ports().journal.read(AGENCY, "access")]
    assert said == [("member_invited", "owner"), ("member_accepted", f"member:{id}")]


def test_a_link_works_once_also_for_two_at_once(edge: Edge) -> None:
    _, path = invited(edge)
    link = verify(path.rpartition("/")[2], "i", wiring.ports().keys.link)
    assert link

    def come(n: int) -> members.LetIn | None:
        try:
            return members.accept(wiring.ports(), link, f"Ann {n}")
        except Refusal:
            return None

    with ThreadPoolExecutor(8) as pool:
        came = [each for each in pool.map(come, range(8)) if each]
    assert len(came) == 1
    assert status(edge, came[0].token) == 200
    assert (accepted(edge, path).status, edge.ask("GET", path, token=None).status) == (410, 410)


def test_links_that_are_forged_too_old_or_of_another_purpose_open_nothing(edge: Edge) -> None:
    id, path = invited(edge)
    ports, good = wiring.ports(), verify(path.rpartition("/")[2], "i", wiring.ports().keys.link)
    assert good
    past = int((ports.clock.now() - timedelta(seconds=1)).timestamp())
    wrong = [
        good._replace(target=past),
        good._replace(shard=2),
        good._replace(person="0" * 32),
        good._replace(scope=Scope("local", "praxis")),
        good._replace(scope=Scope("north", "_")),
    ]
    for each in wrong:
        assert accepted(edge, f"/api/i/{sign(each, ports.keys.link)}").status == 410
    for token in (sign(good, {"1": b"x" * 32}), sign(Link("s", AGENCY, "", 1, id, good.target), ports.keys.link), "x"):
        assert accepted(edge, f"/api/i/{token}").status == 404
    body = ports.documents.get(AGENCY, Kind.MEMBER, id).body  # type: ignore[union-attr]
    ports.documents.put(AGENCY, Kind.MEMBER, id, {**body, "link_ends_at": "2020-01-01T00:00:00Z"}, "*")
    assert accepted(edge, path).status == 410


def test_another_sites_page_signs_nobody_in(edge: Edge) -> None:
    _, path = invited(edge)
    _, token, _ = let_in(edge)
    for sent_by in ({"Sec_Fetch_Site": "cross-site", "Origin": ORIGIN}, {"Origin": "http://evil.example"}):
        assert accepted(edge, path, **sent_by).status == 403
        refused = edge.ask("POST", "/signin", urlencode({"token": token}).encode(), token=None, **sent_by)
        assert (refused.status, "Set-Cookie" in refused.headers) == (403, False)
    assert accepted(edge, path, name=" \u202e ").status == 400
    assert accepted(edge, path).status == 200


def test_a_token_signs_in_on_another_device_and_out_again(edge: Edge) -> None:
    _, token, _ = let_in(edge)
    asked: dict[str, Any] = {"token": None, "Origin": ORIGIN}
    came = edge.ask("POST", "/signin", urlencode({"token": token}).encode(), **asked)
    cookie = came.headers["Set-Cookie"].partition(";")[0]
    assert (came.status, came.headers["Location"]) == (303, "/")
    assert edge.ask("GET", "/", token=None, Cookie=cookie, **HTML).status == 200
    again = edge.ask("POST", "/signin", urlencode({"token": token}).encode(), **asked)
    other = again.headers["Set-Cookie"].partition(";")[0]
    ended = edge.ask("POST", "/signout?workspace=cafe", Cookie=cookie, **asked)  # gone over in another window
    assert (ended.status, "baton_session=; Path=/; Max-Age=0" in ended.headers["Set-Cookie"]) == (200, True)
    for kept in (cookie, other):  # a copy of it, or another browser
        assert edge.ask("GET", "/", token=None, Cookie=kept, **HTML).status == 401
    back = edge.ask("POST", "/signin", urlencode({"token": token}).encode(), **asked).headers["Set-Cookie"]
    assert edge.ask("GET", "/", token=None, Cookie=back.partition(";")[0], **HTML).status == 200
    for wrong in (token[:-1], token[:-9] + "0" * 9, "", "batonm_", token.replace("batonm", "baton"), "é" * 50):
        refused = edge.ask("POST", "/signin", urlencode({"token": wrong}).encode(), **asked)
        assert (refused.status, "Set-Cookie" in refused.headers) == (401, False), wrong
        assert status(edge, wrong) == 401
    page = edge.ask("GET", "/", token=None, **HTML)
    assert (page.status, b'action="/signin"' in page.body) == (401, True)


def test_who_is_let_out_is_refused_at_the_next_request_and_a_new_link_ends_what_was_before(edge: Edge) -> None:
    id, token, cookie = let_in(edge)
    _, other, _ = let_in(edge, "viewer")
    renewed = edge.ask("POST", f"/api/v1/members/{id}/link", {})
    assert renewed.status == 201
    for what in ({"token": token, "origin": FAR}, {"token": None, "Cookie": cookie}):
        assert edge.ask("GET", "/api/v1/campaigns", **what).status == 401  # type: ignore[arg-type]
    path, id = renewed.json["url"].removeprefix(ORIGIN), renewed.json["member"]["id"]
    came = accepted(edge, path)
    token, cookie = token_in(came), came.headers["Set-Cookie"].partition(";")[0]
    assert status(edge, token) == 200
    assert edge.ask("DELETE", f"/api/v1/members/{id}").json["state"] == "revoked"
    for what in ({"token": token, "origin": FAR}, {"token": None, "Cookie": cookie}):
        assert edge.ask("GET", "/api/v1/campaigns", **what).status == 401  # type: ignore[arg-type]
    assert accepted(edge, path).status == 410
    assert status(edge, other) == 200
    waiting, path = invited(edge)
    edge.ask("DELETE", f"/api/v1/members/{waiting}")
    assert accepted(edge, path).status == 410


def test_whoever_is_let_out_or_demoted_left_no_link_behind_that_opens(edge: Edge) -> None:
    boss, token, _ = let_in(edge, "manager", "praxis")
    _, himself = invited(edge, "manager", "praxis", by=token)
    _, viewer = invited(edge, "viewer", "praxis", by=token)
    waits, _ = invited(edge, "operator", "praxis")
    renewed = edge.ask("POST", f"/api/v1/members/{waits}/link", {}, token=token, origin=FAR).json["url"]
    another, left = renewed.removeprefix(FAR), edge.ask("GET", viewer, token=None).status
    assert left == edge.ask("GET", another, token=None).status == 200
    edge.ask("PATCH", f"/api/v1/members/{boss}", {"role": "operator", "workspaces": ["praxis"]})
    assert [accepted(edge, each).status for each in (himself, another)] == [410, 410]
    edge.ask("PATCH", f"/api/v1/members/{boss}", {"role": "manager", "workspaces": ["praxis"]})
    assert accepted(edge, another).status == 200
    edge.ask("DELETE", f"/api/v1/members/{boss}")
    for each in (himself, viewer):
        assert (edge.ask("GET", each, token=None).status, accepted(edge, each).status) == (410, 410)


def test_whoever_follows_a_renewed_link_is_not_the_one_who_was_here_before(edge: Edge) -> None:
    _, manager, _ = let_in(edge, "manager", "praxis")
    other, others, _ = let_in(edge, "manager", "praxis")
    far: dict[str, Any] = {"token": manager, "origin": FAR}
    renewed = edge.ask("POST", f"/api/v1/members/{other}/link", {}, **far).json
    assert status(edge, others) == 401
    taken = token_in(accepted(edge, renewed["url"].removeprefix(FAR)))
    me = edge.ask("GET", "/api/v1/me", token=taken, origin=FAR).json["principal"]
    assert me == f"member:{renewed['member']['id']}" != f"member:{other}"
    known = {each["id"]: each for each in edge.ask("GET", "/api/v1/members").json["items"]}
    assert (known[other]["state"], known[renewed["member"]["id"]]["state"]) == ("revoked", "active")
    (fact,) = [each for each in wiring.ports().journal.read(AGENCY, "access") if each.what == "member_renewed"]
    assert (fact.by, fact.data["member"], fact.data["becomes"]) == (
        known[me.removeprefix("member:")]["invited_by"], other, me.removeprefix("member:"),
    )  # fmt: skip
    kept = wiring.ports().documents.get(AGENCY, Kind.MEMBER, invited(edge, to="ann@agency.example")[0])
    assert kept
    assert "ann@agency.example" not in str(kept.body), "the row of its mail has it"


def test_a_cookie_is_nobody_elses(edge: Edge) -> None:
    _, _, cookie = let_in(edge)
    for wrong in (cookie[:-2], cookie.replace("baton_session=", "baton_session=x"), "baton_session=member:local:0:1"):
        assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=wrong).status == 401
    evil = {"Cookie": cookie, "Sec_Fetch_Site": "cross-site"}
    assert edge.ask("POST", "/workspace", b"workspace=praxis", token=None, **evil).status == 403
    assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=cookie, Baton_Workspace="cafe").status == 403
    chosen = f"{cookie}; baton_workspace=cafe"
    assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=chosen).status == 403


@pytest.mark.parametrize("role", ROLES)
def test_on_every_route_a_member_may_what_the_role_says_and_no_more(edge: Edge, role: str) -> None:
    """What they may is answered by each route's own tests; what they may not, here, on all of them."""
    _, token, _ = let_in(edge, role, *(("*",) if role == "owner" else ("main",)))
    refused = [row for row in ROWS if row.role not in (*ROLES[role], "public")]
    assert bool(refused) == (role != "owner")
    for row in refused:
        wiring._paces.cache_clear()
        answer = edge.ask(row.method, path_of(row), body_of(row), token=token, origin=FAR)
        assert (answer.status, list(answer.fields)) == (403, ["role"]), row


def test_nobody_lets_in_more_than_they_are_or_where_they_are_not(edge: Edge) -> None:
    _, manager, _ = let_in(edge, "manager", "praxis")
    _, operator, _ = let_in(edge, "operator", "praxis")
    colleague, _, _ = let_in(edge, "operator", "praxis", "cafe")
    owner, _, _ = let_in(edge, "owner", "*")
    far: dict[str, Any] = {"origin": FAR}
    for asked in (
        wanted("owner", "*"), wanted("manager", "*"), wanted("viewer", "*"), wanted("viewer", "cafe"),
        wanted("viewer", "praxis", "cafe"),
    ):  # fmt: skip
        refused = edge.ask("POST", "/api/v1/members", asked, token=manager, **far)
        assert (refused.status, list(refused.fields)) == (403, ["role"]), asked
    assert edge.ask("POST", "/api/v1/members", wanted("viewer"), token=operator, **far).status == 403
    for id, answer in ((colleague, 403), (owner, 403), ("0" * 32, 404)):
        for method, path, body in (
            ("PATCH", "", {"role": "viewer", "workspaces": ["praxis"]}), ("DELETE", "", {}), ("POST", "/link", {}),
        ):  # fmt: skip
            told = edge.ask(method, f"/api/v1/members/{id}{path}", body, token=manager, **far)
            assert told.status == answer, (id, method)
    elsewhere, _, _ = let_in(edge, "viewer", "cafe")
    assert edge.ask("DELETE", f"/api/v1/members/{elsewhere}", token=manager, **far).status == 404
    seen = {each["id"]: each for each in edge.ask("GET", "/api/v1/members", token=manager, **far).json["items"]}
    assert elsewhere not in seen
    assert (seen[colleague]["workspaces"], seen[owner]["role"]) == (["praxis"], "owner")
    mine, path = invited(edge, "manager", "praxis", by=manager)
    _, other = mine, token_in(accepted(edge, path))
    for becomes, answer in ((("owner", "*"), 403), (("client", "cafe"), 403), (("viewer",), 200)):
        change = {name: value for name, value in wanted(*becomes).items() if name != "name"}
        assert edge.ask("PATCH", f"/api/v1/members/{mine}", change, token=manager, **far).status == answer
    assert edge.ask("POST", "/api/v1/members", wanted("viewer"), token=other, **far).status == 403  # from now on
    key = edge.ask("POST", "/api/v1/keys", {"name": "k", "scopes": ["manager"], "workspaces": ["praxis"]}).json["key"]
    assert edge.ask("POST", "/api/v1/members", wanted("viewer"), token=key, Idempotency_Key="1", **far).status == 403


def test_what_holds_for_the_agency_is_an_owners_and_what_counts_as_money_a_managers(edge: Edge) -> None:
    _, manager, _ = let_in(edge, "manager", "praxis")
    _, operator, _ = let_in(edge, "operator", "praxis")
    company = {"website": "rival.example", "reason": "a secret"}
    far: dict[str, Any] = {"origin": FAR}
    for method, path in (("POST", "/api/v1/leads/taken"), ("DELETE", "/api/v1/leads/taken/rival.example")):
        assert edge.ask(method, path, company, token=manager, **far).status == 403
    assert edge.ask("POST", "/api/v1/leads/taken", company).status == 200
    assert edge.ask("DELETE", "/api/v1/leads/taken/rival.example").json == {"website": "rival.example", "taken": False}
    assert edge.ask("DELETE", "/api/v1/leads/taken/rival.example").status == 404
    paid = {"reference": "1", "amount": "5", "currency": "EUR"}
    assert edge.ask("POST", "/api/v1/payments", paid, token=operator, **far).status == 403
    assert edge.ask("POST", "/api/v1/payments", paid, token=manager, **far).status == 201


def test_an_agency_keeps_an_owner(edge: Edge) -> None:
    owner, token, _ = let_in(edge, "owner", "*")
    for method, body in (("DELETE", {}), ("PATCH", {"role": "viewer", "workspaces": ["praxis"]})):
        refused = edge.ask(method, f"/api/v1/members/{owner}", body, token=token, origin=FAR)
        assert (refused.status, list(refused.fields)) == (409, ["member"])
    other, _, _ = let_in(edge, "owner", "*", by=token)
    ports = wiring.ports()

    def take_away(pair: tuple[str, str]) -> bool:
        by, whom = pair
        try:
            inviting.revoke(ports, Inviter(f"member:{by}", "local", grants_in("owner", None)), whom)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take_away, [(owner, other), (other, owner)]))
    assert sorted(done) == [False, True]
    assert sum(each["state"] == "active" for each in edge.ask("GET", "/api/v1/members").json["items"]) == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"role": "owner", "workspaces": ["praxis"]}, "body"),
        ({"role": "client", "everywhere": True}, "body"),
        ({"role": "viewer"}, "body"),
        ({"role": "viewer", "workspaces": ["praxis"], "everywhere": True}, "body"),
        ({"role": "viewer", "workspaces": ["nowhere"]}, "workspaces"),
        ({"role": "viewer", "workspaces": ["_"]}, "workspaces[0]"),
        ({"role": "admin", "workspaces": ["praxis"]}, "role"),
        ({"role": "viewer", "workspaces": ["praxis"], "days": 15}, "days"),
        ({"role": "viewer", "workspaces": ["praxis"], "name": "A\u202eB"}, "name"),
    ],
)
def test_what_cannot_be_is_named(edge: Edge, asked: dict[str, Any], field: str) -> None:
    answer = edge.ask("POST", "/api/v1/members", {"name": "Ann", **asked})
    assert (answer.status, list(answer.fields)) == (400, [field])
    assert edge.ask("GET", "/api/v1/members").json["items"] == []


def test_whoever_writes_a_loop_stops_at_a_hundred_invitations(edge: Edge) -> None:
    by, ports = Inviter("owner", "local", grants_in("owner", None)), wiring.ports()
    asked = MemberRequest.model_validate(wanted("viewer"))
    for _ in range(MOST_OPEN):
        inviting.invite(ports, by, asked)
    refused = edge.ask("POST", "/api/v1/members", wanted("viewer"))
    assert (refused.status, "100 invitations wait" in refused.fields["member"]) == (409, True)
    found: list[Member] = inviting.listing(ports, by, 100, None)[0]
    edge.ask("DELETE", f"/api/v1/members/{found[0].id}")
    assert edge.ask("POST", "/api/v1/members", wanted("viewer")).status == 201


def test_the_link_is_mailed_as_one_row_of_the_ledger_and_said_if_not(edge: Edge, home: Path) -> None:
    first = edge.ask("POST", "/api/v1/members", wanted(to="ann@agency.example"), Baton_Workspace="praxis")
    assert first.json["mail"] == "not sent: say first who writes here"
    sender = {"name": "The Agency", "address": "hi@agency.example", "postal_address": "1 Mill Road, Leeds"}
    edge.ask("PUT", "/api/v1/house", {"sender": sender}, Baton_Workspace="praxis")
    made = edge.ask("POST", "/api/v1/members", wanted(to="ann@agency.example"), Baton_Workspace="praxis").json
    assert made["mail"] == "accepted"
    (mail,) = (home / "outbox").rglob("*.eml")
    text = mail.read_text().replace("=\n", "").replace("=3D", "=")
    assert "The Agency invites you" in text
    assert made["url"].rpartition("/")[2] in text
    (row,) = wiring.ports().ledger.of_shard(Scope("local", "praxis"), f"member-{made['member']['id']}", 0)
    assert (row.state, row.reason) == ("accepted", "invitation")


def test_pages_say_names_and_offer_what_the_reader_may(edge: Edge) -> None:
    id, token, _ = let_in(edge, "manager", "praxis")
    far: dict[str, Any] = {"token": token, "origin": FAR, **HTML}
    body = urlencode({"name": "Ben <b>", "role": "client", "in.praxis": "on", "days": "2"}).encode()
    made = edge.ask("POST", "/members?workspace=praxis", body, **far)
    page = made.body.decode()
    assert made.status == 200
    assert re.search(r'id="url">https://baton\.example/api/i/[\w-]+<', page)
    assert "Ben &lt;b&gt;" in page
    assert f"<dd>Ann {id} (manager)</dd>" in page  # who let Ben in, by name and role
    assert 'value="owner"' not in page
    assert 'name="everywhere"' not in page
    again = edge.ask("GET", "/members", **far).body.decode()
    assert "/api/i/" not in again
    wrong = edge.ask("POST", "/members", urlencode({"name": "", "role": "viewer", "in.praxis": "on"}).encode(), **far)
    assert (wrong.status, b'role="alert"' in wrong.body) == (400, True)


def test_what_is_archived_can_be_looked_at_and_nothing_is_begun_in_it(edge: Edge) -> None:
    there = {"Baton_Workspace": "praxis"}
    _, token, _ = let_in(edge, "manager", "praxis")
    body = b"email\nann@x.example\n"
    began = edge.ask("POST", "/api/v1/contacts/imports", body, Content_Type="text/csv", **there)
    assert began.status == 202
    assert "import" in edge.ask("PATCH", "/api/v1/workspaces/praxis", {"archived": True}).fields["archived"]
    wiring.ports().documents.delete(Scope("local", "praxis"), Kind.IMPORT, began.json["id"])
    assert edge.ask("PATCH", "/api/v1/workspaces/praxis", {"archived": True}, token=token, origin=FAR).status == 403
    archived = edge.ask("PATCH", "/api/v1/workspaces/praxis", {"archived": True})
    assert archived.json["archived_at"]
    assert status(edge, token, "/api/v1/contacts/imports") == 200
    for method, path in (("PUT", "/api/v1/policy"), ("POST", "/api/v1/contacts/imports"), ("POST", "/settings/sender")):
        refused = edge.ask(method, path, {}, token=token, origin=FAR)
        assert (refused.status, refused.json["type"]) == (409, "urn:baton:problem:archived")
    assert Scope("local", "praxis") not in working_scopes(wiring.ports())
    edge.ask("PATCH", "/api/v1/workspaces/praxis", {"archived": False, "name": "Praxis Nord"})
    assert edge.ask("PUT", "/api/v1/policy", {"apart_minutes": 45}, token=token, origin=FAR).status == 200
    (mine,) = edge.ask("GET", "/api/v1/workspaces", token=token, origin=FAR).json["items"]
    assert (mine["id"], mine["name"], mine["archived_at"]) == ("praxis", "Praxis Nord", None)
    for taken in ({"name": "Praxis!"}, {"name": "x", "id": "main"}):
        assert edge.ask("POST", "/api/v1/workspaces", taken).status == 409
    assert list(edge.ask("POST", "/api/v1/workspaces", {"name": "北京"}).fields) == ["id"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.CAMPAIGN, {"status": "paused", "name": "Spring"}),
        (Kind.PROPOSAL, {"status": "sent", "title": "Spring"}),
        (Kind.PROPOSAL, {"status": "draft", "title": "Spring", "pending": True}),
        (Kind.PROPOSAL, {"status": "draft", "title": "Spring", "asking": True}),
        (Kind.INVOICE_PLAN, {"title": "Spring", "next_at": "2027-01-01T00:00:00Z"}),
        (Kind.LEAD_LIST, {"status": "running", "name": "Spring"}),
        (Kind.PIECE, {"status": "writing", "title": "Spring"}),
    ],
)
def test_a_workspace_with_work_under_way_is_not_archived(edge: Edge, kind: Kind, body: dict[str, Any]) -> None:
    wiring.ports().documents.put(Scope("local", "praxis"), kind, "c", body)
    refused = edge.ask("PATCH", "/api/v1/workspaces/praxis", {"archived": True})
    assert (refused.status, "'Spring' is under way" in refused.fields["archived"]) == (409, True)


@pytest.mark.parametrize(
    "name",
    ["owner", "OWNER", " Ow\u0301ner", "\uff4fwner", "\u043ewner", "0wner", "The Owner", "o.w.n.e.r", "System", "books",
     "schedule", "Generate", "client", "Baton", "Zoe (owner)", "member:1", "...", "somebody who was let out"],
)  # fmt: skip
def test_nobody_takes_the_name_of_an_actor(edge: Edge, name: str) -> None:
    _, path = invited(edge, "client")
    refused = accepted(edge, path, name)
    assert (refused.status, list(refused.fields)) == (400, ["name"])
    assert accepted(edge, path, "Zoe Owner-Smith").status == 200  # the link is still good


def test_nobody_takes_the_name_of_another_and_what_somebody_did_says_their_role(edge: Edge) -> None:
    _, path = invited(edge, "manager")
    first = accepted(edge, path, "Zo\u00eb")
    said = {"name": "Maja", "role": "viewer", "workspaces": ["praxis"]}
    far = {"token": token_in(first), "origin": FAR, "Baton_Workspace": "praxis"}
    assert edge.ask("POST", "/api/v1/members", said, **far).status == 201
    assert "Zo\u00eb (manager)" in edge.ask("GET", "/members", **HTML).body.decode()
    _, later = invited(edge, "client")
    refused = accepted(edge, later, " ZOE ")
    assert (refused.status, list(refused.fields)) == (409, ["name"])
    assert accepted(edge, later, "Zoe B").status == 200
