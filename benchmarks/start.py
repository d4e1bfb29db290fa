"""Importing the app in a fresh process, as a cold start does (B10). `python -m benchmarks.start`.

Interleaved, nine of each: `function_app` with all its functions indexed; the bare pair of azure-functions and
azure-functions-durable that it cannot do without; the interpreter alone. Medians of wall time, processor time and peak
memory, and of the ratios of neighbours. One JSON line."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
IMPORTS = {
    "app": "from function_app import app; app.get_functions()",
    "pair": "import azure.functions, azure.durable_functions",
    "python": "pass",
}
_TOLD = "; import resource as r; u = r.getrusage(r.RUSAGE_SELF); print(u.ru_utime + u.ru_stime, u.ru_maxrss)"


class Start(NamedTuple):
    """Seconds, seconds of the processor, and MB."""

    wall: float
    cpu: float
    memory: float


def started(code: str) -> Start:
    begin = perf_counter()
    ran = subprocess.run([sys.executable, "-c", code + _TOLD], cwd=ROOT, env={}, capture_output=True, check=True)
    wall = perf_counter() - begin
    cpu, kilobytes = ran.stdout.split()
    return Start(wall, float(cpu), int(kilobytes) / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9)
    asked = parser.parse_args()
    for code in IMPORTS.values():
        started(code)  # so that what Python compiles is compiled
    rounds = [{name: started(code) for name, code in IMPORTS.items()} for _ in range(asked.pairs)]
    found = {
        name: {unit: round(median(getattr(each[name], unit) for each in rounds), 3) for unit in Start._fields}
        for name in IMPORTS
    }
    ratios = {
        unit: round(median(getattr(each["app"], unit) / getattr(each["pair"], unit) for each in rounds), 3)
        for unit in ("wall", "cpu")
    }
    print(json.dumps({"bench": "start", "pairs": asked.pairs, **found, "app/pair": ratios}))


if __name__ == "__main__":
    main()
