"""`baton feedback` against a running host."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx2

from shared.domain.webhook import sign_webhook
from tests.e2e.cli.command import Served


def test_what_came_in_is_listed_and_narrowed(home: Served) -> None:
    assert "Nothing has come back." in home("feedback", "list", "--what", "undelivered").text
    open_ = home("feedback", "settings", "--json").json
    body = json.dumps({"type": "texted", "data": {"phone": "+14155550100", "text": "STOP"}}).encode()
    signed = sign_webhook(open_["secret"], "m1", datetime.now(UTC), body)
    assert httpx2.post(open_["webhook"], content=body, headers=signed).json() == {"events": 1, "taken": 1}
    (item,) = home("feedback", "list", "--what", "stopped", "--json").json["items"]
    assert (item["what"], item["contact"]) == ("stopped", None)
    assert "stopped" in home("feedback", "list").text


def test_a_kind_that_is_none_is_refused_by_its_field(home: Served) -> None:
    refused = home("feedback", "list", "--what", "lost")
    assert refused.code == 2
    assert "what:" in refused.err
