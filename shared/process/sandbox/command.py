"""The command line of one run: bubblewrap where it works, the launcher in any case."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from shared.process.sandbox.interpreter import interpreter
from shared.process.sandbox.level import Level
from shared.process.sandbox.order import Order

LAUNCHER = Path(__file__).with_name("launcher.py")
_LAUNCHER_INSIDE = "/launcher.py"
INSIDE, _TEMPORARY = "/work", "/tmp"  # noqa: S108 - inside the sandbox: a folder of the run's own
"""Where the folder lies for the program, at level 2 and above."""
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix")
_FROM_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "ssl/certs", "mime.types")
_USERS, _FIRST_USER = 4000, 61184
"""systemd keeps 61184 to 65519 for users that no one has (its "dynamic users")."""


def somebody(folder: Path) -> int | None:
    """The user a run becomes: root becomes one of 4,000 that nobody is, others stay who they are (None)."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    return _FIRST_USER + zlib.crc32(str(folder).encode()) % _USERS


def command(order: Order, level: Level, groups: tuple[Path, ...], report: int) -> list[str]:
    """What to start; at level 2 and above it writes [CPU seconds, bytes of memory] to the descriptor `report`.
    The environment of the program is part of it; its caller's is never handed on."""
    user, limits = somebody(order.folder), _limits(order, level)
    inner: dict[str, object] = {"limits": limits, "user": user, "environment": _environment(order, level)}
    if level is Level.LIMITED:
        return [*_launch({**inner, "die": True}), *order.argv]
    inner |= {"folder": INSIDE, "report": report}
    outer = _launch({"groups": [str(folder) for folder in groups]})
    return [*outer, *_bubblewrap(order, user), *_launch(inner, _LAUNCHER_INSIDE), *order.argv]


def _launch(told: Mapping[str, object], launcher: str = str(LAUNCHER)) -> list[str]:
    return [interpreter(), "-I", "-S", launcher, json.dumps(told)]


def _limits(order: Order, level: Level) -> dict[str, int]:
    """RLIMIT_NPROC counts all processes of a user: those of whoever runs Baton come on top of the run's own. (In a user
    namespace of a kernel since 5.14 they do not; then the limit is wider than asked, and still one.)"""
    most = order.limits
    limits = {"CPU": most.cpu_seconds, "AS": most.memory, "FSIZE": most.file, "NOFILE": 256, "CORE": 0}
    if sys.platform == "linux":
        limits["NPROC"] = most.processes + (0 if somebody(order.folder) else _mine())
    return limits


def _mine() -> int:
    """Threads of this user."""
    count = 0
    for entry in os.scandir("/proc"):
        with suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count


def _environment(order: Order, level: Level) -> dict[str, str]:
    folder = str(order.folder) if level is Level.LIMITED else INSIDE
    temporary = f"{folder}/.tmp" if level is Level.LIMITED else _TEMPORARY
    fixed = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "TMPDIR": temporary, "LANG": "C.UTF-8"}
    return {**fixed, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", **order.environment}


def _bubblewrap(order: Order, user: int | None) -> list[str]:
    argv = [shutil.which("bwrap") or "bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    argv += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    # Root needs two rights to become somebody; whoever is not root needs a user namespace to have any.
    argv += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if user else ["--unshare-user"]
    for place in _SYSTEM:
        if os.path.islink(place):
            argv += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            argv += ["--ro-bind", place, place]
    argv += ["--perms", "0755", "--dir", "/etc"]
    for name in _FROM_ETC:
        argv += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    argv += ["--bind", str(order.folder), INSIDE, "--bind", str(order.folder / ".tmp"), _TEMPORARY]
    for path in (Path(sys.base_prefix), *order.readable):
        for parent in reversed(path.parents[:-1]):  # otherwise made for root alone
            argv += ["--perms", "0755", "--dir", str(parent)]
        argv += ["--ro-bind", str(path), str(path)]
    argv += ["--ro-bind", str(LAUNCHER), _LAUNCHER_INSIDE, "--proc", "/proc", "--dev", "/dev"]
    return [*argv, "--remount-ro", "/dev", "--remount-ro", "/", "--"]
