"""A whole campaign, as its owner sees it: import → write → approve → plan → send over SMTP into a local sink (B8).

`python -m benchmarks.campaign [--people 10000]`, unsigned and signed with DKIM; one JSON line each. The yardsticks, in
the same run and against the same sink: the floor, which writes (and signs) messages of the same kind and hands them to
the sink over one connection, pipelined, with no book and no gate at all; smtplib handing over ready-made messages; and
bare RSA-2048 signatures on one core."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.compose import KEY, SENDER, bare_rsa, ours, rate
from benchmarks.smtp import bare, smtplib_kept
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.domain.scope import Scope
from shared.ports import CLAIMS_MOST, Outgoing
from tests.e2e.campaign.baton import Baton, sink
from tests.servers.smtp_sink import count, kept

_LOOK = 0.1
"""Seconds between two looks at the campaign: whoever asks all the time slows it down."""
_YARDSTICK = 2_000
"""Messages that are enough to time a yardstick."""


def peak_mb(baton: Baton) -> float:
    """Peak resident memory of the host, as the kernel counts it."""
    assert baton.host
    status = Path(f"/proc/{baton.host.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _campaign(people: int, signed: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sink(folder / "mails") as url:
            baton = Baton(folder, BATON_SMTP_URL=url.replace("2000", "10000"))
            if signed:
                FolderDkimKeys(baton.home / "dkim").put(Scope("local", "main"), KEY.domain, [KEY])
            baton.start()
            imported = _seconds(lambda: baton.imported(baton.import_people(people), seconds=600))
            after_import, id = peak_mb(baton), baton.create(undo_minutes=0)
            baton.until(id, "awaiting_approval", seconds=300)
            sent = _seconds(lambda: _approve_and_await(baton, id, people))
            certificate, arrived = baton.certificate(id), count(folder / "mails")
            assert certificate["sent_once"] == people, certificate
            assert set(arrived.values()) == {1}
            assert len(arrived) == people
            sample = next(kept(folder / "mails")).message
            assert sample.startswith(b"DKIM-Signature:") == signed
            peak = peak_mb(baton)
            baton.kill()
            return {
                "benchmark": "campaign",
                "people": people,
                "dkim": signed,
                "octets": len(sample),
                "import_per_second": round(people / imported),
                "per_second": round(people / sent),
                **yardsticks(urlsplit(url).port or 0, sample, people / sent, signed),
                "peak_mb_after_import": round(after_import),
                "peak_mb": round(peak),
            }


def _approve_and_await(baton: Baton, id: str, people: int) -> None:
    """From the approval to the last receipt."""
    baton.approve(id)
    end = time.monotonic() + 1800
    while baton.campaign(id).get("tally", {}).get("accepted", 0) < people:
        assert time.monotonic() < end, "not all were sent"
        time.sleep(_LOOK)


def yardsticks(port: int, sample: bytes, per_second: float, signed: bool) -> dict[str, float]:
    write = ours(signed)
    windows = (write(first) for first in range(0, _YARDSTICK, CLAIMS_MOST))
    written = islice(chain.from_iterable(windows), _YARDSTICK)
    ready = [Outgoing(f"y{n}", 1, SENDER, "b@people.example", sample) for n in range(_YARDSTICK)]
    smtplib = _YARDSTICK / _seconds(lambda: smtplib_kept(port, ready))
    floor = _YARDSTICK / _seconds(lambda: bare(port, (_outgoing(n, message) for n, message in enumerate(written))))
    return {
        "floor_per_second": round(floor),
        "smtplib_per_second": round(smtplib),
        "ratio_to_floor": round(per_second / floor, 2),
        "ratio_to_smtplib": round(per_second / smtplib, 2),
        "ratio_to_bare_rsa": round(per_second / rate(bare_rsa(), 1.0), 2),
    }


def _outgoing(n: int, message: bytes) -> Outgoing:
    return Outgoing(f"f{n}", 1, SENDER, f"zoe{n}@people.example", message)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    asked = parser.parse_args()
    for people, signed in ((asked.people // 10, False), (asked.people, False), (asked.people, True)):
        print(json.dumps(_campaign(people, signed)), flush=True)


if __name__ == "__main__":
    main()
