"""What is sold, over HTTP and on its pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from shared.domain.offer_examples import EXAMPLE

from .conftest import Answered, Edge
from .test_pieces import FORM, HTML

TEXT = {"Content_Type": "application/octet-stream"}


def bring(edge: Edge, text: str = EXAMPLE, id: str = "web") -> Answered:
    return edge.ask("POST", f"/api/v1/offers?id={id}", text.encode(), **TEXT)


def price(edge: Edge, **request: Any) -> Answered:
    return edge.ask("POST", "/api/v1/offers/web/price", request)


def test_each_change_is_a_version_and_prices_are_of_the_newest(edge: Edge) -> None:
    made = bring(edge)
    assert (made.status, made.json["version"]) == (201, 1)
    assert bring(edge).json["version"] == 1, "the same terms are no new version"
    terms = made.json["terms"]
    terms["packages"][1]["price"] = "200.00"
    assert edge.ask("PUT", "/api/v1/offers/web", terms).json["version"] == 2
    first = edge.ask("GET", "/api/v1/offers/web?version=1").json
    assert (first["shown"], first["terms"]["packages"][1]["price"]) == (1, "180.0")
    assert edge.ask("GET", "/api/v1/offers/web?version=3").status == 404
    found = price(
        edge, lines=[{"item": "website", "quantity": "6", "complexity": "shop"}, {"item": "care"}], currency="CHF"
    )
    assert (found.json["once"]["net"], found.json["monthly"]["net"]) == ("3591.00", "190.00")
    assert "× 6 = 3,591.00 CHF · page" in found.json["printed"]
    assert found.json["below"] == []
    below = price(edge, lines=[{"item": "website", "quantity": "4"}], discounts=[{"name": "Friend", "percent": "30"}])
    assert "below its floor of 360.00" in below.json["below"][0]


def test_a_package_that_lost_its_price_and_a_text_that_is_wrong_are_named(edge: Edge) -> None:
    bring(edge, EXAMPLE.replace("    price: 180.00\n", ""))
    refused = price(edge, lines=[{"item": "care"}])
    assert (refused.status, list(refused.fields)) == (400, ["lines[0].item"])
    assert "no price" in refused.fields["lines[0].item"]
    assert bring(edge, EXAMPLE.replace("floor: 360.00", "floor: 900.00")).fields.keys() == {"packages[0]"}
    assert bring(edge, "name: [").fields.keys() == {"line 2"}
    assert bring(edge, EXAMPLE, "No id").fields.keys() == {"id"}
    assert edge.ask("GET", "/api/v1/offers/web").json["version"] == 1


def test_the_page_keeps_what_is_typed_and_shows_how_prices_come_about(edge: Edge) -> None:
    given = urlencode({"id": "web", "terms": EXAMPLE.replace("Website\n", "<b>Site</b>\n")}).encode()
    assert edge.ask("POST", "/offers", given, **FORM).headers["Location"] == "/offers/web"
    page = edge.ask("GET", "/offers/web", **HTML).body.decode()
    assert "&lt;b&gt;Site&lt;/b&gt;" in page
    assert "× 4 = 1,800.00 EUR · page" in page
    again = urlencode(
        {"id": "web", "terms": page.split('spellcheck="false"')[1].split(">", 1)[1].split("</textarea>")[0]}
    )
    assert "price: 450.0" in again.replace("%3A+", ": ")
    assert "Websites and care" in edge.ask("GET", "/offers", **HTML).body.decode()
