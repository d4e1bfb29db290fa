"""A journey whose host is killed at every dangerous moment: everybody goes their way, each mail leaves once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.host.process import wait_for

from .baton import Baton

JOURNEY = """
journey: welcome
title: Welcome
enter: {segment: {all: true}}
sender: {name: Praxis, address: hallo@praxis.example, postal_address: "1 Mill Road, Leeds"}
hours: [0, 24]
steps:
  - send: hello
    text: {subject: Hello, paragraphs: [It begins.], link: {text: See it, url: "https://praxis.example/"}}
  - wait: 2 hours
  - if: {not_clicked: hello}
    then: [{tag: calm}]
  - send: second
    text: {subject: Second, paragraphs: [It goes on.], link: {text: See it, url: "https://praxis.example/"}}
"""
PEOPLE = 80
KILLS = (1, PEOPLE // 2, PEOPLE + PEOPLE // 4)
"""At so many mails: while the first leave, in the middle of them, and while the second ones do."""


@pytest.mark.long
@pytest.mark.timeout(400)
def test_each_mail_leaves_once_whenever_the_host_is_killed(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    baton.imported(baton.import_people(PEOPLE))
    drawn = baton.ask("PUT", "journeys/welcome", content=JOURNEY)
    mails = drawn["journey"]["mails"]
    for mail in mails.values():
        baton.approve(mail)
    wait_for(lambda: not any(each["waits_for"] for each in _shown(baton)["steps"]) or None, 90)
    baton.ask("POST", "journeys/welcome/start")
    outbox = baton.home / "outbox"
    for wanted in KILLS:
        # What earlier kills left in doubt may be found out late, so the end counts as every mark.
        wait_for(lambda: _mails(outbox) >= wanted or _ended(baton) or None, 120)  # noqa: B023
        baton.kill()
        baton.start()
    wait_for(lambda: _ended(baton) or None, 120, every=0.5)
    assert _shown(baton)["left"] == {"end": PEOPLE}
    for mail in mails.values():
        proof = baton.certificate(mail)
        assert (proof["planned"], proof["sent_twice"], proof["remaining"]) == (PEOPLE, 0, 0)
        assert proof["sent_once"] + proof["unknown"] == PEOPLE
    names = [path.name for path in outbox.rglob("*.eml")]
    assert len(names) == len(set(names)) <= 2 * PEOPLE
    subjects = [path.read_text().partition("\nSubject: ")[2].split("\n")[0] for path in outbox.rglob("*.eml")]
    assert subjects.count("Second") <= PEOPLE
    person = baton.ask("GET", "journeys/welcome/people?limit=1")["items"][0]
    walked = baton.ask("GET", f"journeys/welcome/people/{person['contact']}")
    assert [each["what"] for each in walked["position"]["path"]][-1] == "left"
    baton.kill()


def _mails(outbox: Path) -> int:
    return len(list(outbox.rglob("*.eml")))


def _ended(baton: Baton) -> bool:
    return bool(_shown(baton)["journey"]["status"] == "completed")


def _shown(baton: Baton) -> dict[str, Any]:
    found: dict[str, Any] = baton.ask("GET", "journeys/welcome")
    return found
