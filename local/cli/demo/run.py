"""The demo, act by act: import, write, approve, send (killed once), react, prove."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from local.cli import campaign_views as view
from local.cli.campaign import create_from, question
from local.cli.contact import import_file, imported
from local.cli.demo.crash import Crash, examine
from local.cli.demo.people import Activity, People
from local.cli.demo.stage import Stage
from local.cli.errors import Fault
from local.cli.session import Session
from local.cli.settings import APP

SAMPLES = APP / "samples"
STEP = timedelta(minutes=15)
"""How finely time runs while people react."""
LEASE = timedelta(minutes=5)
"""After so long, evidence has settled what a killed sender left open."""
KILLS = 5
"""How often the host is killed at most until a kill has hit a batch in its middle."""


class Outcome(NamedTuple):
    """What the demo ended with. `counted` was made by a process that knows nothing of Baton."""

    certificate: dict[str, Any]
    counted: dict[str, int]
    report: dict[str, Any]
    crashes: list[Crash]
    explanations: dict[str, str]

    def wrong(self) -> list[str]:
        """Everything that is not as promised; empty if the promise was kept."""
        sent, found = self.certificate["sent_once"], self.counted["messages"]
        checks = {
            f"the certificate says {sent} were sent once, the outbox holds {found}": sent != found,
            f"{self.counted['twice']} messages lie in the outbox twice": self.counted["twice"] > 0,
            f"{self.counted['people_twice']} people got more than one message": self.counted["people_twice"] > 0,
            f"the certificate says {self.certificate['sent_twice']} were sent twice": self.certificate["sent_twice"]
            > 0,
            f"{self.certificate['unknown']} are unknown": self.certificate["unknown"] > 0,
            f"{self.certificate['remaining']} were never decided": self.certificate["remaining"] > 0,
            "no kill hit a batch in its middle": not any(crash.mid_batch for crash in self.crashes),
        }
        return [sentence for sentence, is_so in checks.items() if is_so]


class Demo:
    """One run of the sample campaign in a home that was made for it."""

    def __init__(self, session: Session, stage: Stage, people: People) -> None:
        self._session, self._stage, self._people = session, stage, people
        self._crashes: list[Crash] = []

    def play(self) -> Outcome:
        """From the files in samples/ to the certificate. Raises Fault if it gets stuck."""
        self._session.output.say(next(imported(import_file(self._session, SAMPLES / "contacts.csv"))), "")
        self._id = create_from(self._session, SAMPLES / "campaign.yaml")["id"]
        self._approve()
        self._send_and_react()
        return self._prove()

    def _approve(self) -> None:
        found = self._until("awaiting_approval")
        asked, drafts = question(self._session, found)
        self._session.output.say(*view.question(found, asked, drafts), "")
        decision = {"decision": "approve", "digest": asked["digest"]}
        approved = self._session.client.post(f"{self._path}/approvals", decision)
        self._session.output.say(*view.decided(approved))
        self._stage.run(datetime.fromisoformat(approved["holding_until"]))
        self._until("scheduled", "sending")

    def _send_and_react(self) -> None:
        slots = sorted({_quarter(datetime.fromisoformat(row["due"])) for row in self._recipients()})
        with self._session.output.progress() as bars:
            sending = bars.add_task("sending", total=None, note="")
            reacting = bars.add_task("reacting", total=None, note="simulated people")
            while (found := self._campaign())["status"] != "completed":
                did = self._people.live(self._stage.now)
                bars.update(reacting, completed=did.done, total=did.done + did.waiting)
                done, planned = view.progress(found)
                bars.update(sending, completed=done, total=planned, note=f"{self._stage.now:%a %-d %b %H:%M} UTC")
                self._on(_next(self._stage.now, slots, did, found))

    def _on(self, until: datetime) -> None:
        """Let time run; until one kill has hit a batch in its middle, try to."""
        if len(self._crashes) == KILLS or any(crash.mid_batch for crash in self._crashes):
            self._stage.run(until)
            return
        out = self._stage.run_into_crash(until)
        if out is not None:
            self._stage.run(max(self._stage.now, until) + LEASE)
            self._crashes.append(examine(out, self._recipients()))
            self._session.output.say(_told(self._crashes[-1]))

    def _prove(self) -> Outcome:
        client, counting = self._session.client, Count(self._session.home / "outbox")
        path = self._session.home / "report.html"
        path.write_bytes(client.content(f"{self._path}/report", format="html"))
        return Outcome(
            certificate=client.get(f"{self._path}/certificate"),
            report=client.get(f"{self._path}/report", format="json"),
            crashes=self._crashes,
            explanations=self._explanations(),
            counted=counting.end(),
        )

    def _explanations(self) -> dict[str, str]:
        """One of somebody who was held, one of somebody who got it."""
        rows = self._recipients()
        chosen = {
            "held": next(row for row in rows if row["held"] == "no_consent"),
            "sent": max((row for row in rows if row["state"] == "accepted"), key=lambda row: row["attempt"]),
        }
        paths = {what: f"{self._path}/recipients/{row['contact']}/explanation" for what, row in chosen.items()}
        return {what: self._session.client.get(path)["sentence"] for what, path in paths.items()}

    @property
    def _path(self) -> str:
        return f"campaigns/{self._id}"

    def _campaign(self) -> dict[str, Any]:
        found: dict[str, Any] = self._session.client.get(self._path)
        if found["status"] in ("failed", "cancelled", "missed", "paused"):
            raise Fault(f"the campaign is {found['status']}: {found['status_reason']}")
        return found

    def _recipients(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._session.client.listing(f"{self._path}/recipients", 100_000)["items"]
        return rows

    def _until(self, *statuses: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while (found := self._campaign())["status"] not in statuses:
            if time.monotonic() > deadline:
                raise Fault(f"the campaign is still {found['status']} after a minute")
            time.sleep(0.05)
        return found


class Count:
    """What the outbox holds, counted by a Python that cannot even import Baton (-I), while the demo goes on."""

    def __init__(self, outbox: Path) -> None:
        command = [sys.executable, "-I", str(APP / "local" / "simulator" / "count.py"), str(outbox)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def end(self) -> dict[str, int]:
        """Its figures. Raises CalledProcessError if it could not count."""
        said, _ = self._process.communicate()
        if self._process.returncode:
            raise subprocess.CalledProcessError(self._process.returncode, self._process.args)
        found: dict[str, int] = json.loads(said)
        return found


def monday(today: datetime) -> datetime:
    """The coming Monday, 06:00 UTC: agencies do not mail on Sundays."""
    morning = datetime(today.year, today.month, today.day, 6, tzinfo=UTC)
    return morning + timedelta(days=7 - today.weekday())


def _next(now: datetime, slots: list[datetime], did: Activity, found: dict[str, Any]) -> datetime:
    """The next quarter of an hour in which something can happen: mail, a reaction, the end."""
    due = [slot for slot in slots if slot > now]
    react = [_quarter(did.next)] if did.next else []
    end = [datetime.fromisoformat(found["final_at"])] if found["final_at"] else []
    return max(min([*due, *react, *end], default=now + STEP), now + timedelta(seconds=1))


def _quarter(moment: datetime) -> datetime:
    """The end of the quarter of an hour it falls into."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((moment - midnight) // STEP + 1) * STEP


def _told(crash: Crash) -> str:
    if not crash.mid_batch:
        return f"kill -9 after {crash.out} messages came between two batches; trying again at the next."
    return (
        f"kill -9 in mid-batch, after {crash.out} messages: {crash.unreceipted} had just left without a receipt, "
        f"{crash.claimed} were claimed and had not left. Restarted; nobody gets it twice."
    )
