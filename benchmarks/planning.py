"""Planning alone: manifest and ledger rows of 10,000, 100,000 and a million recipients, each in a process of its own.

`python -m benchmarks.planning [--people 10000 100000 1000000]`. `grown_mb` is what the peak of the resident memory grew
by over what the imports took: it must not follow the number of people."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from shared.adapters._sqlite.database import Database
from shared.adapters.files.folder import FolderFiles
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.agents.campaigns import manifest
from shared.agents.schedule.plan import Member, plan
from tests.flows.planning_child import TERMS, ZONES


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _planned(people: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        database = Database(Path(name) / "baton.db")
        ledger, ports = SqliteLedger(database), SimpleNamespace(files=FolderFiles(Path(name) / "files"))
        before, begun = _peak_mb(), time.perf_counter()
        audience = (Member(f"p{n:023}", f"{n:032}", ZONES[n % len(ZONES)], True) for n in range(people))
        manifest.write(ports, TERMS.scope, TERMS.campaign, plan(TERMS, audience))  # type: ignore[arg-type]
        written, rows = time.perf_counter(), 0
        for shard, found in manifest.shards(ports, TERMS.scope, TERMS.campaign):  # type: ignore[arg-type]
            ledger.plan(TERMS.scope, TERMS.campaign, shard, found)
            rows += len(found)
        ended = time.perf_counter()
        assert rows == ledger.tally(TERMS.scope, TERMS.campaign)["planned"] == people
        database.close()
    return {
        "people": people,
        "manifest_s": round(written - begun, 1),
        "rows_s": round(ended - written, 1),
        "per_s": round(people / (ended - begun)),
        "grown_mb": round(_peak_mb() - before, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    asked = parser.parse_args()
    if len(asked.people) == 1:
        print(json.dumps(_planned(asked.people[0])), flush=True)
        return
    for people in asked.people:
        subprocess.run([sys.executable, "-m", "benchmarks.planning", "--people", str(people)], check=True)


if __name__ == "__main__":
    main()
