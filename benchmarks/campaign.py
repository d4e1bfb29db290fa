"""A whole campaign, as its owner sees it: import → write → approve → plan → send over SMTP into a local sink.

`python -m benchmarks.campaign [--people 10000]`, unsigned and signed with DKIM (B8). The yardsticks, in the same run:
smtplib handing ready-made messages of the same size to the same sink over one connection, with no bookkeeping at all;
and, for the signed one, bare RSA-2048 signatures on one core."""

from __future__ import annotations

import argparse
import smtplib
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.compose import KEY, bare_rsa, rate
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.domain.scope import Scope
from tests.e2e.campaign.baton import Baton, sink
from tests.e2e.host.process import wait_for
from tests.servers.smtp_sink import count, kept


def _peak_mb(baton: Baton) -> float:
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
            begun = time.perf_counter()
            baton.imported(baton.import_people(people))
            imported, after_import = time.perf_counter(), _peak_mb(baton)
            id = baton.create()
            baton.until(id, "awaiting_approval", seconds=300)
            baton.approve(id)
            approved = time.perf_counter()
            wait_for(lambda: count_of(baton, id) >= people or None, 600)
            sent = time.perf_counter()
            certificate = baton.certificate(id)
            arrived = count(folder / "mails")
            assert certificate["sent_once"] == people, certificate
            assert set(arrived.values()) == {1}
            assert len(arrived) == people
            sample = next(kept(folder / "mails")).message
            assert sample.startswith(b"DKIM-Signature:") == signed
            floor = _smtplib(url, sample, min(people, 3000))
            result = {
                "people": people,
                "dkim": signed,
                "message_bytes": len(sample),
                "import_per_s": round(people / (imported - begun)),
                "approve_to_last_receipt_s": round(sent - approved, 2),
                "messages_per_s": round(people / (sent - approved)),
                "of_smtplib": round(people / (sent - approved) / floor, 2),
                "of_bare_rsa": round(people / (sent - approved) / rate(bare_rsa(), 1.0), 2),
                "peak_mb_after_import": round(after_import),
                "peak_mb": round(_peak_mb(baton)),
            }
            baton.kill()
    return result


def count_of(baton: Baton, id: str) -> int:
    """Messages with an acceptance, from the ledger's tallies."""
    found = baton.campaign(id)
    return int(found.get("tally", {}).get("accepted", 0))


def _smtplib(url: str, message: bytes, n: int) -> float:
    place = urlsplit(url)
    with smtplib.SMTP(place.hostname or "", place.port or 0, local_hostname="bench") as server:
        begun = time.perf_counter()
        for _ in range(n):
            server.sendmail("a@example.org", ["b@example.org"], message)
        return n / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    asked = parser.parse_args()
    rows = [_campaign(asked.people // 10, False), _campaign(asked.people, False), _campaign(asked.people, True)]
    for key in rows[0]:
        print(f"{key:28}" + "".join(f"{row[key]:>12}" for row in rows))


if __name__ == "__main__":
    main()
