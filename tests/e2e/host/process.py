"""A host as users run it: a child process, spoken to over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any, ClassVar, TypeVar

import httpx2

Found = TypeVar("Found")
ROOT = Path(__file__).parents[3]
APPS = ROOT / "tests" / "host_apps"


class RunningHost:
    """One child process on a free port; `log` grows as the host writes it.

    The environment's HOST_FLAGS go to every host, so that CI can run the same tests with `--sticky off`.
    """

    started: ClassVar[list[RunningHost]] = []
    """All of them, so that what a failed test leaves running can be ended."""

    def __init__(self, app: Path, state: Path, *flags: str, **env: str) -> None:
        more = [*flags, *os.environ.get("HOST_FLAGS", "").split()]
        command = [sys.executable, "-m", "local.host", str(app), "--port", "0", "--state", str(state), *more]
        # Started elsewhere on purpose: the host may not depend on the folder that it is started in.
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, cwd="/", env={**os.environ, "PYTHONPATH": str(ROOT), **env}
        )
        self.started.append(self)
        self.state = state
        self.log: list[str] = []
        self._announced: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        url = self._announced.get(timeout=60)
        if not url:
            raise AssertionError(f"the host ended with {self.wait()}:\n" + "\n".join(self.log))
        self.http = httpx2.Client(base_url=url, timeout=30)

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.log.append(line.rstrip("\n"))
            if line.startswith("Baton host ready on "):
                self._announced.put(line.split()[4])
        self._announced.put("")

    @property
    def keys(self) -> dict[str, str]:
        keys: dict[str, str] = json.loads((self.state / "host.keys.json").read_text())
        return keys

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        """The JSON answer to a request of the app's own."""
        response = self.http.request(method, f"/api/{path}", json=json, **options)
        assert response.is_success, response.text
        return response.json()

    def manage(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """A request to the management API, with its key."""
        params = {"code": self.keys["durabletask"], **options.pop("params", {})}
        return self.http.request(method, f"/runtime/webhooks/durabletask/{path}", params=params, **options)

    def status(self, instance_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.manage("GET", f"instances/{instance_id}").json()
        return found

    def until(self, instance_id: str, status: str) -> dict[str, Any]:
        """The instance, as soon as it has a status."""
        return wait_for(lambda: found if (found := self.status(instance_id))["runtimeStatus"] == status else None)

    def logged(self, text: str) -> str:
        """The first line of the log with a text in it, as soon as it is there."""
        return wait_for(lambda: next((line for line in self.log if text in line), None))

    def set_clock(self, **asked: str) -> dict[str, Any]:
        state: dict[str, Any] = self.http.put("/admin/host/clock", json=asked).raise_for_status().json()
        return state

    def clock(self) -> dict[str, Any]:
        state: dict[str, Any] = self.http.get("/admin/host/clock").raise_for_status().json()
        return state

    def wait(self) -> int:
        """Wait for the end of the process; its exit code."""
        code = self.process.wait(60)
        self._reader.join()
        assert self.process.stderr
        self.process.stderr.close()
        return code

    def stop(self) -> int:
        self.process.terminate()
        return self.close()

    def kill(self) -> int:
        self.process.kill()
        return self.close()

    def close(self) -> int:
        self.http.close()
        return self.wait()


@contextmanager
def running(app: str | Path, state: Path, *flags: str, **env: str) -> Iterator[RunningHost]:
    """A host of a sample app (by name) or of any app (by path), killed at the end if it still runs."""
    host = RunningHost(APPS / app, state, *flags, **env)
    try:
        yield host
    finally:
        if host.process.poll() is None:
            host.kill()
        elif not host.http.is_closed:
            host.close()


def wait_for(look: Callable[[], Found | None], seconds: float = 60, every: float = 0.05) -> Found:
    """What `look` returns, as soon as it is not None; it looks often at first, then every so many seconds, because each
    look costs the host time that it needs for what is waited for."""
    deadline, pause, nobody = time.monotonic() + seconds, min(0.01, every), threading.Event()
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing came in {seconds} seconds")
        nobody.wait(pause)
        pause = min(pause * 1.5, every)
    return found
