"""How a host starts, stops, dies and comes back."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.host.process import APPS, ROOT, RunningHost, running, wait_for


def refused(app: Path, state: Path, *flags: str) -> str:
    """What a host says that cannot start."""
    command = [sys.executable, "-m", "local.host", str(app), "--state", str(state), *flags]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30, check=False)
    assert done.returncode == 1
    return done.stderr


def test_the_ready_line_names_the_address_the_app_and_the_clock(tmp_path: Path) -> None:
    with running("web", tmp_path) as host:
        line = host.logged("Baton host ready")
        port = (tmp_path / "port").read_text()
        assert line == f"Baton host ready on http://127.0.0.1:{port} ({APPS / 'web'}, clock real)"
        assert host.stop() == 0
    assert not (tmp_path / "port").exists()


def test_a_stop_finishes_open_requests_which_may_still_use_their_client(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with running("patterns", tmp_path / "state") as host, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(host.call, "POST", "run/gated", str(gate))
        wait_for(lambda: host.manage("GET", "instances", params={"runtimeStatus": "Running"}).json() or None)
        host.process.terminate()
        wait_for(lambda: True if host.http.get("/api/run/mirror").status_code == 503 else None)
        gate.touch()
        assert answer.result(20) == {"amount": 2, "total": 6}
        assert host.close() == 0
        assert not [line for line in host.log if "ERROR" in line]


def test_a_second_signal_ends_the_host_at_once(tmp_path: Path) -> None:
    with running("patterns", tmp_path) as host, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(host.http.post, "/api/run/gated", json=str(tmp_path / "never"))
        wait_for(lambda: host.manage("GET", "instances", params={"runtimeStatus": "Running"}).json() or None)
        host.process.terminate()
        wait_for(lambda: True if host.http.get("/api/run/mirror").status_code == 503 else None)
        host.process.terminate()
        assert host.wait() == 1
        assert answer.exception(20) is not None


def test_a_killed_host_takes_its_work_up_again(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with running("patterns", tmp_path / "state") as host:
        host.call("POST", "start/gated/survivor", str(gate))
        host.call("POST", "start/approval/waiting")
        host.until("survivor", "Running")
        host.kill()
    gate.touch()
    with running("patterns", tmp_path / "state") as host:
        assert host.until("survivor", "Completed")["output"] == {"amount": 2, "total": 6}
        host.call("POST", "instances/waiting/events/Approval", "yes")
        assert host.until("waiting", "Completed")["output"] == {"decision": "yes"}


@pytest.mark.parametrize("sticky", ["on", "off"])
def test_results_do_not_depend_on_sticky_sessions(tmp_path: Path, sticky: str) -> None:
    with running("patterns", tmp_path, "--sticky", sticky) as host:
        assert host.call("POST", "run/count", {"at": 1, "to": 5, "sum": 0}) == 55
        assert host.call("POST", "run/squares", 20) == sum(n * n for n in range(20))


def test_a_second_host_on_the_same_state_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with running("patterns", tmp_path) as host:
        said = refused(APPS / "patterns", tmp_path, "--port", "0")
        assert said.startswith("Baton host cannot start: ")
        assert str(tmp_path) in said
        assert host.call("POST", "run/mirror", 1) == 1


def test_the_state_of_a_newer_host_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "host.db")) as db:
        db.execute("PRAGMA user_version = 99")
    said = refused(APPS / "patterns", tmp_path, "--port", "0")
    assert said.startswith("Baton host cannot start: ")
    assert "host.db: written by a newer host (schema 99" in said


def test_a_taken_port_is_named(web: RunningHost, tmp_path: Path) -> None:
    port = str(web.http.base_url.port)
    assert f"port {port} cannot be opened" in refused(APPS / "web", tmp_path, "--port", port)


def write_app(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "function_app.py").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
        ("print('no app')", "exactly one FunctionApp or DFApp; it defines 0"),
        ("import azure.functions as f\na = f.FunctionApp()\nb = f.FunctionApp()", "it defines 2"),
        (
            "import azure.durable_functions as df\napp = df.DFApp()\n"
            "@app.activity_trigger(input_name='x', activity='Same')\ndef a(x): ...\n"
            "@app.activity_trigger(input_name='x')\ndef same(x): ...",
            "two functions are named 'same'",
        ),
    ],
)
def test_an_app_that_cannot_be_loaded_is_explained(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refused(write_app(tmp_path / "app", text), tmp_path / "state", "--port", "0")


def test_a_folder_without_an_app_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path} has no function_app.py" in refused(tmp_path, tmp_path / "state", "--port", "0")


def test_what_the_host_does_not_serve_is_named_at_the_start(tmp_path: Path) -> None:
    settings = {"AzureWebJobs.resting.Disabled": "true", "WEBSITE_TIME_ZONE": "Europe/Berlin"}
    with running("odd", tmp_path, **settings) as host:
        host.logged("Baton host ready")
        warnings = "\n".join(line for line in host.log if "WARNING" in line)
        assert "on_order is left out: this host does not serve queueTrigger" in warnings
        assert "Counter is left out: the SDK does not await entities; it must be 'def'" in warnings
        assert "sometimes is left out: the app setting WHEN_NOBODY_KNOWS of the schedule" in warnings
        assert "twisted is left out: the route 'api/a/{b:color}' uses the constraint 'color'" in warnings
        assert "elsewhere: task_hub and connection_name of its durable client are ignored" in warnings
        assert "blocking takes a durable client and must be 'async def'" in warnings
        assert "retried: its retry policy has no effect" in warnings
        assert "resting is left out: an app setting disables it" in warnings
        assert "WEBSITE_TIME_ZONE has no effect; schedules are in UTC" in warnings
        assert "host.json: extensions.queues.batchSize has no effect" in warnings
        assert host.http.get("/api/fine").text == "fine"
