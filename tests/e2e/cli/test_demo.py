"""The demo, once, as `make demo` runs it, but in another home and with other people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.cli.command import baton, child, served


@pytest.mark.long
def test_the_demo_keeps_the_promise_through_a_kill_in_mid_batch(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    ran = child("demo", "--home", str(home), "--seed", "11", "--json", BATON_SMTP_URL="smtp://127.0.0.1:9")
    assert ran.code == 0, ran.err
    found = ran.json
    certificate, counted = found["certificate"], found["counted"]
    assert certificate["sent_once"] == counted["messages"] == counted["people"] > 300
    assert certificate["sent_twice"] == counted["twice"] == counted["people_twice"] == 0
    assert (certificate["unknown"], certificate["remaining"]) == (0, 0)
    assert set(certificate["held"]) == {"holdout", "no_consent", "withdrawn"}
    hit = found["crashes"][-1]
    assert hit["unreceipted"] > 0
    assert hit["claimed"] > 0
    assert found["report"]["simulated"] is True
    assert found["report"]["funnel"]["sent"] > found["report"]["funnel"]["opened"] > 0
    assert "no consent" in found["explanations"]["held"]
    assert "was sent" in found["explanations"]["sent"]
    assert "simulated" in Path(found["places"]["report"]).read_text().lower()
    assert len(list(Path(found["places"]["messages"]).rglob("*.eml"))) == counted["files"]
    with served(home) as running:
        shown = running("campaign", "show", "Autumn open days", "--json").json
        assert (shown["status"], shown["tally"]["accepted"]) == ("completed", counted["messages"])


def test_the_demo_throws_no_other_home_away(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    ran = baton("demo", "--home", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"home: {tmp_path} holds something that no demo made; choose another --home\n"
    assert (tmp_path / "thesis.txt").exists()
