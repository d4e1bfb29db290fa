"""Chaos (bench B9): a campaign over SMTP whose host is killed with SIGKILL at random
moments.

`python -m benchmarks.chaos [--people 100000] [--kills 20] [--seed N]`. Fails unless nobody is lost or doubled and
at most 100 are unknown per kill; the mail server's own log is what Baton's books are compared with."""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from tests.e2e.campaign.chaos import chaos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    begun = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - begun:7.1f} s  {what}", flush=True)

    with tempfile.TemporaryDirectory() as name:
        certificate = chaos(Path(name), asked.people, asked.kills, asked.seed, say, seconds=1800)
    parts = {part: certificate[part] for part in ("planned", "sent_once", "sent_twice", "failed", "held", "unknown")}
    print(json.dumps({"people": asked.people, "kills": asked.kills, "seed": asked.seed, **parts}))


if __name__ == "__main__":
    main()
