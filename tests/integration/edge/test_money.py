"""Invoices and payments over HTTP: what a client sees behind the link, and signed notices of payments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from shared import wiring
from shared.agents.books import turn
from shared.domain.scope import Scope
from shared.domain.webhook import sign_webhook

from .conftest import Answered, Edge
from .test_pieces import FORM, HTML
from .test_proposals import SENDER
from .test_routes import BILLED, BUYER, TERMS

INVOICES = "/api/v1/invoices"


def test_an_invoice_is_read_and_paid_behind_its_link_by_a_signed_notice_that_comes_again(edge: Edge) -> None:
    assert edge.ask("POST", INVOICES, {"buyer": BUYER, "lines": [BILLED], "supply_from": "2027-03-01"}).status == 409
    assert edge.ask("PUT", "/api/v1/billing", {**TERMS}).status == 200
    made = edge.ask("POST", INVOICES, {"buyer": BUYER, "lines": [BILLED], "supply_from": "2027-03-01"})
    id = made.json["invoice"]["id"]
    assert (made.status, made.json["standing"], made.json["link"]) == (201, "draft", None)
    assert edge.ask("POST", f"{INVOICES}/{id}/send").fields.keys() == {"sender"}
    issued = edge.ask("POST", f"{INVOICES}/{id}/issue").json
    number, door = issued["invoice"]["number"], urlsplit(issued["link"]).path
    shown = edge.ask("GET", door, token=None)
    assert (shown.status, shown.headers["Cache-Control"], number in shown.body.decode()) == (200, "no-store", True)
    assert "2,856.00" in shown.body.decode()
    assert edge.ask("GET", f"{door}?format=pdf", token=None).body == edge.ask("GET", f"{INVOICES}/{id}/pdf").body
    assert edge.ask("GET", door[:-2] + "xx", token=None).status == 404
    told = edge.ask("GET", "/api/v1/billing/notices").json
    address = urlsplit(told["address"]).path
    body = json.dumps({"reference": "b1", "amount": "2856.00", "currency": "EUR", "invoice": number}).encode()
    for n in range(5):
        signed = sign_webhook(told["secret"], f"m{n}", datetime.now(UTC), body)
        taken = edge.ask("POST", address, body, token=None, **{name.replace("-", "_"): v for name, v in signed.items()})
        assert (taken.status, [*taken.json["payments"].values()]) == (200, ["counted"])
    other = sign_webhook("whsec_" + "eA==", "m9", datetime.now(UTC), body)
    forged = edge.ask("POST", address, body, token=None, **{name.replace("-", "_"): v for name, v in other.items()})
    assert (forged.status, edge.ask("POST", address[:-2] + "xx", body, token=None).status) == (401, 401)
    assert edge.ask("GET", f"{INVOICES}/{id}").json["standing"] == "paid"
    assert len(edge.ask("GET", "/api/v1/payments").json["items"]) == 1
    page = edge.ask("GET", "/money", Accept="text/html").body.decode()
    assert "2,856.00\u00a0EUR came in" in page
    assert f"/invoices/{id}" in edge.ask("GET", "/money/entries?what=invoiced&currency=EUR").body.decode()
    assert edge.ask("GET", "/api/v1/money").json["total"][0]["sums"]["paid"] == "2856.00"
    assert number in edge.ask("GET", "/api/v1/money/invoices.csv").body.decode()
    assert "It is paid" in edge.ask("GET", door, token=None).body.decode()


def test_a_banks_file_is_read_as_banks_write_it_and_only_once(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/billing", {**TERMS})
    id = edge.ask("POST", INVOICES, {"buyer": BUYER, "lines": [BILLED], "supply_from": "2026-03-01"}).json["invoice"][
        "id"
    ]
    number = edge.ask("POST", f"{INVOICES}/{id}/issue").json["invoice"]["number"].replace("-", " ")
    rows = f"01.10.2026;1.428,00;{number};Weber\n01.10.2026;1.428,00;{number};Weber\n02.10.2026;-5,00;Gebühr;\nx;1;;\n"
    file = ("Buchungstag;Betrag;Verwendungszweck;Name\n" + rows).encode("cp1252")
    for _ in range(2):
        read = edge.ask("POST", "/api/v1/payments/imports", file, Content_Type="text/csv").json
        assert (read["states"], read["outgoing"], [each["row"] for each in read["errors"]]) == ({"counted": 2}, 1, [5])
    assert edge.ask("GET", f"{INVOICES}/{id}").json["open"] == "0.00"
    wrong = edge.ask("POST", "/api/v1/payments/imports", b"a;b\n1;2\n", Content_Type="text/csv")
    assert (wrong.status, [*wrong.fields]) == (400, ["body"])


def test_what_cannot_be_billed_is_refused_by_its_field_and_a_long_title_is_none_of_it(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/billing", {**TERMS})
    halves = [
        {"title": "x" * 200, "percent": "50", "on": "2990-01-01"},
        {"title": "y", "percent": "50", "on": "2990-02-01"},
    ]
    monthly, dear = {**BILLED, "billing": "monthly"}, {**BILLED, "quantity": "10000", "unit_net": "5000000"}

    def planned(line: dict[str, Any], **schedule: Any) -> tuple[int, set[str]]:
        answer = edge.ask("POST", "/api/v1/invoice-plans", {"buyer": BUYER, "lines": [line], "schedule": schedule})
        return answer.status, set(answer.fields) if answer.status == 400 else set()

    assert planned(BILLED, parts=halves) == (201, set())
    assert planned(dear, parts=halves) == (400, {"lines"})
    assert planned(monthly, monthly_from="9999-06-01") == (400, {"schedule.monthly_from"})
    assert planned(monthly, monthly_from="2020-01-01", months=84) == (400, {"schedule.monthly_from"})
    assert planned(BILLED, parts=[{"title": "y", "percent": "100", "on": "2020-01-01"}]) == (
        400,
        {"schedule.parts[0].on"},
    )
    for field in ("purpose", "deal"):
        said = {"buyer": BUYER, "lines": [BILLED], "supply_from": "2026-03-01", field: "a\x00b"}
        refused = edge.ask("POST", INVOICES, said)
        assert (refused.status, set(refused.fields)) == (400, {field})
    for field in ("reference", "invoice", "payer"):
        refused = edge.ask(
            "POST", "/api/v1/payments", {"reference": "r", "amount": "5", "currency": "EUR", field: "r\x00b"}
        )
        assert (refused.status, set(refused.fields)) == (400, {field})


def test_an_invoice_lives_its_life_on_its_pages(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/billing", {**TERMS})
    edge.ask("PUT", "/api/v1/house", {"sender": SENDER})

    def page(path: str) -> str:
        answer = edge.ask("GET", path, **HTML)
        assert answer.status == 200, (path, answer.body)
        return unescape(answer.body.decode()).replace("\u00a0", " ")

    def filled(path: str, **fields: str) -> Answered:
        said = {name.replace("__", "."): text for name, text in fields.items()}
        return edge.ask("POST", path, urlencode(said).encode(), **FORM)

    assert "line.0.title" in page("/invoices/new")
    draft = {"buyer__name": "Praxis Weber", "buyer__address": "Elbchaussee 12\r\n22765 Hamburg"}
    draft |= {"buyer__country": "DE"}
    draft |= {"buyer__email": "weber@praxis.example", "supply_from": "2026-03-01", "line__0__title": "Website"}
    draft |= {
        "line__0__quantity": "2",
        "line__0__unit_net": "1200",
        "line__0__vat_rate": "19",
        "line__3__quantity": "1",
    }
    assert {*filled("/invoices", **draft | {"line__0__unit_net": "much"}).fields} == {"lines[0].unit_net"}
    there = filled("/invoices", **draft).headers["Location"]
    assert (edge.ask("POST", f"{there}/draft", urlencode({"x": "y"}).encode(), **FORM).status) == 400
    assert filled(f"{there}/draft", **draft | {"purpose": "Two sites"}).status == 303
    assert "Two sites" in page(there)
    assert filled(f"{there}/send").status == 303
    shown = page(there)
    assert ("2,856.00 EUR open" in shown, "It did not leave this machine" in shown) == (True, True)
    assert filled(f"{there}/payments", amount="1000", currency="EUR", reference="b1", at="2026-03-02").status == 303
    assert "1,856.00 EUR open" in page(there)
    assert f'href="{there}"' in page("/invoices?show=open")
    assert f'href="{there}"' not in page("/invoices?show=paid")
    again = filled(f"{there}/cancel", why="Wrong sum", replace="yes").headers["Location"]
    assert "A draft to Praxis Weber" in page(again)
    assert "Taken back by a credit note" in page(there)
    assert filled(f"{again}/issue").status == 303
    payment = edge.ask("GET", "/api/v1/payments").json["items"][0]["id"]
    number = edge.ask("GET", again.replace("/invoices", INVOICES)).json["invoice"]["number"]
    assert filled(f"/payments/{payment}/assign", invoice=number).headers["Location"] == again
    assert filled(f"/payments/{payment}/return").headers["Location"] == again
    money = page("/money")
    assert "2,856.00 EUR" in money
    assert "not known" in money
    assert "Together" in page("/money/entries?what=invoiced&client=Praxis+Weber&currency=EUR")
    rows = edge.ask("GET", "/api/v1/money/entries.csv?what=invoiced").body.decode().splitlines()
    assert len(rows) == 1 + 3
    assert edge.ask("GET", "/api/v1/money/entries?what=open").json["sums"] == {"EUR": "2856.00"}
    assert "No payment in it" in bank_file(edge, b"Date,Amount,Purpose\nx,1.00,y\n")


def test_what_may_bring_a_deal_to_its_deposit_wakes_the_books(edge: Edge) -> None:
    scope = Scope("local", "main")

    def rested() -> bool:
        turn.run(wiring.ports(), {"scope": list(scope), "attempt": turn.stir(wiring.ports(), scope).attempt})
        return turn.running(wiring.ports(), scope) is None

    edge.ask("PUT", "/api/v1/billing", {**TERMS, "dunning": []})
    deal = edge.ask("POST", "/api/v1/deals", {"name": "Weber"}).json["id"]
    said = {"buyer": BUYER, "lines": [BILLED], "supply_from": "2026-03-01", "deal": deal}
    id = edge.ask("POST", INVOICES, said).json["invoice"]["id"]
    edge.ask("POST", f"{INVOICES}/{id}/issue")
    came = {"reference": "r", "amount": "2856.00", "currency": "EUR", "invoice": "who"}
    payment = edge.ask("POST", "/api/v1/payments", came).json["id"]
    assert rested()
    assert edge.ask("POST", f"/api/v1/payments/{payment}/assign", {"invoice": id}).json["state"] == "counted"
    assert turn.running(wiring.ports(), scope)
    assert rested()
    moved = edge.ask("POST", f"/api/v1/deals/{deal}/moves", {"to": "signed"})
    assert (moved.status, turn.running(wiring.ports(), scope) is None) == (200, False)
    assert rested()
    assert edge.ask("GET", f"/api/v1/deals/{deal}").json["stage"] == "deposit"


def test_one_wrong_payment_in_a_list_refuses_the_list_before_any_is_taken(edge: Edge) -> None:
    told = edge.ask("GET", "/api/v1/billing/notices").json
    right = {"amount": "5.00", "currency": "EUR"}
    body = json.dumps([{**right, "reference": "a"}, {**right, "reference": "b", "at": "2990-01-01T00:00:00Z"}]).encode()
    signed = sign_webhook(told["secret"], "m1", datetime.now(UTC), body)
    headers = {name.replace("-", "_"): each for name, each in signed.items()}
    refused = edge.ask("POST", urlsplit(told["address"]).path, body, token=None, **headers)
    assert (refused.status, [*refused.fields]) == (400, ["at"])
    assert edge.ask("GET", "/api/v1/payments").json["items"] == []


def bank_file(edge: Edge, data: bytes) -> str:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="b.csv"\r\n\r\n' + data + b"\r\n--b--\r\n"
    answer = edge.ask("POST", "/payments/imports", body, Content_Type="multipart/form-data; boundary=b")
    assert answer.status == 200, answer.body
    return answer.body.decode()
