"""What the processes of all contenders share: the clock, the counters and the one line that they print.

A contender offers workloads of `STEPS` or `size` steps, each of which adds one:
`many` workflows started at once, one workflow that fans out, `single` workflows one after another, one long chain.
`python -m benchmarks.peers.NAME WORKLOAD SIZE` runs one of them in the current folder, which is empty."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

STEPS = 5


class Meter:
    """`with meter:` encloses what counts; `with meter.lap():`, in it, one workflow whose latency counts."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self._laps: list[float] = []

    def __enter__(self) -> Meter:
        self._memory, self._fsyncs = _memory_kb("VmRSS"), _fsyncs()
        self._began = perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.found["seconds"] = perf_counter() - self._began
        self.found["fsyncs"] = None if self._fsyncs is None else (_fsyncs() or 0) - self._fsyncs
        self.found["growth_kb"] = None if self._memory is None else (_memory_kb("VmHWM") or 0) - self._memory
        if len(self._laps) > 1:
            cuts = quantiles(self._laps, n=100, method="inclusive")
            self.found |= {"p50_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000}

    @contextmanager
    def lap(self) -> Iterator[None]:
        began = perf_counter()
        yield
        self._laps.append(perf_counter() - began)


Workload = Callable[[Meter, int], None]


def main(workloads: Mapping[str, Workload], package: str | None = None) -> None:
    """Run what the command line asks for. `first` stays, idle, after one workflow until its input ends."""
    name, meter = sys.argv[1], Meter()
    if name == "first":
        workloads["single"](meter, 1)
        print("done", flush=True)
        sys.stdin.read()
    else:
        workloads[name](meter, int(sys.argv[2]))
        print(json.dumps({**meter.found, "version": version(package) if package else ""}), flush=True)
    # Consumers and pools of some contenders would keep the process for seconds.
    os._exit(0)


def check(found: Any, expected: Any) -> None:
    if found != expected:
        raise RuntimeError(f"the workflow returned {found!r} instead of {expected!r}")


def fan_total(size: int) -> int:
    """The sum of what the steps of a fan-out return."""
    return size * (size + 1) // 2


def _memory_kb(field: str) -> int | None:
    """Of this process, as the kernel counts it; None where there is no /proc."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(f"{field}:"))


def _fsyncs() -> int | None:
    path = os.environ.get("BENCH_FSYNCS")
    return int.from_bytes(Path(path).read_bytes(), sys.byteorder) if path else None
