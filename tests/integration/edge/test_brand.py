"""The brand over HTTP, on its page and in mails."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from shared.agents import brand as brands
from shared.domain.scope import Scope
from shared.wiring import ports

from .conftest import Answered, Edge

SCOPE = Scope("local", "main")
HTML = {"Accept": "text/html"}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20" onload="x()">'
    b'<rect width="100" height="20"/><script>x()</script></svg>'
)
BRAND = {"name": "Nordlicht Studio", "colours": {"primary": "#1D4E89"}, "fonts": {"heading": "New Computer Modern"}}


def put(edge: Edge, body: dict[str, Any], **headers: str) -> Answered:
    return edge.ask("PUT", "/api/v1/brand", body, Content_Type="application/json", **headers)


def test_a_brand_is_written_read_and_kept_from_being_written_over(edge: Edge) -> None:
    first = edge.ask("GET", "/api/v1/brand")
    assert (first.json["name"], first.json["rev"], "ETag" in first.headers) == (None, None, False)
    assert put(edge, BRAND, If_Match='"1"').fields == {"If-Match": "there is no brand yet"}
    made = put(edge, BRAND)
    assert (made.status, made.json["colours"]["primary"]) == (200, "#1d4e89")
    assert made.json["contrasts"] == {"text": 17.2, "on_primary": 8.4}
    assert made.json["drawn_with"]["heading"][:2] == ["New Computer Modern", "Libertinus Serif"]
    assert made.headers["ETag"] == edge.ask("GET", "/api/v1/brand").headers["ETag"] == f'"{made.json["rev"]}"'
    again = put(edge, {"name": "Nordlicht"}, If_Match=made.headers["ETag"])
    assert (again.status, again.json["name"]) == (200, "Nordlicht")
    stale = put(edge, BRAND, If_Match=made.headers["ETag"])
    assert (stale.status, list(stale.fields)) == (412, ["If-Match"])
    assert edge.ask("GET", "/api/v1/brand").json["name"] == "Nordlicht"
    assert edge.ask("GET", "/api/v1/brand", Baton_Workspace="other").json["name"] is None


def test_what_is_wrong_is_named_by_field(edge: Edge) -> None:
    colours = {"text": "#eeeeee"}
    assert list(put(edge, {"name": "N", "colours": colours}).fields) == ["colours.text"]
    assert put(edge, {"name": "N", "fonts": {"body": "Comic Sans MS"}}).fields == {
        "fonts.body": "'Comic Sans MS' is not among the fonts here: DejaVu Sans Mono, Libertinus Serif, "
        "New Computer Modern"
    }
    assert put(edge, {"name": "N", "logo": {}}).fields == {"logo": "unknown field"}
    assert put(edge, {"name": " "}).status == 400


def test_a_logo_is_cleaned_shown_in_mails_and_taken_away(edge: Edge) -> None:
    early = edge.ask("PUT", "/api/v1/brand/logo", SVG)
    assert (early.status, list(early.fields)) == (409, ["logo"])
    put(edge, BRAND)
    made = edge.ask("PUT", "/api/v1/brand/logo", SVG).json["logo"]
    assert (made["media_type"], made["removed"]) == ("image/svg+xml", ["onload", "script"])
    kept = edge.ask("GET", "/api/v1/brand/logo")
    assert (kept.headers["Content-Type"], b"script" in kept.body) == ("image/svg+xml", False)
    assert "sandbox" in kept.headers["Content-Security-Policy"]
    assert put(edge, BRAND).json["logo"] == made
    look = brands.mail_look(ports(), SCOPE)
    assert look.logo
    assert (look.logo.alt, look.logo.width, look.logo.height) == ("Nordlicht Studio", 220, 44)
    path = look.logo.url.removeprefix("http://127.0.0.1:7071")
    public = edge.ask("GET", path, token=None, origin="https://mail.example")
    assert (public.status, public.headers["Content-Type"], public.body[:4]) == (200, "image/png", b"\x89PNG")
    assert "immutable" in public.headers["Cache-Control"]
    assert edge.ask("DELETE", "/api/v1/brand/logo").json["logo"] is None
    assert edge.ask("DELETE", "/api/v1/brand/logo").status == edge.ask("GET", "/api/v1/brand/logo").status == 404
    assert edge.ask("GET", path, token=None).status == 200  # for what was sent with it
    forged = path[:-2] + ("AA" if path[-2:] != "AA" else "BB")
    assert edge.ask("GET", forged, token=None).status == edge.ask("GET", "/api/b/x", token=None).status == 404


def test_a_hostile_or_huge_logo_is_refused_with_the_reason(edge: Edge) -> None:
    put(edge, BRAND)
    for body, reason in (
        (bytes(50_000_000), "has 50,000,000 bytes; at most 500,000 are taken"),
        (b"", "is empty; a PNG or SVG file is needed"),
        (b"<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg'/>", "declares a document type or entities, "
         "which no picture needs"),
    ):  # fmt: skip
        answer = edge.ask("PUT", "/api/v1/brand/logo", body)
        assert (answer.status, answer.fields) == (400, {"logo": reason})
    assert edge.ask("GET", "/api/v1/brand").json["logo"] is None


def test_the_page_shows_it_and_its_forms_change_it(edge: Edge) -> None:
    page = edge.ask("GET", "/brand", **HTML).body.decode()
    assert "How what you send looks" in page
    form = {"rev": "", "name": "<b>Nordlicht</b>", "colours.primary": "#1d4e89", "fonts.body": "DejaVu Sans Mono"}
    assert edge.ask("POST", "/brand", urlencode(form).encode(), **FORM).status == 303
    page = edge.ask("GET", "/brand", **HTML).body.decode()
    assert "&lt;b&gt;Nordlicht" in page
    assert 'value="#1d4e89"' in page
    rev = re.search(r'name="rev" value="(.+?)"', page)
    assert rev
    edge.ask("POST", "/brand", urlencode(form | {"rev": rev[1]}).encode(), **FORM)
    late = edge.ask("POST", "/brand", urlencode(form | {"rev": rev[1]}).encode(), **FORM)
    assert (late.status, list(late.fields)) == (412, ["If-Match"])
    head = b'--b\r\nContent-Disposition: form-data; name="logo"; filename="l.svg"\r\n\r\n'
    body = head + SVG + b"\r\n--b--\r\n"
    assert edge.ask("POST", "/brand/logo", body, Content_Type="multipart/form-data; boundary=b").status == 303
    page = edge.ask("GET", "/brand", **HTML).body.decode()
    assert "Taken out of the file: onload, script." in page
    assert edge.ask("POST", "/brand/logo/remove", b"", **FORM).status == 303
    assert edge.ask("GET", "/api/v1/brand").json["logo"] is None
