"""The embedded host as a child process: started with the right environment, in a group of its own, ended on purpose."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import httpx2

from local.cli.errors import Ended, Fault
from local.cli.session import STATE, Session
from local.cli.settings import APP, setting
from local.cli.words import program

_PATIENCE = 60.0
_OUTSIDE = (
    "BATON_SMTP_URL",
    "BATON_MAILBOX_URL",
    "BATON_MODEL_URL",
    "BATON_MODEL_KEY",
    "BATON_MODEL_NAME",
    "BATON_LOCAL_MODEL_URL",
    "OpenAIConnection__endpoint",
    "FoundryConnection__endpoint",
    "BATON_TIMEZONE",
)


LOG = "host.log"
"""In the folder of the host's state; at 5 MB it becomes `host.log.1`, and the four newest of these are kept."""


class LocalHost:
    """A running host of a home. `port` 0 takes a free one; `clock` is `real`, `virtual` or `virtual=ISO`; what the
    host has to say goes to `log` (None: to stderr and to the home's LOG, which stays small); `alone`: whatever this
    machine is set to, nothing leaves the home. Raises Fault if it cannot start."""

    def __init__(self, home: Path, port: int, clock: str, *, log: BinaryIO | None = None, alone: bool = False) -> None:
        check_free(home)
        port = _free_port(port)
        self.url = f"http://127.0.0.1:{port}"
        state = home.resolve() / STATE
        options = ["--port", str(port), "--state", str(state), "--clock", clock]
        options += [] if log else ["--log", str(state / LOG)]
        # A session of its own: Ctrl-C reaches the host once, forwarded, and not twice (the second would be impatient).
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.host", str(APP), *options],
            cwd=APP,
            env=_environment(home.resolve(), self.url, alone),
            stderr=log,
            start_new_session=True,
        )
        try:
            self._wait_until_ready(log.name if log else "the line above")
        except BaseException:
            self.kill()
            raise

    def stop(self) -> int:
        """Let it finish what is on its way; its exit code."""
        self.process.terminate()
        return self.process.wait()

    def kill(self) -> None:
        """SIGKILL, in the midst of whatever it does."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> LocalHost:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.stop()

    def run(self) -> int:
        """Until it ends, with the signals that were meant for it; its exit code."""
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, lambda number, _: self.process.send_signal(number))
        return self.process.wait()

    def _wait_until_ready(self, told: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        # Without TLS: to read the machine's certificates for every question costs more than the host's start.
        with httpx2.Client(base_url=self.url, verify=False, timeout=30) as client:
            while not _answers(client):
                if self.process.poll() is not None:
                    raise Fault(f"the host ended with {self.process.returncode} before it was ready; {told} says why")
                if time.monotonic() > deadline:
                    raise Fault(f"the host was not ready within {_PATIENCE:.0f} seconds")
                time.sleep(0.02)


def _environment(home: Path, url: str, alone: bool) -> dict[str, str]:
    """What the user has set wins, but for the home. An empty value is an absent one, also for what is on file."""
    public = None if alone else setting("BATON_PUBLIC_URL")
    ours = {"BATON_HOME": str(home), "BATON_PUBLIC_URL": public or url, "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1"}
    # Without a mailbox there is none to look into, every five minutes of a virtual week.
    outside = dict.fromkeys(_OUTSIDE, "") | {"AzureWebJobs.mailbox.Disabled": "1"} if alone else {}
    return {**os.environ, **ours, **outside, "PYTHONPATH": str(APP)}


def check_free(home: Path) -> None:
    """Raises Fault if a host runs for this home."""
    url = _running(home)
    if url:
        raise Fault(f"{home}: another host already runs for this home, on {url}; stop it, or choose another --home")


def _running(home: Path) -> str | None:
    """Where a host answers that lets this home's owner in."""
    try:
        with Session(home, as_json=False) as session:
            session.client.get("campaigns", limit=1)
            return session.client.url
    except Ended:
        return None


def _free_port(port: int) -> int:
    """That port, or a free one for 0."""
    try:
        with socket.create_server(("127.0.0.1", port)) as taken:
            return int(taken.getsockname()[1])
    except OSError as error:
        again = f"{program()} serve --port {port + 1 if port < 65535 else 0}"
        raise Fault(f"port {port} cannot be opened: {error.strerror}; try `{again}`") from error
    except OverflowError as error:
        raise Fault(f"port {port}: must be 0 to 65535") from error


def _answers(client: httpx2.Client) -> bool:
    """It does, and with its first answer that is not public the home and the owner's token are made. Raises Fault for a
    setting that cannot be used: waiting would not mend it."""
    try:
        answer = client.get("/api/v1/ready")
    except httpx2.HTTPError:
        return False
    if answer.status_code == 503 and (wrong := _misconfigured(answer)):
        raise Fault(wrong)
    return answer.status_code == 401


def _misconfigured(answer: httpx2.Response) -> str | None:
    """Which setting is wrong, and why, if the host says so (RFC 9457)."""
    if answer.headers.get("content-type") != "application/problem+json" or "retry-after" in answer.headers:
        return None
    return "; ".join(f"{error['field']}: {error['reason']}" for error in answer.json()["errors"])
