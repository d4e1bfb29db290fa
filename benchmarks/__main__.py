"""`make bench`: each benchmark in a process of its own, one after another; with `--quick` a few minutes in all."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = {
    "start": ("--pairs", "3"),
    "host": ("--quick",),
    "distribution": ("--quick",),
    "planning": ("--people", "10000", "100000"),
    "contacts": ("--rows", "10000"),
    "asking": ("--calls", "100"),
    "knowledge": ("--passages", "10000"),
    "claims": (),
    "processes": ("rows", "--", "--rows", "20000"),
    "journeys": ("--people", "1", "1000"),
    "pages": ("--people", "10000", "--campaigns", "20"),
    "leads": ("--leads", "1000"),
    "chaos": ("--people", "2000", "--kills", "5"),
}
"""Each with what makes it short."""


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    for name, short in BENCHMARKS.items():
        print(f"\n── {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *(short if quick else ())], check=True)


if __name__ == "__main__":
    main()
