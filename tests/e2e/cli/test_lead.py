"""`baton lead` against a running host: a pasted list is looked at, scored and decided on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.command import Served, served
from tests.servers.web import Web


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, web: Web) -> Iterator[Served]:
    """A served home that may look at the one site of the loopback; nobody answers about names."""
    allowed = {"BATON_WEBHOOK_ALLOW": f"127.0.0.1:{web.port}", "BATON_DNS_SERVER": "127.0.0.1:9"}
    with served(tmp_path_factory.mktemp("leads") / "home", **allowed) as running:
        yield running


def test_a_pasted_list_is_scored_explained_and_decided_on(home: Served, web: Web, tmp_path: Path) -> None:
    sites = tmp_path / "sites.txt"
    sites.write_text(f"{web.good('127.0.0.1')}\nhttp://169.254.169.254\nnonsense\n")
    said = home("lead", "score", str(sites))
    assert said.code == 0, said.err
    assert "sites.txt: 2 companies looked at, 1 not reached." in said.text
    assert "line 3: 'nonsense' is no web site" in said.text
    (best, other) = home("lead", "list", "--json").json["items"]
    assert (best["name"], other["score"]["factors"][0]["factor"]) == ("Halm Dental", None)
    shown = home("lead", "show", best["id"]).text
    assert "Ada Halm" in shown
    assert "Managing Director" in shown
    assert "of 100 points" in shown
    assert "is qualified" in home("lead", "qualify", best["id"], "they asked").text
    assert "they asked" in home("lead", "show", best["id"]).text
    assert "Version 1, by Baton" in home("lead", "criteria").text
    assert "2 leads are scored by version 1" in home("lead", "rescore").text
    assert "below 200" in home("lead", "model").text
    assert "completed" in home("lead", "lists").text
    assert home("lead", "find", "dentist", "--city", "Leeds").code == 2
    assert "taken for everybody" in home("lead", "forbid", "friend.example", "a friend").text
