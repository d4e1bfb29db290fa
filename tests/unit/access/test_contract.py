"""Annotations are the contract: what they promise is decoded, encoded and shown; anything else is refused at once."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from shared.access.call import Answer, Call, Listing
from shared.access.contract import contract_of
from shared.access.openapi import openapi
from shared.access.reply import encode
from shared.access.route import Route


class Pet(BaseModel):
    name: str
    age: int = 0


class Which(BaseModel):
    limit: int = 50
    colour: str


def create(call: Call, body: Pet) -> Answer[Pet]:
    """Take a pet in."""
    return Answer(body, status=201)


def listing(call: Call, query: Which) -> Answer[Listing[Pet]]:
    """Pets."""
    return Answer(Listing(items=[Pet(name="Rex")]))


def picture(call: Call, body: bytes) -> Answer[bytes]:
    """Keep a picture."""
    return Answer(body, content_type="image/png")


def report(call: Call) -> Answer[Pet | str]:
    """As JSON or as a page."""
    return Answer("<p>", content_type="text/html")


def gone(call: Call) -> Answer[None]:
    """Away with it."""
    return Answer(None, status=204)


def without_answer(call: Call) -> None: ...


def with_more(call: Call, body: Pet, more: int) -> Answer[Pet]: ...


def with_a_plain_body(call: Call, body: dict[str, Any]) -> Answer[Pet]: ...


def with_a_plain_query(call: Call, query: dict[str, str]) -> Answer[Pet]: ...


HANDLERS = {
    "pets:create": create,
    "pets:listing": listing,
    "pets:picture": picture,
    "pets:report": report,
    "pets:gone": gone,
}
ROUTES = (
    Route("POST", "/api/v1/pets", "pets:create", "operator"),
    Route("GET", "/api/v1/pets", "pets:listing", "reader"),
    Route("PUT", "/api/v1/pets/{id}/picture", "pets:picture", "operator"),
    Route("GET", "/api/v1/pets/{id}/report", "pets:report", "reader"),
    Route("DELETE", "/api/v1/pets/{id}", "pets:gone", "public"),
    Route("GET", "/pets", "pets:listing", "reader"),
)


def page() -> dict[str, Any]:
    return openapi(ROUTES, lambda route: HANDLERS[route.handler], "1")


@pytest.mark.parametrize("handler", [without_answer, with_more, with_a_plain_body, with_a_plain_query])
def test_a_handler_that_breaks_the_rules_is_named(handler: Any) -> None:
    with pytest.raises(TypeError, match=handler.__name__):
        contract_of(handler)


def test_an_answer_is_encoded_as_its_annotation_says() -> None:
    reply = encode(listing(None, None), contract_of(listing))  # type: ignore[arg-type]
    assert (reply.content, reply.headers["Content-Type"]) == (
        b'{"items":[{"name":"Rex","age":0}],"cursor":null}',
        "application/json",
    )
    reply = encode(report(None), contract_of(report))  # type: ignore[arg-type]
    assert (reply.content, reply.headers["Content-Type"]) == (b"<p>", "text/html")
    assert encode(gone(None), contract_of(gone))[::2] == (204, b"")  # type: ignore[arg-type]


def test_the_page_shows_what_is_taken_and_answered() -> None:
    paths = page()["paths"]
    taken = paths["/api/v1/pets"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert taken == {"$ref": "#/components/schemas/Pet"} or taken["$ref"].startswith("#/components/schemas/Pet")
    assert list(paths["/api/v1/pets/{id}/picture"]["put"]["requestBody"]["content"]) == ["*/*"]
    assert set(paths["/api/v1/pets/{id}/report"]["get"]["responses"]["2XX"]["content"]) == {
        "application/json",
        "text/html",
    }
    assert "content" not in paths["/api/v1/pets/{id}"]["delete"]["responses"]["2XX"]


def test_the_page_names_every_parameter() -> None:
    def named(path: str, method: str) -> dict[str, tuple[str, bool]]:
        parameters = page()["paths"][path][method]["parameters"]
        return {each["name"]: (each["in"], each["required"]) for each in parameters}

    workspace = {"Baton-Workspace": ("header", False)}
    assert named("/api/v1/pets", "get") == {"limit": ("query", False), "colour": ("query", True), **workspace}
    assert named("/api/v1/pets", "post") == {**workspace, "Idempotency-Key": ("header", False)}
    assert named("/api/v1/pets/{id}", "delete") == {"id": ("path", True)}


def test_the_page_says_who_needs_a_token_and_leaves_pages_out() -> None:
    shown = page()
    assert shown["security"] == [{"token": []}]
    assert shown["paths"]["/api/v1/pets/{id}"]["delete"]["security"] == []
    assert "security" not in shown["paths"]["/api/v1/pets"]["post"]
    assert "/pets" not in shown["paths"]
