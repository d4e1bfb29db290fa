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


def test_a_piece_is_handed_to_a_campaign_whose_draft_is_changed_in_one_part(home: Served, tmp_path: Path) -> None:
    id = home("write", str(BRIEF), "--format", "email", "--json").json["id"]
    assert id in home("approval", "list").out
    assert home("approval", "decide", id, "approve").out == "The piece is approved now.\n"
    file = tmp_path / "campaign.yaml"
    sender = "{name: Praxis, address: hallo@praxis.example, postal_address: '1 Mill Road, Leeds'}"
    file.write_text(f"name: Handed over\nsegment: {{all: true}}\nsender: {sender}\n")
    made = home("campaign", "create", str(file), "--piece", id, "--json").json["id"]
    assert home("campaign", "show", made, "--follow", "--json").json["status"] == "awaiting_approval"
    said = home("campaign", "rewrite", made, "subject", "--text", "In our own words")
    assert said.out.startswith("Version 2, variant A: In our own words\n")
    found = home("campaign", "rewrite", made, "closing", "more formal", "--json").json
    (draft,) = found["drafts"]
    assert (draft["version"], draft["subject"], draft["by_hand"]) == (3, "In our own words", ["subject"])
    assert draft["origin"] == {"piece": id, "text": "email-1-A", "version": 1}
    assert home("approval", "decide", made, "reject").out == "The campaign is cancelled now.\n"
    assert "nothing waits about" in home("approval", "decide", made, "reject").err


def test_a_sentence_of_a_piece_is_looked_up_by_its_id(home: Served) -> None:
    id = home("write", str(BRIEF), "--format", "sms", "--json").json["id"]
    assert "sms-1-A says" in home("fact", "claims", id, "--piece").out
    refused = home("fact", "confirm", id, "We sing.", "--piece")
    assert (refused.code != 0, "no text of the piece says this" in refused.err) == (True, True)


def test_the_style_guide_blocks_what_the_house_does_not_say(home: Served) -> None:
    assert "floor plan" in home("style", "avoid", "floor plan", "--instead", "layout").out
    made = home("write", str(BRIEF), "--format", "sms", "--json").json
    refused = home("piece", "approve", made["id"])
    assert refused.code != 0
    assert "the house says 'layout'" in refused.err
    assert home("write", str(BRIEF), "--format", "fax").code == 2
