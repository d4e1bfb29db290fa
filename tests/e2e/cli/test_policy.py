"""`baton policy` against a running host."""

from __future__ import annotations

from tests.e2e.cli.command import Served


def test_one_rule_is_changed_and_the_others_stay(home: Served) -> None:
    before = home("policy", "show", "--json").json
    changed = home("policy", "set", "country=DE", 'hours={"sms": [9, 18]}', "--json").json
    assert changed == {**before, "country": "DE", "hours": {"sms": [9, 18]}}
    said = home("policy", "show").text
    assert "sms 9 to 18 h" in said
    back = home("policy", "set", "country=null", "hours=null", "--json").json
    assert back == before


def test_a_wrong_rule_is_refused_by_its_name(home: Served) -> None:
    for rule, said in (("caps=many", "caps:"), ("kaps=1", "kaps: unknown field"), ("country", "rule=value")):
        refused = home("policy", "set", rule)
        assert refused.code == 2
        assert said in refused.err
