"""Signing in: a link that works once, a cookie that works for a while."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from shared import wiring
from shared.access.session import LINK_LIFE, SESSION_LIFE, sign_in_token

from .conftest import ORIGIN, Edge


def sign_in(edge: Edge) -> str:
    url = edge.ask("POST", "/api/v1/sign-in-links").json["url"]
    answer = edge.ask("GET", url.removeprefix(ORIGIN), token=None)
    assert answer.status == 200
    return answer.headers["Set-Cookie"]


def test_the_link_signs_in_and_leads_on_to_the_pages(edge: Edge) -> None:
    made = edge.ask("POST", "/api/v1/sign-in-links")
    assert made.status == 201
    answer = edge.ask("GET", made.json["url"].removeprefix(ORIGIN), token=None)
    assert b'content="0;url=/"' in answer.body
    cookie, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} == set(attributes)
    assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=f"theme=dark; {cookie}").status == 200


def test_the_link_works_once(edge: Edge) -> None:
    url = edge.ask("POST", "/api/v1/sign-in-links").json["url"].removeprefix(ORIGIN)
    assert edge.ask("GET", url, token=None).status == 200
    again = edge.ask("GET", url, token=None)
    assert (again.status, "used already" in again.fields["token"]) == (401, True)


def test_links_that_are_forged_or_too_old_are_refused(edge: Edge, home: Path) -> None:
    ports = wiring.ports()
    old = sign_in_token("owner", "n", ports.clock.now() - LINK_LIFE, ports.keys.field)
    forged = sign_in_token("owner", "n", ports.clock.now(), {"1": b"another key"})
    cookie = sign_in(edge).split(";")[0].partition("=")[2]
    for token in (old, forged, cookie, ".", "a.b", "ä.ö", "x" * 999):
        answer = edge.ask("GET", f"/signin?token={token}", token=None)
        assert (answer.status, list(answer.fields)) == (401, ["token"])
    assert edge.ask("GET", "/signin", token=None).fields == {"token": "is required"}


def test_a_session_ends_and_cannot_be_lengthened(edge: Edge, tmp_path: Path, monkeypatch: object) -> None:
    cookie = sign_in(edge).split(";")[0]
    payload, _, mac = cookie.partition(".")
    for wrong in (f"{payload[:-1]}.{mac}", f"{payload}.{mac[:-2]}", f"{payload}", "baton_session=", "baton_session"):
        assert edge.ask("GET", "/api/v1/campaigns", token=None, Cookie=wrong).status == 401
    from shared.access.session import signed_in

    ports = wiring.ports()
    now = ports.clock.now()
    assert signed_in(cookie, now + SESSION_LIFE - timedelta(minutes=1), ports.keys.field) == "owner"
    assert signed_in(cookie, now + SESSION_LIFE + timedelta(minutes=1), ports.keys.field) is None


def test_a_key_that_is_taken_out_of_the_ring_ends_its_sessions(edge: Edge) -> None:
    from shared.access.session import signed_in

    cookie, ports = sign_in(edge).split(";")[0], wiring.ports()
    now = ports.clock.now()
    assert signed_in(cookie, now, {**ports.keys.field, "2": b"newer"}) == "owner"
    assert signed_in(cookie, now, {"2": b"newer"}) is None


def test_over_https_the_cookie_is_secure(edge: Edge) -> None:
    url = edge.ask("POST", "/api/v1/sign-in-links", origin="https://127.0.0.1:7071").json["url"]
    path = url.removeprefix("https://127.0.0.1:7071")
    assert edge.ask("GET", path, token=None, origin="https://127.0.0.1").headers["Set-Cookie"].endswith("; Secure")
