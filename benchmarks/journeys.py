"""A journey of a month on the virtual clock: everybody is welcomed, waits, is reminded on a Tuesday, waits, has left.

`python -m benchmarks.journeys [--people 100000] [--quick]`; one JSON line. The real host with its books, gate and
ledger, every mail written and handed over SMTP to a sink on the loopback. The goal is 100,000 people in 60 s on two
cores; what is printed is the time from the start to the end of the journey, and what that is for mails and steps."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.e2e.campaign.baton import Baton, sink
from tests.e2e.host.process import wait_for
from tests.servers.smtp_sink import count

GOAL_PEOPLE, GOAL_SECONDS = 100_000, 60
_JOURNEY = """
journey: month
title: A month
enter: {segment: {all: true}}
sender: {name: Praxis, address: hallo@praxis.example, postal_address: "1 Mill Road, Leeds"}
hours: [0, 24]
steps:
  - send: hello
    text: {subject: Hello, paragraphs: [It begins.], link: {text: See it, url: "https://praxis.example/"}}
  - wait: 3 days
  - if: {clicked: hello}
    then: [{tag: keen}]
    else:
      - wait: until tuesday 10:00
      - send: reminder
        text: {subject: Again, paragraphs: [It goes on.], link: {text: See it, url: "https://praxis.example/"}}
  - wait: 3 weeks
  - tag: done
"""
_STEPS = 8
"""What happens to each: comes in, mail, wait, question, wait, mail, wait, tag."""


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--people", type=int, default=GOAL_PEOPLE)
    reader.add_argument("--quick", action="store_true", help="2,000 people")
    asked = reader.parse_args()
    print(json.dumps(_measured(2_000 if asked.quick else asked.people)))


def _measured(people: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name, sink(Path(name) / "mails") as url:
        baton = Baton(Path(name), BATON_SMTP_URL=url.replace("second=2000", "second=10000")).start()
        baton.imported(baton.import_people(people), seconds=900)
        mails = baton.ask("PUT", "journeys/month", content=_JOURNEY)["journey"]["mails"]
        for mail in mails.values():
            baton.approve(mail)
        wait_for(lambda: not any(each["waits_for"] for each in _shown(baton, "steps")) or None)
        begun = time.perf_counter()
        baton.ask("POST", "journeys/month/start")
        wait_for(lambda: _shown(baton, "journey")["status"] == "completed" or None, 3600, every=0.5)
        seconds = time.perf_counter() - begun
        assert _shown(baton, "left") == {"end": people}
        arrived = count(Path(name) / "mails")
        assert set(arrived.values()) == {1}
        assert len(arrived) == 2 * people
        baton.kill()
    return {
        "benchmark": "journeys",
        "people": people,
        "seconds": round(seconds, 1),
        "mails_per_second": round(2 * people / seconds),
        "steps_per_second": round(_STEPS * people / seconds),
        "goal_people": GOAL_PEOPLE,
        "goal_seconds": GOAL_SECONDS,
    }


def _shown(baton: Baton, part: str) -> Any:
    return baton.ask("GET", "journeys/month")[part]


if __name__ == "__main__":
    main()
