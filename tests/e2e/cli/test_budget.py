"""`baton budget` against a running host."""

from __future__ import annotations

from tests.e2e.cli.command import Served


def test_limits_are_set_shown_and_taken_away(home: Served) -> None:
    changed = home(
        "budget", "set", "agent-copywriter", "money=25.50 EUR", "calls=1200", "when_over=local", "--json"
    ).json
    assert changed["budget"]["money"] == {"micros": 25_500_000, "currency": "EUR"}
    kept = home("budget", "set", "agent-copywriter", "calls=none", "seconds=60").text
    assert "€0.00 of €25.50" in kept
    assert "0 of 60 seconds" in kept
    assert "the model on this machine writes" in kept
    assert "calls" not in kept.replace("0 calls", "")
    listed = home("budget", "list").text
    assert "workspace" in listed
    assert "agent-copywriter" in listed
    assert "counted in EUR" in home("budget", "statement").text
    assert home("budget", "show").text.startswith("workspace:")


def test_a_price_and_a_rate_of_ones_own_are_listed_with_their_source(home: Served) -> None:
    home("budget", "price", "our-model", "2.50 USD", "$10", "--source", "our contract", "--from", "2026-01-01")
    home("budget", "rate", "USD", "0.92 EUR", "--source", "our bank")
    said = home("budget", "prices").text
    assert "our-model $2.50 $10.00 2026-01-01 our contract" in said
    assert "1 USD €0.92" in said
    assert "gpt-4.1-mini" in said


def test_what_is_wrong_is_said_by_its_name(home: Served) -> None:
    for arguments, said in (
        (("set", "workspace", "calls=many"), "calls:"),
        (("set", "workspace", "money=a lot"), "'a lot' is not an amount such as 25.00 EUR"),
        (("set", "workspace", "coffee=1"), "coffee: unknown field"),
        (("set", "nobody", "calls=1"), "there is no budget 'nobody'"),
        (("price", "m", "1 EUR", "1 USD", "--source", "s"), "not in the same currency"),
        (("statement", "2026-13"), "month:"),
    ):
        refused = home("budget", *arguments)
        assert refused.code == 2, refused
        assert said in refused.err
