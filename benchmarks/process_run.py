"""A declared process of 1,000 steps on the running host, beside a plain orchestration with as many activities.

`python -m benchmarks.processes run [-- --steps 1000 --rounds 5]`. Both run in the embedded host as users run it, a
child process with its stores on the disk, each from its start to its end as its own record tells them. *Parallel*: no
step waits for another; *chain*: each waits for the one before. A step works out a number, an activity adds one to one.
*Loop*: one step for each item of a list, each a turn of its own, as steps are that touch files or anything outside;
its documents are on the disk before the turn begins and when it ends. Rounds alternate; only the ratios within a round
are compared. What a step costs more is what a run keeps of it: state, inputs, outputs, attempts, durations."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import RunningHost, wait_for

PLAIN = Path(__file__).parent / "app"
SHAPES = {"parallel": "fan", "chain": "chain", "loop": "fan"}
_PATIENCE = 300.0


def plan(shape: str, steps: int) -> dict[str, Any]:
    """So many steps, or items of a step, that each work out a number."""
    if shape == "loop":
        given = {"inputs": {"numbers": {"type": "list", "default": list(range(steps))}}}
        loop = {"items": "${{ inputs.numbers }}", "at_once": 64}
        step = {"id": "s", "type": "value", "foreach": loop, "with": {"value": "${{ run.attempt + item }}"}}
        return {"process": shape, "title": shape, **given, "steps": [step]}
    made = [
        {
            "id": f"s{n}",
            "type": "value",
            "with": {"value": f"${{{{ run.attempt + {n} }}}}"},
            **({"needs": [f"s{n - 1}"]} if shape == "chain" and n else {}),
        }
        for n in range(steps)
    ]
    return {"process": shape, "title": shape, "at_once": 64, "steps": made}


def declared(baton: Baton, shape: str, steps: int) -> float:
    """Seconds of one run; every step is looked at."""
    id = baton.ask("POST", f"processes/{shape}/runs", {})["id"]
    run = wait_for(lambda: _ended(baton, id), _PATIENCE, 0.5)
    found = [each for each in baton.ask("GET", f"runs/{id}/steps") if each["items"] is None]
    if run["status"] != "done" or len(found) != steps or any(len(each["tries"]) != 1 for each in found):
        raise RuntimeError(f"{shape}: {run['status']}, {len(found)} steps")
    return _seconds(run["created_at"], run["ended_at"])


def plain(host: RunningHost, shape: str, steps: int) -> float:
    """Seconds of one orchestration of the same shape."""
    name, given = SHAPES[shape], [0, steps] if shape == "chain" else steps
    id = host.manage("POST", f"orchestrators/{name}", json=given).json()["id"]
    found = wait_for(lambda: _completed(host, id), _PATIENCE, 0.5)
    if found["output"] != (steps if shape == "chain" else steps * (steps + 1) // 2):
        raise RuntimeError(f"{shape}: {found['output']}")
    events = host.manage("GET", f"instances/{id}", params={"showHistory": "true"}).json()["historyEvents"]
    return _seconds(events[0]["Timestamp"], events[-1]["Timestamp"])


def _ended(baton: Baton, id: str) -> dict[str, Any] | None:
    run: dict[str, Any] = baton.ask("GET", f"runs/{id}")
    return run if run["status"] in ("done", "failed", "cancelled") else None


def _completed(host: RunningHost, id: str) -> dict[str, Any] | None:
    found = host.status(id)
    return found if found["runtimeStatus"] in ("Completed", "Failed") else None


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


@contextmanager
def hosts(folder: Path) -> Iterator[tuple[Baton, RunningHost]]:
    """Baton and the plain app, both running."""
    baton = Baton(folder / "baton", "--clock", "real").start()
    other = RunningHost(PLAIN, folder / "plain", "--clock", "real")
    try:
        yield baton, other
    finally:
        baton.kill()
        other.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, hosts(Path(folder)) as (baton, other):
        for shape in given.shapes:
            baton.ask("PUT", f"processes/{shape}", content=json.dumps(plan(shape, given.steps)))
            declared(baton, shape, given.steps), plain(other, shape, given.steps)  # the first ones load
            rounds = [
                (declared(baton, shape, given.steps), plain(other, shape, given.steps)) for _ in range(given.rounds)
            ]
            ratios = sorted(run / bare for run, bare in rounds)
            print(
                f"{shape:<9} {given.steps:,} steps: declared {median(run for run, _ in rounds):6.2f} s, plain "
                f"{median(bare for _, bare in rounds):6.2f} s, {median(ratios):5.1f} times "
                f"({ratios[0]:.1f} to {ratios[-1]:.1f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
