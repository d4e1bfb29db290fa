"""`baton model` against a running host."""

from __future__ import annotations

from tests.e2e.cli.command import Served


def test_homes_policy_and_calls(home: Served) -> None:
    assert "built-in" in home("model", "list").text
    assert "stay on your own machines" in home("model", "policy").text
    changed = home("model", "set", "prefer=local", 'personal=["azure"]', "patience_minutes=30", "--json").json
    assert (changed["prefer"], changed["personal"], changed["patience_minutes"]) == ("local", ["azure"], 30)
    kept = home("model", "set", "cloud=false").text
    assert "those on your own machines" in kept
    assert "never" in kept
    assert "also to azure" in kept
    assert home("model", "calls", "--json").json == []
