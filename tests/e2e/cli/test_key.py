"""`baton key`, `baton workspace` and `baton member`: who is let in, shown, and let in no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx2
import pytest

from shared.access.machine_keys import FORM
from shared.access.members import FORM as MEMBERS
from tests.e2e.cli.command import Served, served


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("key") / "home") as running:
        yield running


def status(home: Served, key: str) -> int:
    url = (home.home / "host" / "port").read_text().strip()
    return httpx2.get(
        f"http://127.0.0.1:{url}/api/v1/campaigns", headers={"Authorization": f"Bearer {key}"}
    ).status_code


def test_a_key_from_its_making_to_its_end(home: Served) -> None:
    assert "No other system has a key" in home("key", "list").out
    shown = home("key", "create", "CRM", "--scope", "reader", "--only", "main", "--days", "30").out
    found = re.search(FORM.pattern, shown)
    assert found
    key = found[0]
    assert status(home, key) == 200
    listed = home("key", "list").out
    assert "CRM" in listed
    assert key not in listed
    (kept,) = json.loads(home("key", "list", "--json").out)
    assert kept["last_used_on"]
    assert "revoked" in home("key", "revoke", kept["id"]).out
    assert status(home, key) == 401


def test_the_command_line_works_with_a_key_too(home: Served) -> None:
    key = json.loads(home("key", "create", "CI", "--scope", "operator", "--scope", "reader", "--json").out)["key"]
    assert "analyst" in home("agent", "list", "--token", key).out
    assert home("task", "create", "analyst", "March", "What went well?", "--token", key).code == 0
    assert home("key", "list", "--token", key).code == 2


def test_a_key_for_everything_is_refused_in_words(home: Served) -> None:
    refused = home("key", "create", "CRM", "--scope", "owner")
    assert refused.code == 2
    assert "scopes[0]" in refused.err


def test_a_client_gets_a_workspace_and_a_colleague_a_link(home: Served) -> None:
    made = home("workspace", "create", "Café Nord")
    assert "workspace show --workspace cafe-nord" in made.text
    lacking = home("workspace", "show", "--workspace", "cafe-nord").text
    assert "nobody has said who writes" in lacking
    assert "house set --name … --address … --postal … --workspace cafe-nord" in lacking
    told = {each["what"]: each["state"] for each in home("doctor", "--json").json}
    assert told["cafe-nord: sender"] == told["main: sender"] == "warn"

    invited = home("member", "invite", "Ann", "--role", "viewer", "--only", "cafe-nord", "--json").json
    link = invited["url"]
    assert link not in home("member", "list", "--json").out
    came = httpx2.post(link, data={"name": "Ann"}, headers={"Origin": link.partition("/api/")[0]})
    found = re.search(MEMBERS.pattern, came.text)
    assert found
    assert status(home, found[0]) == 200
    assert home("workspace", "list", "--json", "--token", found[0], "--workspace", "cafe-nord").json[0]["id"] == (
        "cafe-nord"
    )
    assert home("member", "list", "--token", found[0], "--workspace", "cafe-nord").code == 2
    assert "operator" in home("member", "set", invited["member"]["id"], "--role", "operator", "--everywhere").text
    assert "revoked" in home("member", "revoke", invited["member"]["id"]).text
    assert status(home, found[0]) == 401

    assert home("workspace", "archive", "cafe-nord").code == 0
    refused = home("task", "create", "analyst", "March", "What?", "--workspace", "cafe-nord")
    assert (refused.code, "is archived" in refused.err) == (2, True)
    assert home("workspace", "restore", "cafe-nord").code == 0
    assert home("task", "create", "analyst", "March", "What?", "--workspace", "cafe-nord").code == 0
