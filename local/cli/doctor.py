"""`baton doctor`: is everything there that Baton needs, and if not, what mends it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from local.cli.errors import Ended, Fault, NoHost
from local.cli.output import facts, table
from local.cli.outside import model, public_url, smtp
from local.cli.session import Session, with_session
from local.cli.settings import APP
from local.cli.verdict import Verdict, fail, ok, warn
from local.cli.words import moment, program

_PIN = re.compile(r"^([\w.-]+)==([^;\s]+)")
_LITTLE, _HARDLY_ANY = 1_000_000_000, 100_000_000


@with_session
def doctor(session: Session) -> None:
    """Check what Baton needs, and say what mends it."""
    verdicts = list(_examine(session))
    session.show([each._asdict() for each in verdicts], _shown)
    failed = [each.what for each in verdicts if each.state == "fail"]
    if failed:
        raise Fault(f"doctor: {', '.join(failed)}: not as it has to be")


def _examine(session: Session) -> Iterator[Verdict]:
    yield _python()
    yield _packages()
    yield _home(session.home)
    yield _disk(session.home)
    yield smtp()
    yield public_url()
    yield model()
    yield from _host(session)


def _python() -> Verdict:
    found = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info < (3, 14):
        return ok("Python", found)
    return fail("Python", f"{found} is not 3.11, 3.12 or 3.13", "make PYTHON=python3.13 setup")


def _packages() -> Verdict:
    pins: dict[str, set[str]] = {}
    for name, pin in _pinned():
        pins.setdefault(name, set()).add(pin)
    wrong = [name for name, fitting in pins.items() if _installed(name) not in fitting]
    if not wrong:
        return ok("packages", f"{len(pins)} as pinned")
    return fail("packages", f"missing or of another version: {', '.join(wrong)}", "make setup")


def _pinned() -> Iterator[tuple[str, str]]:
    """Those of the app and of the local tools; a pin that some platform leaves out is not asked for."""
    local = tomllib.loads((APP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["local"]
    for line in [*(APP / "requirements.txt").read_text("utf-8").splitlines(), *local]:
        found = _PIN.match(line)
        if found and "sys_platform" not in line:
            yield found[1], found[2]


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _home(home: Path) -> Verdict:
    there = _existing(home)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return fail("home", f"{there} cannot be written", "allow it, or choose another --home")
    return ok("home", f"{home} can be written" if home.exists() else f"{home} will be made by the first host")


def _disk(home: Path) -> Verdict:
    free = shutil.disk_usage(_existing(home)).free
    said, mend = f"{free / 1e9:,.1f} GB free for {home}", "free some space, or choose a --home on another disk"
    return ok("disk", said) if free >= _LITTLE else (warn if free >= _HARDLY_ANY else fail)("disk", said, mend)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    path = path.absolute()
    return next(each for each in (path, *path.parents) if each.exists())


def _host(session: Session) -> Iterator[Verdict]:
    """Whether it answers; if so, what it says of itself."""
    try:
        checks: dict[str, str] = session.client.get("ready")["checks"]
    except NoHost:
        yield warn("host", f"none runs for {session.home}", f"{program()} serve")
        return
    except Ended as ended:
        yield fail("host", str(ended), f"{program()} serve")
        return
    yield ok("host", f"answers on {session.client.url}")
    for name, said in checks.items():
        yield ok(f"host: {name}", said) if said == "ok" else fail(f"host: {name}", said, "as it says there")
    yield from _workspaces(session)
    yield from _domains(session)
    yield _clock(session)


def _workspaces(session: Session) -> Iterator[Verdict]:
    """What each of them lacks, a sentence each."""
    try:
        found = session.client.get("workspaces")["items"]
        for each in (one for one in found if not one["archived_at"]):
            setup = session.client.get_in(each["id"], "setup")
            yield from _needs(each["id"], setup["needs"])
    except Ended as ended:
        yield warn("workspaces", str(ended), "as it says there")


def _needs(workspace: str, needs: list[dict[str, Any]]) -> Iterator[Verdict]:
    lacking = [each for each in needs if not each["done"]]
    for each in lacking:
        command = f"{program()} {each['command']} --workspace {workspace}"
        yield warn(f"{workspace}: {each['what']}", each["said"], command)
    if not lacking:
        yield ok(f"workspace {workspace}", "has its sender, brand, domain and budget")


def _domains(session: Session) -> Iterator[Verdict]:
    """Those that mail comes from and may not."""
    try:
        found = session.client.get("domains")["items"]
    except Ended as ended:
        yield warn("domains", str(ended), "as it says there")
        return
    for each in found:
        if each["state"] in ("unready", "paused"):
            command = "check" if each["state"] == "unready" else "show"
            said = f"may not send: {each['why']}"
            yield warn(f"domain: {each['domain']}", said, f"{program()} domain {command} {each['domain']}")


def _clock(session: Session) -> Verdict:
    state = session.client.clock()
    if state is None or state["mode"] == "real":
        return ok("clock", "real")
    said = f"virtual, {moment(state['now'])}, {state['mode']}"
    return warn("clock", said, "for real work, start the host with --clock real")


def _shown(verdicts: Iterable[dict[str, Any]]) -> Iterator[RenderableType]:
    yield table(("", "What", "Found"), [(each["state"], each["what"], each["said"]) for each in verdicts])
    mending = [(each["what"], each["fix"]) for each in verdicts if each["fix"]]
    if mending:
        yield "\nTo mend it:"
        yield facts(mending)
