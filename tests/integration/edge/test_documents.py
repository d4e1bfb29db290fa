"""Business documents over HTTP and on their page."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from functions.http.handlers import download
from shared import wiring
from shared.domain.connection import Connection
from shared.domain.document_examples import EXAMPLES
from shared.domain.scope import Scope
from shared.wiring import ports

from .conftest import Answered, Edge
from .test_pieces import FORM, HTML


def post(edge: Edge, template: str, **changed: Any) -> Answered:
    data = {**EXAMPLES.get(template, {}), **changed}  # type: ignore[call-overload]
    return edge.ask("POST", "/api/v1/documents", {"template": template, "data": data}, Content_Type="application/json")


def test_a_document_is_kept_with_what_it_was_made_of(edge: Edge) -> None:
    made = post(edge, "offer")
    assert (made.status, made.json["title"]) == (201, "Offer: Spring campaign for the back course")
    assert (made.json["template_version"], len(made.json["data_digest"])) == (1, 64)
    id = made.json["id"]
    for file, type in ((made.json["files"][0], "application/pdf"), (made.json["files"][1], "text/markdown")):
        answer = edge.ask("GET", f"/api/v1/documents/{id}/{file['name']}")
        assert answer.headers["Content-Type"].startswith(type)
        assert hashlib.sha256(answer.body).hexdigest() == file["digest"]
    assert post(edge, "offer").json == made.json
    assert post(edge, "offer", number="O-2").json["id"] != id
    edge.ask("PUT", "/api/v1/brand", {"name": "N"}, Content_Type="application/json")
    other = post(edge, "offer").json
    assert (other["id"] != id, other["data_digest"]) == (True, made.json["data_digest"])
    assert len(edge.ask("GET", "/api/v1/documents").json["items"]) == 3
    assert edge.ask("GET", f"/api/v1/documents/{id}/secret.txt").status == 404
    assert edge.ask("GET", f"/api/v1/documents/{id}", Baton_Workspace="other").status == 404
    facts = list(ports().journal.read(Scope("local", "main"), f"document/{id}"))
    assert "Hamburg" not in str(facts)  # digests only


def test_a_large_file_is_fetched_where_it_lies_if_its_home_gives_links(
    edge: Edge, azurite_blob: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "LARGE", 2000)
    made = post(edge, "offer").json
    files = {each["name"]: each for each in made["files"]}
    assert files["document.pdf"]["bytes"] > 2000
    path = f"/api/v1/documents/{made['id']}"
    assert edge.ask("GET", f"{path}/document.pdf").status == 200  # A folder gives no links.

    monkeypatch.setenv("FilesConnection", azurite_blob.secret or "")
    wiring.close()
    edge.ask("PUT", "/api/v1/brand", {"name": "N"}, Content_Type="application/json")  # so that it is made once more
    made = post(edge, "offer").json
    pdf = next(each for each in made["files"] if each["name"] == "document.pdf")
    answer = edge.ask("GET", f"/api/v1/documents/{made['id']}/document.pdf")
    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (302, b"", "no-store")
    with urlopen(answer.headers["Location"]) as there:
        assert hashlib.sha256(there.read()).hexdigest() == pdf["digest"]
        assert there.headers["Content-Disposition"] == "attachment"
    gone = answer.headers["Location"].replace(".pdf", ".md")
    with pytest.raises(HTTPError, match="403") as refused:
        urlopen(gone)
    refused.value.close()


def test_what_is_missing_or_wrong_is_named_by_its_path(edge: Edge) -> None:
    assert post(edge, "offer", terms=None).fields.keys() == {"data.terms"}
    items = [{"description": "x", "unit_price": "1.00"}, {"description": "y"}]
    assert post(edge, "offer", items=items).fields == {"data.items[1].unit_price": "is required"}
    assert post(edge, "offer", sender={"name": "N", "address": "Am Kai 4", "logo": 1}).fields == {
        "data.sender.logo": "unknown field"
    }
    assert post(edge, "invoice", iban="DE00").fields.keys() == {"data.iban"}
    assert post(edge, "offer", subject="宴会").fields.keys() == {"data.subject"}
    assert post(edge, "will").fields.keys() == {"template"}
    assert edge.ask("GET", "/api/v1/documents").json["items"] == []


def test_the_templates_say_what_they_need(edge: Edge) -> None:
    found = {each["name"]: each for each in edge.ask("GET", "/api/v1/documents/templates").json["items"]}
    assert set(found) == {"offer", "contract", "invoice"}
    assert "valid_until" in found["offer"]["data"]["required"]
    for name, each in found.items():
        assert post(edge, name, **each["example"]).status == 201


def test_the_page_makes_one(edge: Edge) -> None:
    data = json.dumps({**EXAMPLES["contract"], "number": "<b>C</b>"})
    assert (
        edge.ask("POST", "/documents", urlencode({"template": "contract", "data": data}).encode(), **FORM).status == 303
    )
    page = edge.ask("GET", "/documents", **HTML).body.decode()
    assert "&lt;b&gt;C&lt;/b&gt;" in page
    assert "samples, not legal advice" in page
    for wrong, field in (("{", "data"), ("[]", "data"), (json.dumps({"number": "1"}), "data.date")):
        answer = edge.ask("POST", "/documents", urlencode({"template": "contract", "data": wrong}).encode(), **FORM)
        assert (answer.status, next(iter(answer.fields))) == (400, field)
