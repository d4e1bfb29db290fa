"""Runs inside, before the program: joins the control group, sets limits, becomes somebody else, and is replaced by the
program. Standard library only; started as a file, by `python -I -S launcher.py '{…}' program arguments…`."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from typing import Any

if sys.platform != "win32":
    import resource
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def main() -> None:
    """`groups`, `report`, `limits`, `user`, `folder`, `die`: each if the one who starts it wants it here."""
    told, program = json.loads(sys.argv[1]), sys.argv[2:]
    if told.get("report"):
        _stay(told["report"])
    _become(told)
    try:
        # No shell: that is the point. What starts the sandbox itself has an empty environment.
        os.execvpe(program[0], program, told.get("environment", {}))  # noqa: S606
    except OSError as error:
        sys.exit(f"{program[0]} cannot be started: {error.strerror}")


def _stay(report: int) -> None:
    """Goes on as a child, and leaves a parent that tells what it used and ends as it did. What crosses the border of a
    process namespace is not counted by the kernel."""
    child = os.fork()
    if not child:
        os.close(report)
        return
    _, status, used = os.wait4(child, 0)
    os.write(report, json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]).encode())
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _become(told: dict[str, Any]) -> None:
    for folder in told.get("groups", ()):
        with open(f"{folder}/cgroup.procs", "w") as joined:
            joined.write("0")
    for name, most in told.get("limits", {}).items():
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
    if told.get("user"):
        os.setgroups([])
        os.setgid(told["user"])
        os.setuid(told["user"])
    if told.get("folder"):
        os.chdir(told["folder"])
    if told.get("die") and sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
