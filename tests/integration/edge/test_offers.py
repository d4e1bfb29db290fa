"""Pages know who looks: nothing is offered that would be refused, and everybody sees in which workspace they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.access.roles import ROLES
from shared.agents.scopes import register
from shared.domain.scope import Scope
from tests.servers.openid import AUDIENCE, DIRECTORY, OpenId, openid
from tests.servers.smtp_strict import authority

from .conftest import ORIGIN, Edge, row_of
from .test_campaigns import people, waiting
from .test_pieces import made, write
from .test_session import sign_in

__all__ = ["people", "waiting"]

HTML = {"Accept": "text/html"}
FAR = "https://baton.example"
POSTS = re.compile(r'<form method="post" action="([^"?]+)|formaction="([^"?]+)|data-posts="([^"]+)')
LEADS = re.compile(r'<a\b[^>]*href="(/[^"?#]*)')


@pytest.fixture
def issuer(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenId]:
    trusted = authority(tmp_path_factory.mktemp("authority"))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca_file))
    with openid(trusted) as running:
        monkeypatch.setenv("BATON_ENTRA_AUTHORITY", running.url)
        monkeypatch.setenv("BATON_ENTRA_AUDIENCE", AUDIENCE)
        monkeypatch.setenv("BATON_ENTRA_TENANTS", DIRECTORY)  # alone: the agency `local`
        yield running


def posts(page: str) -> set[str]:
    return {path for found in POSTS.findall(page) for path in found if path}


def things(edge: Edge) -> list[str]:
    """One of each that has a page of its own."""
    asked = {"url": "https://example.com/hook"}
    task = {"agent": "copywriter", "title": "Sum up", "instructions": "Sum up."}
    contact = edge.ask("GET", "/api/v1/contacts").json["items"][0]["id"]
    return [
        f"/webhooks/{edge.ask('POST', '/api/v1/webhooks', asked).json['id']}",
        f"/tasks/{edge.ask('POST', '/api/v1/tasks', task).json['id']}",
        f"/pieces/{write(edge, made(edge, formats=['sms']))['id']}",
        f"/contacts/{contact}",
        "/agents/copywriter",
    ]


ROOMS = [
    "/", "/settings", "/workspaces", "/members",
    "/pieces", "/contacts", "/approvals", "/policy", "/domains", "/feedback", "/agents", "/tasks", "/models",
    "/budgets", "/webhooks", "/knowledge", "/brand", "/style-guide", "/cards", "/documents", "/explain",
    "/processes", "/processes/sol_import", "/runs",
]  # fmt: skip


def test_no_page_offers_what_its_reader_may_not_do(issuer: OpenId, edge: Edge, waiting: str) -> None:
    campaign = waiting.removeprefix("/api/v1")
    pages = [*ROOMS, *things(edge), campaign, f"{campaign}/live"]
    offered: dict[str, set[str]] = {}
    for role in ("owner", "manager", "operator", "client:main", "viewer"):
        token, may = issuer.token(datetime.now(UTC), roles=[role]), ROLES[role.partition(":")[0]]
        theirs = [path for path in pages if row_of("GET", path)[0].role in may]
        seen = {path: edge.ask("GET", path, token=token, origin=FAR, **HTML) for path in theirs}
        assert {path for path, answer in seen.items() if answer.status != 200} == set()
        texts = [answer.body.decode() for answer in seen.values()]
        offered[role] = {row_of("POST", path)[0].path for text in texts for path in posts(text)}
        assert {path for path in offered[role] if row_of("POST", path)[0].role not in may} == set()
        led = {path for text in texts for path in LEADS.findall(text) if not path.startswith("/static/")}
        assert {path for path in led if row_of("GET", path)[0].role not in may} == set()
        assert "<!--" not in "".join(texts)
    assert offered["owner"] - offered["manager"] == {"/workspaces", "/workspaces/{id}"}
    assert offered["owner"] > offered["manager"] > offered["operator"] > offered["viewer"] == set()
    assert len(offered["owner"]) > 25
    assert offered["client:main"] == {"/campaigns/{id}/decision", "/approvals/{subject}", "/pieces/{id}/approvals"}


def test_what_is_not_offered_leaves_what_there_is_to_read(issuer: OpenId, edge: Edge, waiting: str) -> None:
    campaign = waiting.removeprefix("/api/v1")
    viewer = issuer.token(datetime.now(UTC), roles=["viewer"])
    page = edge.ask("GET", campaign, token=viewer, origin=FAR, **HTML).body.decode()
    assert "Only an owner, a manager or a client may do this." in page
    assert "Approve version 1" in page
    assert "It waits for approval." in page
    assert edge.ask("GET", "/contacts", token=viewer, origin=FAR, **HTML).body.count(b"<h2>Bring") == 0
    assert b"New campaign" not in edge.ask("GET", "/", token=viewer, origin=FAR, **HTML).body


def known(*workspaces: str) -> None:
    for each in workspaces:
        register(wiring.ports(), Scope("local", each))


def choices(edge: Edge, token: str, **headers: str) -> tuple[list[str], list[str]]:
    """What can be chosen, and what is."""
    page = edge.ask("GET", "/policy", token=token, origin=FAR, **HTML, **headers).body.decode()
    listed = re.search(r'<form class="where".*?</form>', page, re.DOTALL)
    found = re.findall(r"<option( selected)?>([^<]+)", listed[0]) if listed else []
    return [name for _, name in found], [name for selected, name in found if selected]


def test_the_chooser_lists_what_the_token_grants_and_nothing_else(issuer: OpenId, edge: Edge) -> None:
    now = datetime.now(UTC)
    known("main", "cafe", "praxis")
    assert choices(edge, issuer.token(now, roles=["manager"])) == (["cafe", "main", "praxis"], ["main"])
    both = issuer.token(now, roles=["viewer:main", "client:cafe"])
    assert choices(edge, both) == (["cafe", "main"], ["main"])
    assert choices(edge, issuer.token(now, roles=["client:cafe"])) == ([], [])


def test_a_browser_stays_in_the_workspace_that_was_chosen(edge: Edge) -> None:
    known("main", "cafe")
    session = sign_in(edge).partition(";")[0]
    asked = {"Cookie": session, "Origin": ORIGIN, **HTML}
    chosen = edge.ask("POST", "/workspace", b"workspace=cafe", token=None, **asked)
    assert (chosen.status, chosen.headers["Location"]) == (303, "/")
    cookie, *attributes = chosen.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} == set(attributes)
    there = {**asked, "Cookie": f"{session}; {cookie}"}
    page = edge.ask("GET", "/policy", token=None, **there).body.decode()
    assert "<option selected>cafe</option>" in page
    (form,) = re.findall(r'action="(/policy[^"]*)"', page)
    told = edge.ask("POST", form, b"apart_minutes=44", token=None, **there)
    assert told.status == 303, told.body
    assert edge.ask("GET", "/api/v1/policy", Baton_Workspace="cafe").json["apart_minutes"] == 44
    assert (
        edge.ask("GET", "/api/v1/policy", Cookie=cookie).json["apart_minutes"] != 44
    )  # with a token: the header alone
    # Another window is still in main; what its forms ask for is done nowhere.
    stale = edge.ask("POST", form.replace("cafe", "main"), b"apart_minutes=45", token=None, **there)
    assert stale.status == 409
    assert {
        edge.ask("GET", "/api/v1/policy", Baton_Workspace=each).json["apart_minutes"] for each in ("main", "cafe")
    } == {
        edge.ask("GET", "/api/v1/policy").json["apart_minutes"],
        44,
    }


@pytest.mark.parametrize(("wanted", "status"), [("cafe", 303), ("main", 403), ("_", 403), ("No Such", 400), ("", 400)])
def test_nobody_goes_over_to_a_workspace_that_the_token_does_not_grant(
    issuer: OpenId, edge: Edge, wanted: str, status: int
) -> None:
    known("main", "cafe")
    token = issuer.token(datetime.now(UTC), roles=["client:cafe", "viewer:bar"])
    body = urlencode({"workspace": wanted}).encode()
    answer = edge.ask("POST", "/workspace", body, token=token, origin=FAR, Baton_Workspace="bar")
    assert (answer.status, "Set-Cookie" in answer.headers) == (status, status == 303)
