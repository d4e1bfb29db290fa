"""`make bench`: each benchmark in a process of its own, one after another."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("ledger", "smtp", "contacts", "campaign")


def main() -> None:
    for name in BENCHMARKS:
        print(f"\n── {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
