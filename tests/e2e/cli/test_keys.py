"""`baton keys`: shown by id, rotated, removed when nothing needs it."""

from __future__ import annotations

from tests.e2e.cli.command import Ran, Served
from tests.e2e.host.process import wait_for


def test_a_key_of_values_from_its_successor_to_its_end(home: Served) -> None:
    assert home("task", "create", "analyst", "March", "What went well?").code == 0
    shown = home("keys", "list")
    assert "encrypts marked fields" in shown.text
    assert "address" in shown.out
    assert "values in plain refused" in shown.text
    assert home("keys", "rotate", "field").text.startswith("Key 2 of the ring field from now on encrypts")
    moved = wait_for(lambda: moved_in(home("keys", "list")))
    assert "none was left behind" in moved.text
    assert home("keys", "remove", "field", "1").text.startswith("Key 1 of the ring field is forgotten")
    assert [each["id"] for each in home("keys", "list", "--json").json["items"] if each["ring"] == "field"] == ["2"]


def moved_in(ran: Ran) -> Ran | None:
    return ran if "none was left behind" in ran.text else None


def test_a_key_of_links_goes_only_if_that_is_said(home: Served) -> None:
    assert home("keys", "rotate", "link").code == 0
    refused = home("keys", "remove", "link", "1")
    assert refused.code == 2
    assert "--links-stop" in refused.err
    assert home("keys", "remove", "link", "1", "--links-stop").code == 0


def test_the_key_of_addresses_is_never_rotated(home: Served) -> None:
    refused = home("keys", "rotate", "address")
    assert refused.code == 2
    assert "`address` is never rotated" in refused.err
