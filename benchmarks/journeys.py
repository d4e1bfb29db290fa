"""A journey of a month on the virtual clock: everybody is welcomed, waits, is reminded on a Tuesday, waits, has left.

`python -m benchmarks.journeys [--people 1 1000 10000] [--channel smtp|outbox]`; one JSON line each. The real host with
its books, gate and ledger, every mail written and handed over to a sink on the loopback, or into the outbox folder. The
goal is 100,000 people in 60 s on two cores. One person is the floor of the clock: what a month costs in which nobody is
due, with each timer trigger fired at each of its times. The floor of the mails, measured in the same run, writes them
and hands them to the sink over one connection, with no books and no gate."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.campaign import peak_mb, yardsticks
from tests.e2e.campaign.baton import Baton, sink
from tests.e2e.host.process import wait_for
from tests.servers.smtp_sink import count, kept

GOAL_PEOPLE, GOAL_SECONDS = 100_000, 60
REFERENCE_SMTPLIB = 4_684
"""Messages a second by smtplib, on the machine whose figures the goals are (docs/benchmarks-distribution.md)."""
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
    reader.add_argument("--people", type=int, nargs="+", default=[1, 1_000, 10_000])
    reader.add_argument("--channel", choices=("smtp", "outbox"), default="smtp")
    asked = reader.parse_args()
    for people in asked.people:
        print(json.dumps(_measured(people, asked.channel)), flush=True)


def _measured(people: int, channel: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name, sink(Path(name)) if channel == "smtp" else nullcontext("") as url:
        folder = Path(name)
        baton = _ready(folder, people, url)
        begun, before = time.perf_counter(), _cpu(baton)
        baton.ask("POST", "journeys/month/start")
        wait_for(lambda: _shown(baton, "journey")["status"] == "completed" or None, 7200, every=0.5)
        seconds, cpu = time.perf_counter() - begun, _cpu(baton) - before
        assert _shown(baton, "left") == {"end": people}
        assert _arrived(folder, baton, channel) == 2 * people
        found = {
            "benchmark": "journeys",
            "people": people,
            "channel": channel,
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "mails_per_second": round(2 * people / seconds),
            "steps_per_second": round(_STEPS * people / seconds),
            "peak_mb": round(peak_mb(baton)),
        }
        baton.kill()
        return found | (_beside(folder, url, people, seconds) if channel == "smtp" else {})


def _ready(folder: Path, people: int, url: str) -> Baton:
    """A home with these people and with the journey, its mails approved."""
    env = {"BATON_SMTP_URL": url.replace("second=2000", "second=10000")} if url else {}
    baton = Baton(folder, **env).start()
    baton.imported(baton.import_people(people), seconds=900)
    mails = baton.ask("PUT", "journeys/month", content=_JOURNEY)["journey"]["mails"]
    for mail in mails.values():
        baton.approve(mail)
    wait_for(lambda: not any(each["waits_for"] for each in _shown(baton, "steps")) or None)
    return baton


def _beside(folder: Path, url: str, people: int, seconds: float) -> dict[str, float]:
    """The same mails with no books and no gate; and what it would be where smtplib is as fast as where the goal was
    set."""
    floor = yardsticks(urlsplit(url).port or 0, next(kept(folder)).message, 2 * people / seconds, signed=False)
    scale = REFERENCE_SMTPLIB / floor["smtplib_per_second"]
    return {
        "floor_seconds": round(2 * people / floor["floor_per_second"], 1),
        "ratio_to_floor": round(seconds * floor["floor_per_second"] / (2 * people), 2),
        "smtplib_per_second": floor["smtplib_per_second"],
        "seconds_scaled": round(seconds / scale, 1),
        "goal_people": GOAL_PEOPLE,
        "goal_seconds": GOAL_SECONDS,
    }


def _arrived(folder: Path, baton: Baton, channel: str) -> int:
    """How many mails there are; none came twice."""
    if channel == "outbox":
        return sum(1 for _ in (baton.home / "outbox").rglob("*.eml"))
    arrived = count(folder)
    assert set(arrived.values()) == {1}
    return len(arrived)


def _cpu(baton: Baton) -> float:
    """Seconds of a core that the host has used, as the kernel counts them."""
    assert baton.host
    fields = Path(f"/proc/{baton.host.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _shown(baton: Baton, part: str) -> Any:
    return baton.ask("GET", "journeys/month")[part]


if __name__ == "__main__":
    main()
