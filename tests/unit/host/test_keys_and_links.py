"""The host's keys, and the links that carry them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import azure.durable_functions as df
import azure.functions as func
import pytest
from starlette.requests import Request

from local.host.keys import Keys, load_keys
from local.host.links import Links

KEYS = Keys(master="m", functions="f", durabletask="d", servicebus="s")
LINKS = Links("http://127.0.0.1:7071", "Hub", "d")


def request(query: str = "", **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": pairs})


def test_keys_are_made_once_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    made = load_keys(tmp_path)
    assert load_keys(tmp_path) == made
    assert len({made.master, made.functions, made.durabletask}) == 3
    assert stat.S_IMODE((tmp_path / "host.keys.json").stat().st_mode) == 0o600


def test_keys_of_an_older_host_are_kept_and_the_missing_one_is_made(tmp_path: Path) -> None:
    (tmp_path / "host.keys.json").write_text('{"master": "m", "functions": "f", "durabletask": "d"}')
    keys = load_keys(tmp_path)
    assert (keys.master, keys.functions, keys.durabletask) == ("m", "f", "d")
    assert load_keys(tmp_path).servicebus == keys.servicebus != ""


def test_an_interrupted_start_leaves_no_half_keys(tmp_path: Path) -> None:
    (tmp_path / "host.keys.new").write_text('{"master": ')
    assert load_keys(tmp_path) == load_keys(tmp_path)


def test_a_key_comes_in_the_query_or_in_a_header() -> None:
    assert KEYS.admit(request("code=f"), "f")
    assert KEYS.admit(request(x_functions_key="f"), "f")
    assert KEYS.admit(request("code=m"))


@pytest.mark.parametrize("query", ["", "code=", "code=d", "code=F", "code=%C3%A9"])
def test_nothing_else_opens(query: str) -> None:
    assert not KEYS.admit(request(query), "f")


def test_the_sdk_builds_its_client_and_its_links_from_the_binding() -> None:
    client = df.DurableOrchestrationClient(LINKS.client_binding())
    asked = func.HttpRequest("POST", "https://agency.example/api/start", body=b"")
    links = json.loads(client.create_check_status_response(asked, "order-7").get_body())
    assert links["id"] == "order-7"
    base = "https://agency.example/runtime/webhooks/durabletask/instances/order-7"
    assert links["statusQueryGetUri"] == f"{base}?taskHub=Hub&connection=Storage&code=d"
    assert links["sendEventPostUri"].startswith(f"{base}/raiseEvent/{{eventName}}?")
    assert links["terminatePostUri"].startswith(f"{base}/terminate?reason={{text}}&")


def test_an_id_is_quoted_in_its_links() -> None:
    assert "/instances/a%20b%25?" in LINKS.of_instance("a b%")["statusQueryGetUri"]
