"""Running one order: streams as they come, limits kept from outside, nobody left behind."""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from shared.process.sandbox import cgroup
from shared.process.sandbox.command import command, somebody
from shared.process.sandbox.level import Level, reached
from shared.process.sandbox.order import Hear, Order, Ran, Stopped

_LOOK = 0.2
"""Seconds between two looks at clock, disk and watcher."""
_SOON = 0.02
"""Seconds, when only the end is still to come."""
_LINE = 4000
"""Characters of one line; a longer one is heard in parts."""
_TAIL = 30


def run(order: Order, hear: Hear, beat: Callable[[], None] = lambda: None) -> Ran:
    """Run it to its end or to a limit; `hear` gets each line as it comes, `beat` is called five times a second and may
    raise to stop it (its exception comes out when nobody is left). Raises OSError if it cannot be started at all."""
    level = reached()
    _hand_over(order)
    with cgroup.group(order.limits) as groups, tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as report:
        stdin.write(order.stdin)
        stdin.seek(0)
        process = subprocess.Popen(
            command(order, level, groups, report.fileno()),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=order.folder,
            env={},
            start_new_session=True,
            pass_fds=(report.fileno(),),
        )
        ran = _Watch(process, order, level, hear).until_its_end(beat)
        report.seek(0)
        told = report.read()
        return replace(ran, cpu_seconds=json.loads(told)[0], memory=json.loads(told)[1]) if told else ran


def _hand_over(order: Order) -> None:
    """The folder and what lies in it belong to whoever the program runs as."""
    (order.folder / ".tmp").mkdir(exist_ok=True)
    user = somebody(order.folder)
    if user is None:
        return
    for folder, _, names in os.walk(order.folder):
        os.chown(folder, user, user)
        for name in names:
            os.chown(os.path.join(folder, name), user, user, follow_symlinks=False)


class _Watch:
    def __init__(self, process: subprocess.Popen[bytes], order: Order, level: Level, hear: Hear) -> None:
        self._process, self._order, self._level, self._hear = process, order, level, hear
        self._began = time.monotonic()
        self._heard = 0
        self._stopped: Stopped | None = None
        self._rest = {"stdout": b"", "stderr": b""}
        self._tail: deque[str] = deque(maxlen=_TAIL)

    def until_its_end(self, beat: Callable[[], None]) -> Ran:
        assert self._process.stdout
        assert self._process.stderr
        try:
            with selectors.DefaultSelector() as ready, self._process.stdout, self._process.stderr:
                for stream, name in ((self._process.stdout, "stdout"), (self._process.stderr, "stderr")):
                    os.set_blocking(stream.fileno(), False)
                    ready.register(stream, selectors.EVENT_READ, name)
                self._listen(ready, beat)
        finally:
            self._kill()
            used = self._bury()
        for name in self._rest:
            self._lines(name, b"\n" if self._rest[name] else b"")
        code = os.waitstatus_to_exitcode(used[0])
        seconds, usage = time.monotonic() - self._began, used[1]
        peak = usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)
        spent = usage.ru_utime + usage.ru_stime
        return Ran(code, seconds, spent, peak, self._level, self._stopped, "\n".join(self._tail))

    def _listen(self, ready: selectors.BaseSelector, beat: Callable[[], None]) -> None:
        """Until the program has ended, whoever still holds its streams; it may close them long before."""
        looked = 0.0
        while not self._stopped:
            for key, _ in ready.select(_LOOK if ready.get_map() else _SOON):
                self._take(ready, key)
            if not ready.get_map() and self._has_ended():
                return
            now = time.monotonic()
            if now - looked >= _LOOK:
                looked = now
                beat()
                self._stopped = self._stopped or self._over()
                if self._has_ended():
                    for key in list(ready.get_map().values()):
                        self._take(ready, key)
                    return

    def _take(self, ready: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        try:
            data = os.read(key.fd, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            ready.unregister(key.fileobj)
            return
        self._heard += len(data)
        if self._heard > self._order.limits.output:
            self._stopped = "output"
        else:
            self._lines(key.data, data)

    def _lines(self, name: str, data: bytes) -> None:
        *whole, rest = (self._rest[name] + data).split(b"\n")
        while len(rest) > _LINE:
            whole.append(rest[:_LINE])
            rest = rest[_LINE:]
        self._rest[name] = rest
        for raw in whole:
            line = raw.decode(errors="replace").rstrip("\r")
            if name == "stderr":
                self._tail.append(line[:_LINE])
            self._hear(name, line[:_LINE])

    def _over(self) -> Stopped | None:
        if time.monotonic() - self._began > self._order.limits.seconds:
            return "time"
        return "disk" if _bytes_in(self._order.folder) > self._order.limits.disk else None

    def _has_ended(self) -> bool:
        """Looks without burying, so that what it used can still be asked for."""
        flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
        return os.waitid(os.P_PID, self._process.pid, flags) is not None

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        user = somebody(self._order.folder)
        if self._level is Level.LIMITED and user is not None:
            _kill_all_of(user)

    def _bury(self) -> tuple[int, resource.struct_rusage]:
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return status, usage


def _bytes_in(folder: Path) -> int:
    """On the disk, without following links; what vanishes meanwhile does not count."""
    total, stack = 0, [str(folder)]
    while stack:
        with suppress(OSError), os.scandir(stack.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        stack.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total


def _kill_all_of(user: int) -> None:
    """Who left the process group is still the user that nobody else is."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if entry.stat().st_uid == user:
                os.kill(int(entry.name), signal.SIGKILL)
