from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.campaign.baton import sink
from tests.e2e.cli.command import Ran, Served, baton


def states(ran: Ran) -> dict[str, str]:
    return {each["what"]: each["state"] for each in ran.json}


def test_a_served_home_is_well_but_for_its_virtual_clock(home: Served) -> None:
    ran = home("doctor", "--json")
    assert ran.code == 0
    found = states(ran)
    assert found.pop("clock") == "warn"
    unset = {name: found.pop(name) for name in ("main: sender", "main: brand", "main: domain", "main: budget")}
    assert set(unset.values()) == {"warn"}
    assert {"Python", "packages", "home", "disk", "mail", "links", "model", "host", "host: email"} <= set(found)
    assert set(found.values()) == {"ok"}


def test_a_home_without_a_host_is_told_how_to_get_one(tmp_path: Path) -> None:
    ran = baton("doctor", "--home", str(tmp_path / "none"))
    assert ran.code == 0
    assert f"warn  host      none runs for {tmp_path / 'none'}" in ran.out
    assert not (tmp_path / "none").exists()


def test_a_running_host_is_asked_for_each_of_its_homes(home: Served) -> None:
    found = states(home("doctor", "--json"))
    asked = {"documents", "ledger", "journal", "files", "bus", "email"}
    assert {name: state for name, state in found.items() if name.startswith("host: ")} == {
        f"host: {each}": "ok" for each in asked
    }


def test_a_mail_server_that_answers_is_told_from_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink(tmp_path) as url:
        monkeypatch.setenv("BATON_SMTP_URL", url)
        assert states(baton("doctor", "--home", str(tmp_path), "--json"))["mail"] == "ok"
    monkeypatch.setenv("BATON_SMTP_URL", "smtp://user:hunter2@127.0.0.1:9")
    ran = baton("doctor", "--home", str(tmp_path))
    assert ran.code == 1
    assert ran.err == "doctor: mail: not as it has to be\n"
    assert "127.0.0.1:9: Connection refused" in ran.out
    assert "hunter2" not in ran.out + ran.err


def test_a_model_that_does_not_answer_and_a_home_that_cannot_be_written_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_MODEL_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("BATON_MODEL_NAME", "some")
    file = tmp_path / "file"
    file.touch()
    found = states(baton("doctor", "--home", str(file), "--json"))
    assert (found["model"], found["home"]) == ("fail", "fail")


def test_links_that_only_this_machine_can_follow_are_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_PUBLIC_URL", "http://office.example")
    assert states(baton("doctor", "--home", str(tmp_path), "--json"))["links"] == "warn"
