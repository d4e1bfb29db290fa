"""Baton as its owner runs it: the real app in the real host, a child process on a home of its own, killed at will."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.host.process import ROOT, RunningHost, wait_for

BRIEF = {
    "goal": "Fill the spring course",
    "offer": "Six evenings for your back",
    "audience": "former patients",
    "call_to_action": {"text": "Book a place", "url": "https://praxis.example/book"},
}
CAMPAIGN: dict[str, Any] = {
    "name": "Spring",
    "brief": BRIEF,
    "segment": {"all": True},
    "sender": {"name": "Praxis", "address": "hallo@praxis.example", "postal_address": "1 Mill Road, Leeds"},
    "window": {"days": 1, "hours": [0, 24]},
}
CSV = "email,first_name,timezone,consent\n"


class Baton:
    """A home and, while it runs, its host. `env` goes to every start."""

    def __init__(self, folder: Path, *flags: str, **env: str) -> None:
        self.home = folder / "home"
        self.state = folder / "state"
        self._flags = flags or ("--clock", "virtual")
        self._env = {"BATON_HOME": str(self.home), "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1", **env}
        self.app = ROOT
        self.host: RunningHost | None = None

    def start(self) -> Baton:
        self.host = RunningHost(self.app, self.state, *self._flags, **self._env)
        self.host.http.get("/api/v1/ready")
        return self

    def kill(self) -> None:
        """SIGKILL, in the midst of whatever it does."""
        assert self.host
        self.host.kill()
        self.host = None

    @property
    def token(self) -> str:
        return self._env.get("BATON_OWNER_TOKEN") or (self.home / "owner.token").read_text().strip()

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        """The JSON answer; fails on a problem."""
        response = self.raw(method, path, json=json, **options)
        log = "\n".join(self.host.log[-40:]) if response.status_code >= 500 and self.host else ""
        assert response.is_success, f"{method} {path}: {response.text}\n{log}"
        return response.json()

    def raw(self, method: str, path: str, **options: Any) -> Any:
        assert self.host
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.host.http.request(method, f"/api/v1/{path}", headers=headers, **options)

    def import_people(self, count: int) -> str:
        """Starts an import of that many people who consent; its id."""
        rows = "".join(f"user{n}@people.example,User{n},UTC,yes\n" for n in range(count))
        accepted = self.ask("POST", "contacts/imports", content=CSV + rows, headers={"Content-Type": "text/csv"})
        return str(accepted["id"])

    def imported(self, id: str, seconds: float = 90) -> dict[str, Any]:
        return wait_for(lambda: self._ended(f"contacts/imports/{id}", "completed"), seconds)

    def create(self, **changes: Any) -> str:
        return str(self.ask("POST", "campaigns", {**CAMPAIGN, **changes})["id"])

    def campaign(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"campaigns/{id}")
        return found

    def until(self, id: str, *statuses: str, seconds: float = 90, every: float = 0.05) -> dict[str, Any]:
        return wait_for(lambda: self._ended(f"campaigns/{id}", *statuses), seconds, every)

    def approve(self, id: str, seconds: float = 90, every: float = 0.05) -> None:
        asked = self.until(id, "awaiting_approval", seconds=seconds, every=every)
        self.ask("POST", f"campaigns/{id}/approvals", {"decision": "approve", "digest": asked["digest"]})

    def certificate(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"campaigns/{id}/certificate")
        return found

    def _ended(self, path: str, *statuses: str) -> dict[str, Any] | None:
        found: dict[str, Any] = self.ask("GET", path)
        assert found["status"] != "failed" or "failed" in statuses, found
        return found if found["status"] in statuses else None


@contextmanager
def sink(folder: Path, *flags: str) -> Iterator[str]:
    """A mail server in a process of its own that outlives every kill; its `smtp://` URL."""
    command = [sys.executable, "-m", "tests.servers.smtp_sink", "--dir", str(folder), *flags]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout
    try:
        yield f"smtp://127.0.0.1:{server.stdout.readline().strip()}?rate_per_second=2000"
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
