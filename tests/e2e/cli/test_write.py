"""`baton write`, `baton piece` and `baton style` on a host: plan, texts, one part again, approval, what blocks it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.command import Served

BRIEF = Path(__file__).parents[3] / "samples" / "campaign.yaml"


def test_a_brief_is_planned_written_changed_in_one_part_and_approved(home: Served) -> None:
    planned = home("write", str(BRIEF), "--format", "email", "--format", "x", "--plan", "--json").json
    assert (planned["status"], planned["texts"]) == ("awaiting_plan", [])
    id = planned["id"]
    ready = home("piece", "confirm", id, "--json").json
    assert [each["id"] for each in ready["texts"]] == ["email-1-A", "x-1-A"]
    assert home("piece", "rewrite", id, "x-1-A", "hook", "shorter").code == 0
    after = home("piece", "show", id, "--json").json
    old, new = (each["texts"][1]["words"] for each in (ready, after))
    assert len(new["hook"]) < len(old["hook"])
    assert new == old | {"hook": new["hook"]}
    assert after["texts"][0] == ready["texts"][0]
    assert home("piece", "approve", id).out.endswith(": approved.\n")
    assert id in home("piece", "list").out


def test_the_style_guide_blocks_what_the_house_does_not_say(home: Served) -> None:
    assert "floor plan" in home("style", "avoid", "floor plan", "--instead", "layout").out
    made = home("write", str(BRIEF), "--format", "sms", "--json").json
    refused = home("piece", "approve", made["id"])
    assert refused.code != 0
    assert "the house says 'layout'" in refused.err
    assert home("write", str(BRIEF), "--format", "fax").code == 2
