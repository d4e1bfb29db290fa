"""The knowledge base over HTTP and its pages: in, found, cited, renewed, deleted; bad input by the field."""

from __future__ import annotations

import json

import pytest

from tests.integration.knowledge import files

from .conftest import Answered, Edge

HTML = {"Accept": "text/html"}
CLEANING = "A cleaning costs 90 euros."
FORM = 'multipart/form-data; boundary="B"'


def bring(edge: Edge, text: str = CLEANING, **more: str) -> Answered:
    return edge.ask(
        "POST", "/api/v1/knowledge", {"title": "Prices", "text": text, **more}, Content_Type="application/json"
    )


def form(**fields: str | tuple[str, bytes]) -> bytes:
    parts = []
    for name, value in fields.items():
        file, data = value if isinstance(value, tuple) else (None, value.encode())
        said = f'; filename="{file}"' if file is not None else ""
        parts.append(f'--B\r\nContent-Disposition: form-data; name="{name}"{said}\r\n\r\n'.encode() + data + b"\r\n")
    return b"".join(parts) + b"--B--\r\n"


def test_a_text_is_taken_in_and_found_with_its_citation(edge: Edge) -> None:
    made = bring(edge, source="our price list", language="en", licence="own")
    assert made.status == 201
    id = made.json["id"]
    assert made.headers["Location"] == f"/api/v1/knowledge/{id}"
    assert {name: made.json[name] for name in ("title", "source", "language", "licence", "by")} == {
        "title": "Prices", "source": "our price list", "language": "en", "licence": "own", "by": "owner",
    }  # fmt: skip
    [hit] = edge.ask("GET", "/api/v1/knowledge/search?q=what+does+cleaning+cost").json["items"]
    assert (hit["document"], hit["version"], hit["passage"]["text"], hit["untrusted"]) == (id, 1, CLEANING, True)
    [passage] = edge.ask("GET", f"/api/v1/knowledge/{id}/passages").json["items"]
    assert passage == hit["passage"]
    assert edge.ask("GET", f"/api/v1/knowledge/{id}").json == made.json
    assert edge.ask("GET", "/api/v1/knowledge").json["items"] == [made.json]


def test_a_file_is_taken_in_with_what_the_query_says(edge: Edge) -> None:
    data = files.pdf(CLEANING, "Open from eight.", title="Price list")
    made = edge.ask("POST", "/api/v1/knowledge?name=list.pdf&language=de", data, Content_Type="application/pdf")
    assert (made.status, made.json["title"], made.json["versions"][0]["format"]) == (201, "Price list", "pdf")
    [hit] = edge.ask("GET", "/api/v1/knowledge/search?q=eight").json["items"]
    assert hit["passage"]["page"] == 2
    named = edge.ask("POST", "/api/v1/knowledge?name=notes.md", b"# A\n\nb", Content_Type="application/octet-stream")
    assert named.json["versions"][0]["format"] == "markdown"


def test_the_same_request_again_makes_one_document(edge: Edge) -> None:
    said = json.dumps({"title": "Prices", "text": CLEANING}).encode()
    asked = {"Content_Type": "application/json", "Idempotency_Key": "k1"}
    first, again = (edge.ask("POST", "/api/v1/knowledge", said, **asked) for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body)
    other = edge.ask("POST", "/api/v1/knowledge", said.replace(b"90", b"95"), **asked)
    assert other.status == 422
    assert len(edge.ask("GET", "/api/v1/knowledge").json["items"]) == 1


def test_a_new_version_answers_and_pages_go_on(edge: Edge) -> None:
    id = bring(edge).json["id"]
    text = "\n\n".join(f"Number {n}. " + "word " * 250 for n in range(5))
    renewed = edge.ask("POST", f"/api/v1/knowledge/{id}/versions?name=b.txt", text.encode(), Content_Type="text/plain")
    assert (renewed.status, len(renewed.json["versions"])) == (201, 2)
    first = edge.ask("GET", f"/api/v1/knowledge/{id}/passages?limit=3").json
    rest = edge.ask("GET", f"/api/v1/knowledge/{id}/passages?limit=3&cursor={first['cursor']}").json
    assert (len(first["items"]), len(rest["items"]), rest["cursor"]) == (3, 2, None)
    [old] = edge.ask("GET", f"/api/v1/knowledge/{id}/passages?version=1").json["items"]
    assert old["text"] == CLEANING
    assert edge.ask("GET", "/api/v1/knowledge/search?q=cleaning").json["items"] == []


def test_what_is_deleted_is_gone(edge: Edge) -> None:
    id = bring(edge).json["id"]
    assert edge.ask("DELETE", f"/api/v1/knowledge/{id}").json == {"id": id, "flagged": 0}
    assert edge.ask("GET", "/api/v1/knowledge/search?q=cleaning").json["items"] == []
    for method, path in (("GET", ""), ("GET", "/passages"), ("DELETE", ""), ("POST", "/versions")):
        assert edge.ask(method, f"/api/v1/knowledge/{id}{path}", b"x", Content_Type="text/plain").status == 404, path


def test_another_workspace_sees_nothing(edge: Edge) -> None:
    id = bring(edge).json["id"]
    other = {"Baton_Workspace": "other"}
    assert edge.ask("GET", f"/api/v1/knowledge/{id}", **other).status == 404
    assert edge.ask("GET", "/api/v1/knowledge/search?q=cleaning", **other).json["items"] == []
    assert edge.ask("DELETE", f"/api/v1/knowledge/{id}", **other).status == 404


@pytest.mark.parametrize(
    ("target", "body", "content_type", "field"),
    [
        ("", b"", "text/plain", "body"),
        ("", b"x", "image/png", "file"),
        ("?name=a.exe", b"x", "application/octet-stream", "file"),
        ("", b"no pdf", "application/pdf", "file"),
        ("", b'{"title": "x"}', "application/json", "text"),
        ("", b'{"title": "x", "text": "y", "format": "exe"}', "application/json", "format"),
        ("", b'{"title": "x", "text": "y", "admin": true}', "application/json", "admin"),
        ("?language=english!", b"x", "text/plain", "language"),
        ("?titel=x", b"x", "text/plain", "titel"),
        ("", b"\xff\xfe\x00", "text/plain", "file"),
    ],
)
def test_what_is_wrong_is_said_by_the_field(
    edge: Edge, target: str, body: bytes, content_type: str, field: str
) -> None:
    said = edge.ask("POST", f"/api/v1/knowledge{target}", body, Content_Type=content_type)
    assert said.status == 400
    assert field in said.fields
    assert edge.ask("GET", "/api/v1/knowledge").json["items"] == []


@pytest.mark.parametrize("target", ["search", "search?q=", f"search?q={'x' * 2001}", "search?q=a&limit=0"])
def test_a_search_for_nothing_is_refused(edge: Edge, target: str) -> None:
    assert edge.ask("GET", f"/api/v1/knowledge/{target}").status == 400


def test_what_is_too_large_is_refused_unread(edge: Edge) -> None:
    assert edge.ask("POST", "/api/v1/knowledge", bytes(50_000_001), Content_Type="application/pdf").status == 413


def test_the_page_takes_a_text_and_a_file_searches_shows_and_deletes(edge: Edge) -> None:
    typed = edge.ask(
        "POST", "/knowledge", form(title="<b>Prices</b>", text=CLEANING, file=("", b"")), Content_Type=FORM
    )
    assert typed.status == 303
    page = edge.ask("GET", typed.headers["Location"], **HTML).body.decode()
    assert "&lt;b&gt;Prices&lt;/b&gt;" in page
    assert CLEANING in page
    file = form(title="", source="the web", file=("hours.html", b"<p>Open from <script>x</script>eight to noon."))
    brought = edge.ask("POST", "/knowledge", file, Content_Type=FORM)
    found = edge.ask("GET", "/knowledge?q=open", **HTML).body.decode()
    assert "Open from eight to noon." in found
    assert "hours.html" in found
    renewed = edge.ask(
        "POST", f"{brought.headers['Location']}/versions", form(file=("b.txt", b"Closed.")), Content_Type=FORM
    )
    assert renewed.status == 303
    old = edge.ask("GET", f"{brought.headers['Location']}?version=1", **HTML).body.decode()
    assert "answers no more" in old
    assert edge.ask("POST", f"{brought.headers['Location']}/delete").status == 303
    assert edge.ask("GET", brought.headers["Location"], **HTML).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (form(file=("", b"")), "file"),
        (form(file=("a.exe", b"x")), "file"),
        (form(text="x"), "title"),
        (form(title="x", text="y", other="z"), "other"),
        (form(file=("a.txt", b"x"), language="?"), "language"),
    ],
)
def test_a_form_that_is_wrong_is_refused_by_the_field(edge: Edge, body: bytes, field: str) -> None:
    said = edge.ask("POST", "/knowledge", body, Content_Type=FORM)
    assert said.status == 400
    assert field in said.fields
