"""The real host on the wire, asked by somebody who means harm: refused in words, nothing changed, nothing let out."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from typing import Any, NamedTuple

import pytest

from functions.http.resolve import handler_of
from functions.http.table import ROWS
from shared.access.contract import contract_of
from shared.access.route import Route
from tests.e2e.campaign.baton import CSV, Baton
from tests.integration.edge.test_routes import BODIES, form_of

CANARY = "canary"
OWNED = [row for row in ROWS if "{id}" in row.path]


class Sent(NamedTuple):
    """What one campaign to one person left behind; `links` are the paths in its mail by kind (u, c)."""

    baton: Baton
    ids: dict[str, str]
    links: dict[str, str]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    baton = Baton(tmp_path_factory.mktemp("hostile")).start()
    assert baton.host
    try:
        yield _send(baton)
    finally:
        baton.host.stop()


def _send(baton: Baton) -> Sent:
    rows = CSV + f"{CANARY}@people.example,{CANARY},UTC,yes\n"
    imported = baton.ask("POST", "contacts/imports", content=rows, headers={"Content-Type": "text/csv"})["id"]
    baton.imported(imported)
    campaign = baton.create(name=f"{CANARY} campaign")
    baton.approve(campaign)
    baton.until(campaign, "completed")
    (contact,) = baton.ask("GET", "contacts")["items"]
    (mail,) = (baton.home / "outbox").rglob("*.eml")
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body
    links = {path[5]: path for path in re.findall(r"http://[^/]+(/api/[uc]/\S+)", body.get_content())}
    return Sent(baton, {"contact": contact["id"], "import": imported, "campaign": campaign}, links)


def wire(baton: Baton, start: str, *headers: str, body: bytes = b"") -> tuple[int, bytes]:
    """Bytes as they are, past any client's good manners; the status and all that came back."""
    assert baton.host
    url = baton.host.http.base_url
    token = (baton.home / "owner.token").read_text().strip()
    lines = (f"{start} HTTP/1.1", f"Host: {url.host}:{url.port}", f"Authorization: Bearer {token}", *headers)
    with closing(socket.create_connection((url.host, url.port), timeout=10)) as connection:
        connection.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode("latin-1") + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return int(answer.split(b" ", 2)[1]), answer


def body_for(row: Route) -> dict[str, Any]:
    """A body that would do, were it one's own: JSON as the route takes it, or a form."""
    model = contract_of(handler_of(row)).body
    if row.path.startswith("/api/") and model:
        return {"json": BODIES[model]}
    return {"data": form_of(row)}


def path_to(row: Route, ids: dict[str, str]) -> str:
    kind = "import" if "import" in row.path else "contact" if row.path.startswith("/api/v1/contacts") else "campaign"
    return row.path.replace("{id}", ids[kind]).replace("{contact_id}", ids["contact"])


@pytest.mark.parametrize("row", OWNED, ids=[f"{row.method} {row.path}" for row in OWNED])
def test_what_one_workspace_owns_another_cannot_reach_by_its_id(sent: Sent, row: Route) -> None:
    assert sent.baton.host
    headers = {"Authorization": "Bearer " + (sent.baton.home / "owner.token").read_text().strip()}
    answer = sent.baton.host.http.request(
        row.method,
        path_to(row, sent.ids),
        headers={**headers, "Baton-Workspace": "other"},
        **(body_for(row) if row.method in ("POST", "PUT", "PATCH") else {}),
    )
    assert answer.status_code == 404
    assert answer.json()["errors"]
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("start", "headers", "body", "status"),
    [
        (
            "POST /api/v1/campaigns",
            ("Transfer-Encoding: chunked",),
            b"f4241\r\n" + b" " * 1_000_001 + b"\r\n0\r\n\r\n",
            413,
        ),
        ("POST /api/v1/campaigns", ("Content-Length: 99999999999",), b"", 413),
        ("POST /api/v1/campaigns", ("Content-Length: 2", "Transfer-Encoding: chunked"), b"{}0\r\n\r\n", 400),
        ("POST /api/v1/campaigns", ("Content-Length: -1",), b"", 400),
        ("GET /api/v1/campaigns?cursor=\xff", (), b"", 400),
        ("GET /api/v1/campaigns?limit=1&limit=2", (), b"", 400),
        ("GET /api/v1/campaigns", ("Baton-Workspace: main", "Baton-Workspace: other"), b"", 400),
        ("GET /api/v1/campaigns", ("Authorization: Bearer x",), b"", 401),
        ("GET /api/v1/campaigns", ("Host: evil.example",), b"", 400),
        ("GET /api/v1/campaigns/%00", (), b"", 404),
        ("GET /api/v1/campaigns/..%2f..%2fkeys.json", (), b"", 404),
        ("GET /static/..%2f..%2fpages.py", (), b"", 404),
        ("GET /static/../../../../etc/passwd", (), b"", 404),
        ("DELETE /api/v1/campaigns", ("X-HTTP-Method-Override: GET",), b"", 405),
        ("OPTIONS /api/v1/campaigns", ("Origin: https://evil.example",), b"", 405),
        ("GET /runtime/webhooks/durabletask/instances", (), b"", 401),
    ],
)
def test_rule_s8_what_no_client_should_send_is_refused(
    sent: Sent, start: str, headers: tuple[str, ...], body: bytes, status: int
) -> None:
    found, answer = wire(sent.baton, start, *headers, body=body)
    assert found == status
    assert CANARY.encode() not in answer
    assert len(sent.baton.ask("GET", "campaigns")["items"]) == 1


def test_a_click_leads_to_the_campaigns_own_address_whatever_is_added(sent: Sent) -> None:
    assert sent.baton.host
    http, link = sent.baton.host.http, sent.links["c"]
    for query in ("", "?url=https://evil.example", "?//evil.example"):
        assert http.get(link + query).headers["location"] == "https://praxis.example/book"
    for wrong in (link[:-2], link + "/https://evil.example", link + "%00", sent.links["u"].replace("/u/", "/c/")):
        answer = http.get(wrong)
        assert (answer.status_code, "location" in answer.headers) == (404, False)


def test_looking_never_unsubscribes_and_the_mail_program_needs_nothing_but_the_link(sent: Sent) -> None:
    assert sent.baton.host
    http, link = sent.baton.host.http, sent.links["u"]
    stranger = {"Host": "mail.example", "X-Forwarded-For": "203.0.113.9", "Cookie": "baton_session=x"}
    for method in ("GET", "HEAD"):
        assert http.request(method, link, headers=stranger).status_code == 200
    assert not sent.baton.ask("GET", "contacts")["items"][0]["suppressed"]
    answer = http.post(link, content=b"List-Unsubscribe=One-Click", headers=stranger)
    assert (answer.status_code, "set-cookie" in answer.headers, answer.has_redirect_location) == (200, False, False)
    assert sent.baton.ask("GET", "contacts")["items"][0]["suppressed"]


def test_neither_the_log_nor_the_histories_know_who_anybody_is(sent: Sent) -> None:
    assert sent.baton.host
    token = (sent.baton.home / "owner.token").read_text().strip()
    secrets = (CANARY, "people.example", token, *(path.rpartition("/")[2] for path in sent.links.values()))
    instance = f"local~main~campaign~{sent.ids['campaign']}~1"
    shown = sent.baton.host.manage("GET", f"instances/{instance}", params={"showHistory": "true", "showInput": "true"})
    kept = b"".join(file.read_bytes() for file in sent.baton.host.state.glob("host.db*"))
    assert shown.json()["runtimeStatus"] == "Completed"
    for secret in secrets:
        assert secret not in "\n".join(sent.baton.host.log) + json.dumps(shown.json())
        assert secret.encode() not in kept
