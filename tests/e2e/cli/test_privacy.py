"""What people may ask about their data, asked of a running host: histories, logs and databases are looked through."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.cli.command import Served
from tests.integration.privacy.canary import EMAIL, ROWS, traces


def test_rule_g6_not_a_byte_is_left_behind_a_running_host(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "canary.csv"
    file.write_text(ROWS)
    assert home("contact", "import", str(file)).code == 0
    assert home("contact", "consent", EMAIL, "granted", "--channel", "sms", "--wording", "Ja, Vogelsang").code == 0
    assert traces(home.home) != []
    certificate = tmp_path / "certificate.pdf"
    ran = home("contact", "erase", EMAIL, "--checked", "signed_in", "--certificate", str(certificate))
    assert ran.code == 0, ran.err
    assert "contact" in ran.text
    assert certificate.read_bytes().startswith(b"%PDF")
    assert traces(home.home) == []
    assert home("contact", "list", "--email", EMAIL).out == "Nobody.\n"
    assert home("contact", "list", "--email", "ada@").code == 0


def test_who_is_not_there_or_how_it_was_not_checked_is_refused(home: Served) -> None:
    assert home("contact", "erase", "nobody@x.example", "--checked", "signed_in").code == 2
    ran = home("contact", "erase", "ada@people.example", "--checked", "guessed")
    assert (ran.code, ran.err[:9]) == (2, "checked: ")


def test_rule_g5_what_is_held_is_handed_out_as_json_and_pdf(home: Served, tmp_path: Path) -> None:
    for name in ("ada.json", "ada.pdf"):
        ran = home("contact", "export", "ada@people.example", "--checked", "signed_in", "--out", str(tmp_path / name))
        assert ran.code == 0, ran.err
    assert json.loads((tmp_path / "ada.json").read_text())["contact"]["email"] == "ada@people.example"
    assert (tmp_path / "ada.pdf").read_bytes().startswith(b"%PDF")
    ran = home("contact", "export", "ada@people.example", "--checked", "signed_in", "--out", str(tmp_path / "ada.doc"))
    assert ran.code == 2
