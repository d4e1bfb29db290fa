"""kill -9 between the change and the last answer: every event reaches every webhook, under one id each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from shared.agents.events.deliver import LEASE

from .conftest import World

ROOT = Path(__file__).parents[3]
KILLED_AT = (3, 9, 16)


def child(world: World, call: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.integration.events.tell_child", str(world.file.parent / "home")]
    return subprocess.run(
        [*command, str(world.file), str(world.endpoint.port), str(call)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_no_event_is_lost_wherever_whoever_tells_it_is_killed(world: World) -> None:
    hooks = [world.subscribe("/a"), world.subscribe("/b", events=["task.completed"])]
    tasks = [world.happens().id, world.happens().id, world.happens("failed").id]
    for call in KILLED_AT:
        assert child(world, call).returncode == -9
        world.wait(seconds=(LEASE.total_seconds() + 1))  # what was claimed is free again
    done = child(world, -1)
    assert (done.returncode, done.stdout) == (0, "lived\n"), done.stderr
    for hook, wanted in zip(hooks, (tasks, tasks[:2]), strict=True):
        assert {each.state for each in world.deliveries(hook)} == {"delivered"}
        path = hook.url.rpartition("/")[2]
        arrived = {
            each.headers["webhook-id"]: json.loads(each.body)["data"]["task"]
            for each in world.endpoint.asked
            if each.path == f"/{path}"
        }
        assert sorted(arrived.values()) == sorted(wanted)
