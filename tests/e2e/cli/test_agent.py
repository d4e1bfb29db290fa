"""`baton agent` against a running host."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.command import Served


def test_an_agent_is_changed_compared_and_taken_back(home: Served, tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    told.write_text("Be brief.\nBe kind.")
    said = home("agent", "set", "analyst", f"instructions=@{told}", "model.quality=good", "--why", "brevity").text
    assert "analyst is now version 1" in said
    assert 'model.quality: "basic" → "good"' in said
    assert home("agent", "show", "analyst", "--json").json["agent"]["instructions"] == "Be brief.\nBe kind."
    assert "brevity" in home("agent", "versions", "analyst").text
    assert "model.quality" in home("agent", "diff", "analyst", "0").text
    assert "version 2" in home("agent", "rollback", "analyst", "0").text
    assert home("agent", "diff", "analyst").text == "Nothing is different."
    assert "memory.write" in home("agent", "capabilities", "analyst").text
    assert home("agent", "status", "analyst").text.startswith("analyst: idle")


def test_an_agent_of_ones_own_comes_and_goes(home: Served) -> None:
    made = home("agent", "create", "press", "name=Press office", "domain=marketing", "verb=generate", "enabled=false")
    assert made.code == 0, made
    assert "press (Press office), version 1 by owner: off" in made.text
    assert "press" in home("agent", "list").text
    assert home("agent", "delete", "press").code == 0
    assert "there is no agent 'press'" in home("agent", "show", "press").err
    assert home("agent", "rollback", "press", "1").code == 0


def test_what_is_wrong_is_said_by_its_name(home: Served) -> None:
    for arguments, said in (
        (("set", "analyst", "colour=blue"), "colour: unknown field"),
        (("set", "analyst", "model.quality=perfect"), "model.quality:"),
        (("set", "analyst", "name.first=Ann"), "name has no parts"),
        (("set", "nobody", "name=Ann"), "there is no agent 'nobody'"),
        (("create", "press", "enabled=true"), "name:"),
        (("delete", "analyst"), "a built-in agent cannot be deleted"),
    ):
        refused = home("agent", *arguments)
        assert refused.code == 2, refused
        assert said in refused.err
