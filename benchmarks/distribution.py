"""Distribution from ledger to wire: B5 to B8 one after another, against their goals, in about five minutes.

`python -m benchmarks.distribution [--quick] [--write]`. Each benchmark runs in a process of its own and has its
yardsticks in the same run: a ratio is worth something on any machine, a rate only beside what the machine can do."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from benchmarks import distribution_report as report

_PLAN = {
    "ledger": ("--rounds", "3"),
    "compose": ("--seconds", "0.5", "--rounds", "5"),
    "smtp": ("--messages", "2000", "--rounds", "3"),
    "campaign": ("--people", "10000"),
}
_QUICK = {
    "ledger": ("--rounds", "1", "--recipients", "10000", "100000"),
    "compose": ("--seconds", "0.3", "--rounds", "3"),
    "smtp": ("--messages", "500", "--rounds", "1"),
    "campaign": ("--people", "1000"),
}


def measure(plan: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The lines of all benchmarks; each is shown as soon as it is there."""
    lines = []
    for name, flags in plan.items():
        command = [sys.executable, "-m", f"benchmarks.{name}", *flags]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(json.loads(line))
        if process.returncode:
            sys.exit(f"benchmarks.{name} failed")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, in about a minute: does it run?")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-distribution.md as well")
    asked = parser.parse_args()
    load, before = os.getloadavg(), report.machine()
    lines = measure(_QUICK if asked.quick else _PLAN)
    after = report.machine()
    disk = {name: (value + after[name]) / 2 for name, value in before.items()}
    text = report.render(lines, disk, load, asked.quick)
    print(f"\n{text}")
    if asked.write:
        report.PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
