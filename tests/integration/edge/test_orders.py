"""Orders from the page: looked at first, taken once, and a bad row is named."""

from __future__ import annotations

from .conftest import Edge

FORM = "multipart/form-data; boundary=B"
ORDERS = b"""order_id,value,currency,occurred_at,email
A-1,49.90,EUR,2026-03-02T10:00:00Z,ann@example.org
A-2,<b>,EUR,2026-03-02T10:00:00Z,bob@example.org
"""


def upload(file: bytes, what: str) -> bytes:
    name = b'--B\r\nContent-Disposition: form-data; name="what"\r\n\r\n' + what.encode() + b"\r\n"
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="orders.csv"\r\n\r\n'
    return name + head + file + b"\r\n--B--\r\n"


def shown(edge: Edge, what: str) -> str:
    answer = edge.ask("POST", "/orders", upload(ORDERS, what), Content_Type=FORM)
    assert answer.status == 200
    return answer.body.decode()


def test_orders_are_looked_at_then_brought_in_once(edge: Edge) -> None:
    looked = shown(edge, "look")
    assert "1 of 2 rows would be recorded, 0 are here already, 1 refused." in looked
    assert "No order has come in yet" in looked
    taken = shown(edge, "take")
    assert "1 of 2 rows are recorded, 0 are here already, 1 refused. Together 49.90 EUR" in taken
    assert "Orders of 49.90 EUR" in taken
    assert "<td>value</td>" in taken
    assert "<b>" not in taken
    assert "0 of 2 rows are recorded, 1 is here already, 1 refused." in shown(edge, "take")


def test_no_file_is_refused(edge: Edge) -> None:
    answer = edge.ask("POST", "/orders", b"--B--\r\n", Content_Type=FORM)
    assert answer.status == 400
    assert b"no file was chosen" in answer.body
