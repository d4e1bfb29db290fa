"""`baton domain` and what hangs on it, against a real name server and a mail server that is not on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import dkim
import pytest

from tests.e2e.cli.command import Served, served
from tests.e2e.host.process import wait_for
from tests.servers.world import World, world

DOMAIN = "praxis.example"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, outside: World) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("domain")
    people = folder / "people.csv"
    people.write_text(
        "email,first_name,timezone,consent\nada@people.example,Ada,UTC,yes\nben@people.example,Ben,UTC,yes\n"
    )
    with served(folder / "home", **outside.settings) as running:
        assert running("contact", "import", str(people)).code == 0
        yield running


def doctor(home: Served, outside: World, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in outside.settings.items():
        monkeypatch.setenv(name, value)
    return home("doctor").out


def printed(said: str) -> list[str]:
    """The records that were printed to be entered, each alone on its line."""
    return said.partition("Enter in DNS:\n")[2].splitlines()[:3]


def test_rule_c7_what_is_printed_is_entered_as_it_is_and_then_mail_leaves(
    home: Served, outside: World, campaign_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home("domain", "list").out == "No domain was checked yet: baton domain check DOMAIN\n"

    refused = home("campaign", "create", str(campaign_file))
    assert refused.code == 2
    assert "sender.address" in refused.err
    assert f'_dmarc.{DOMAIN}. IN TXT "v=DMARC1; p=none"' in refused.err

    unready = home("domain", "check", DOMAIN)
    assert unready.code == 0
    assert unready.out.startswith(f"{DOMAIN}: may not send yet (its DNS has not passed all checks)\n")
    records = printed(unready.out)
    assert [record.split()[0] for record in records] == [
        f"{DOMAIN}.",
        f"baton._domainkey.{DOMAIN}.",
        f"_dmarc.{DOMAIN}.",
    ]
    assert records[0] == f'{DOMAIN}. IN TXT "v=spf1 ip4:192.0.2.25 ~all"'
    said = doctor(home, outside, monkeypatch)
    assert f"warn  domain: {DOMAIN}" in said
    assert f"domain check {DOMAIN}" in said

    outside.enter(records)
    ready = home("domain", "check", DOMAIN, "--json")
    assert ready.json["state"] == "ready"
    shown = home("domain", "show", DOMAIN).out
    assert shown.startswith(f"{DOMAIN}: may send\n")
    assert "Enter in DNS" not in shown
    assert "day 1, 0 of at most 50 today" in shown
    assert f"domain: {DOMAIN}" not in doctor(home, outside, monkeypatch)

    id = home("campaign", "create", str(campaign_file), "--json").json["id"]
    assert home("campaign", "show", id, "--follow", "--json").json["status"] == "awaiting_approval"
    assert home("campaign", "approve", id, "--yes").code == 0
    # No further than that: what was sent today is asked below, and a clock that runs on is soon in tomorrow.
    last = datetime.fromisoformat(wait_for(lambda: home("campaign", "show", id, "--json").json["last_due"]))
    home.clock(mode="run", until=(last + timedelta(minutes=1)).isoformat())
    wait_for(lambda: len(outside.mail.taken) == 2 or None, 90)
    for letter in outside.mail.taken:
        assert letter.encrypted
        assert dkim.verify(letter.content, dnsfunc=lambda name, timeout=5: _key(outside, name))
    wait_for(lambda: home("domain", "show", DOMAIN, "--json").json["ramp"]["sent_today"] == 2 or None)
    assert "may send" in home("domain", "list").out


def _key(outside: World, name: bytes | str) -> bytes:
    said = name.decode() if isinstance(name, bytes) else name
    (text,) = list(outside.dns.zone[said.rstrip("."), "TXT"])
    return text.replace('" "', "").strip('"').encode()


def test_what_is_no_domain_and_what_is_not_paused_is_refused(home: Served) -> None:
    for wrong in ("nonsense", "a b.example", "praxis..example"):
        refused = home("domain", "check", wrong)
        assert refused.code == 2, wrong
        assert "there is no domain" in refused.err
    refused = home("domain", "resume", "other.example")
    assert (refused.code, refused.err) == (2, "domain: other.example is not paused\n")


def test_a_name_server_that_does_not_answer_concludes_nothing(home: Served, outside: World) -> None:
    outside.dns.zone["silent.example", "TXT"] = "SERVFAIL"
    said = home("domain", "check", "silent.example")
    assert said.code == 0
    assert "unknown: DNS gave no answer about silent.example" in said.text
    assert "it is asked again" in said.text
