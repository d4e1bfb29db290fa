"""`python -m local.simulator --outbox DIR [--seed N]`: simulated people.

Each line on stdin is the time it now is (ISO 8601). They do what is due and answer with one line of JSON:
{"done", "waiting", "next", "error"}. They go home when stdin ends."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from local.simulator.crowd import Crowd


def main() -> None:
    """Until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m local.simulator", description="Simulated people read an outbox.")
    parser.add_argument("--outbox", type=Path, required=True, metavar="DIR", help="where the .eml files come")
    parser.add_argument("--seed", type=int, default=1, help="other people, other tastes")
    given = parser.parse_args()
    crowd = Crowd(given.outbox, given.seed)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_live(crowd, datetime.fromisoformat(line.strip()))) + "\n")
        sys.stdout.flush()
    crowd.close()


def _live(crowd: Crowd, now: datetime) -> dict[str, Any]:
    error = None
    try:
        crowd.live(now)
    except httpx2.HTTPError as failed:
        error = str(failed) or type(failed).__name__
    due = crowd.next
    return {"done": crowd.done, "waiting": crowd.waiting, "next": due.isoformat() if due else None, "error": error}


if __name__ == "__main__":
    main()
