"""How long a plan of 1,000 steps takes from text to plan, or to all its problems.

`python -m benchmarks.processes validate`. Goal: at most 200 ms (issue 7), for a plan with a calculation in each step,
too. The time begins with the bytes of the text and ends with the plan: reading the YAML is part of it. The floor is the
reader alone: libyaml's events of the same text by ruamel's own binding, made into nothing. What a value is, is decided
here by YAML 1.2; ruamel's reader written in Python, the only one of its that knows 1.2 by itself, is shown beside. The
JSON of the plan with Python's own json and pydantic, without places and without any check but the model, is what many
tools do instead."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from _ruamel_yaml import CParser
from ruamel.yaml import YAML

from shared.process.declared import Plan
from shared.process.load import load
from shared.process.plan import graph_of
from shared.process.problems import Invalid

STEPS, TIMES, GOAL = 1000, 15, 0.2


def text(steps: int = STEPS) -> str:
    """A tree of steps of three types, each naming what it needs."""
    lines = ["process: large", "title: Large", "inputs:", "  file: {type: file}", "steps:"]
    for n in range(steps):
        before = f"steps.s{(n - 1) // 2}.outputs" if n else "inputs"
        rows = (
            "  type: transform\n  with:\n    rows: ${{ %s.rows }}\n    do:\n      - filter: n > ${{ run.attempt + %d }}"
        )
        kinds = (
            f"  type: read\n  with:\n    file: ${{{{ inputs.file }}}}\n    columns:\n      - {{name: column_{n}}}",
            rows % (before, n),
            rows % (before, n),
        )
        # Only what gives rows is followed by what takes them: the root and its children.
        lines += [f"- id: s{n}", f"  title: Step {n}", *([f"  needs: [s{(n - 1) // 2}]"] if n else [])]
        lines += [kinds[0] if n == 0 else kinds[1 + n % 2]]
    return "\n".join(lines) + "\n"


class Times(NamedTuple):
    """Seconds of the processor: the median of several times, and the least, which nothing disturbed."""

    median: float
    least: float


def timed(work: Callable[[], object], times: int = TIMES) -> Times:
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return Times(median(taken), min(taken))


def events(content: str) -> None:
    next_event = CParser(content).get_event
    while next_event() is not None:
        pass


def wrong(content: bytes) -> int:
    try:
        load(content)
    except Invalid as invalid:
        return len(invalid.problems)
    raise AssertionError("the plan was to be wrong")


def main() -> None:
    content = text()
    plan = load(content.encode())
    stored = plan.model_dump(mode="json", by_alias=True)
    kept = json.dumps(stored)
    plain = re.sub(r"\$\{\{ run\.attempt \+ (\d+) \}\}", r"\1", content).encode()
    misspelt = content.replace("  type: transform", "  type: tranform").encode()
    floor = timed(lambda: events(content))
    rows = {
        "libyaml's events alone (floor)": floor,
        "ruamel's reader in Python alone (YAML 1.2)": timed(lambda: YAML(typ="safe", pure=True).load(content), 1),
        "json + pydantic, no places, no checks": timed(lambda: Plan.model_validate(json.loads(kept))),
        f"text to plan, {len(plan.steps):,} steps, one reference each": timed(lambda: load(plain)),
        f"the same, also a calculation each, {len(content):,} bytes": (whole := timed(lambda: load(content.encode()))),
        f"text to {wrong(misspelt):,} problems (at most 500)": timed(lambda: wrong(misspelt)),
        "stored plan to graph": timed(lambda: graph_of(stored).to_wire()),
    }
    print(f"{'':<52} {'median':>11} {'least':>11}  times the floor")
    for name, each in rows.items():
        shown = f"{each.median * 1000:8.1f} ms {each.least * 1000:8.1f} ms"
        print(f"{name:<52} {shown}  {each.median / floor.median:6.1f}")
    print(f"goal: {GOAL * 1000:.0f} ms; {'held' if whole.median <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
