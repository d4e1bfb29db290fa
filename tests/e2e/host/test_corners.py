"""Orchestrations through HTTP and the SDK's client: retries, nested tasks, events, versions, changed code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.host.process import APPS, RunningHost, running, wait_for


def corners(
    directory: Path, *flags: str, app: str | Path = "corners", **env: str
) -> AbstractContextManager[RunningHost]:
    notes = directory / "notes"
    notes.touch()
    return running(app, directory / "state", *flags, CORNERS_NOTES=str(notes), **env)


def start(host: RunningHost, name: str, id_: str, given: Any = None, **params: str) -> dict[str, Any]:
    response = host.http.post(f"/v1/start/{name}/{id_}", json=given, params=params)
    assert response.status_code == 202, response.text
    links: dict[str, Any] = response.json()
    return links


def send(host: RunningHost, id_: str, name: str, value: Any) -> None:
    assert host.http.post(f"/v1/events/{id_}/{name}", json=value).status_code == 200


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    with corners(tmp_path_factory.mktemp("corners")) as it:
        yield it


def test_the_prefix_and_the_hub_are_those_of_host_json(host: RunningHost) -> None:
    links = start(host, "versioned", "prefixed")
    assert "taskHub=Corners" in links["statusQueryGetUri"]
    assert host.http.post("/api/start/versioned/other").status_code == 404
    assert host.until("prefixed", "Completed")["output"] == "2.0.0"


def test_a_failing_activity_is_tried_again_until_it_succeeds(host: RunningHost) -> None:
    start(host, "retries", "three", 3)
    assert host.until("three", "Completed")["output"] == "attempt 3"


def test_after_the_last_attempt_its_failure_reaches_the_orchestrator(host: RunningHost) -> None:
    start(host, "retries", "two", 2)
    output = host.until("two", "Completed")["output"]
    assert output.startswith("gave up: Activity function 'flaky' failed: attempt 2 failed")


def test_a_failing_child_is_tried_again(host: RunningHost) -> None:
    start(host, "retries_a_child", "parent")
    assert host.until("parent", "Completed")["output"] == "attempt 3"


def test_any_and_all_can_be_nested(host: RunningHost) -> None:
    start(host, "nested", "n")
    assert host.until("n", "Completed")["output"] == ["A", ["B", "C"]]


def _two_early_events(host: RunningHost) -> None:
    start(host, "listens", "l")
    host.until("l", "Running")
    send(host, "l", "number", 1)
    send(host, "l", "number", 2)
    send(host, "l", "go", "now")


def test_early_events_are_kept_in_order(host: RunningHost) -> None:
    _two_early_events(host)
    assert host.until("l", "Completed")["output"] == [1, 2]


def test_early_events_are_lost_as_on_azure_where_that_is_asked_for(tmp_path: Path) -> None:
    with corners(tmp_path, "--events", "azure") as host:
        _two_early_events(host)
        assert host.until("l", "Completed")["output"] == [2, 2]


def test_the_custom_status_shows_while_it_waits(host: RunningHost) -> None:
    start(host, "reports", "r")
    for step in (1, 2):
        wait_for(lambda step=step: True if host.status("r")["customStatus"] == {"step": step} else None)
        seen = host.http.get("/v1/status/r").json()
        assert (seen["runtimeStatus"], seen["customStatus"]) == ("Running", {"step": step})
        send(host, "r", "go", "now")
    assert host.until("r", "Completed")["customStatus"] == {"step": 2}


def test_a_suspended_instance_says_why(host: RunningHost) -> None:
    start(host, "reports", "paused")
    assert host.manage("POST", "instances/paused/suspend", params={"reason": "a break"}).status_code == 202
    assert host.until("paused", "Suspended")["output"] == "a break"
    assert host.manage("POST", "instances/paused/resume").status_code == 202
    assert host.until("paused", "Running")["output"] is None


def test_a_timer_may_be_longer_than_azure_storage_allows(tmp_path: Path) -> None:
    with corners(tmp_path, "--clock", "virtual=2026-01-01T00:00:00Z") as host:
        start(host, "sleeps", "s", 90)
        assert host.until("s", "Completed")["output"] == "2026-04-01T00:00:00+00:00"
        ticks = (tmp_path / "notes").read_text().count("tick")
        assert ticks == 90 * 4  # a time span as a schedule: every six hours on the way


def _with_versions(directory: Path, own: str, match: str, failure: str) -> Path:
    """The app with another host.json."""
    app = directory / "app"
    shutil.copytree(APPS / "corners", app, dirs_exist_ok=True)
    durable = {"defaultVersion": own, "versionMatchStrategy": match, "versionFailureStrategy": failure}
    settings = {"version": "2.0", "extensions": {"http": {"routePrefix": "v1"}, "durableTask": durable}}
    (app / "host.json").write_text(json.dumps(settings))
    return app


@pytest.mark.parametrize(
    ("match", "version", "runs"),
    [
        ("CurrentOrOlder", "1.9.9", True),
        ("CurrentOrOlder", "2.0.0", True),
        ("CurrentOrOlder", "2.0.1", False),
        ("Strict", "2.0.0", True),
        ("Strict", "1.9.9", False),
        ("None", "9.0.0", True),
    ],
)
def test_an_instance_of_a_version_that_does_not_match_fails_where_host_json_says_so(
    tmp_path: Path, match: str, version: str, runs: bool
) -> None:
    with corners(tmp_path, app=_with_versions(tmp_path, "2.0.0", match, "Fail")) as host:
        start(host, "versioned", "v", version=version)
        ended = host.until("v", "Completed" if runs else "Failed")
        reason = f"its version '{version}' does not match this host's '2.0.0' ({match})"
        assert ended["output"] == (version if runs else f"Orchestrator function 'versioned' failed: {reason}")


def test_an_instance_of_a_newer_version_waits_for_a_newer_host(tmp_path: Path) -> None:
    with corners(tmp_path, app=_with_versions(tmp_path, "2.0.0", "CurrentOrOlder", "Reject")) as host:
        start(host, "versioned", "newer", version="3.0.0")
        start(host, "versioned", "same")
        assert host.until("same", "Completed")["output"] == "2.0.0"
        assert host.status("newer")["runtimeStatus"] == "Pending"
        host.kill()
    with corners(tmp_path, app=_with_versions(tmp_path, "3.0.0", "CurrentOrOlder", "Reject")) as host:
        assert host.until("newer", "Completed")["output"] == "3.0.0"


def test_a_changed_orchestrator_is_parked_and_says_at_which_step(tmp_path: Path) -> None:
    with corners(tmp_path) as host:
        start(host, "changing", "c")
        wait_for(lambda: True if "TaskCompleted" in _events(host) else None)
        host.kill()
    with corners(tmp_path, CORNERS_CHANGED="yes") as host:
        send(host, "c", "go", "now")
        parked = host.until("c", "Suspended")
        assert parked["output"] == (
            "non-deterministic orchestrator: history records step 0, activity 'name', "
            "the replay asks for step 0, activity 'name_async'"
        )
        assert host.logged("instance c (changing) is parked")
        assert host.stop() == 0
    with corners(tmp_path) as host:
        assert host.manage("POST", "instances/c/resume").status_code == 202
        assert host.until("c", "Completed")["output"] == "done"


def _events(host: RunningHost) -> list[str]:
    found = host.manage("GET", "instances/c", params={"showHistory": "true"}).json()
    return [event["EventType"] for event in found["historyEvents"]]
