"""What a script or executable can do to the machine it runs on: nothing it was not given (trust.md 4.5). The programs
here are `trusted`; what they try is what a faulty or captured one would."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.process.sandbox import Level, Limits, Order, Ran, reached, run
from shared.process.sandbox import run as running

PYTHON = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def apart() -> None:
    if reached() >= Level.APART:
        return
    if os.environ.get("CI"):
        pytest.fail("bubblewrap does not work on this machine: apt-get install bubblewrap")
    pytest.skip("bubblewrap does not work on this machine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def ran(folder: Path, code: str, heard: list[str] | None = None, **limits: float) -> Ran:
    (folder / "script.py").write_text(code)
    order = Order(
        (str(PYTHON), "-I", "-S", "script.py"),
        folder,
        stdin=b'{"asked": 7}',
        environment={"GIVEN": "yes"},
        limits=Limits(**{"seconds": 60, **limits}),  # type: ignore[arg-type]
    )
    return run(order, lambda stream, line: heard.append(line) if heard is not None and stream == "stdout" else None)


def test_what_it_is_given_is_all_it_has(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_MODEL_KEY", "a secret of the host")
    heard: list[str] = []
    told = ran(
        folder,
        "import json,os,sys\n"
        "print(json.load(sys.stdin)['asked'])\n"
        "print(sorted(os.environ))\n"
        "print(os.getuid() not in (0,))\n"
        "print(sorted(n for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}')))\n"
        "open('made.txt', 'w').write('kept')\n"
        "print('to stderr', file=sys.stderr)\n",
        heard,
    )
    assert told.code == 0
    assert heard[0] == "7"
    assert "'GIVEN'" in heard[1]
    assert "BATON" not in heard[1]
    assert heard[2] == "True" or os.getuid() != 0
    assert heard[3] == "['0', '1', '2']"
    assert (folder / "made.txt").read_text() == "kept"
    assert told.tail == "to stderr"
    assert told.memory > 1 << 20


@pytest.mark.parametrize(
    "reach",
    [
        "import socket; socket.create_connection(('127.0.0.1', PORT), 3)",
        "import socket; socket.create_connection(('169.254.169.254', 80), 3)",
        "print(open('SECRET').read())",
        "print(open('/etc/passwd').read())",
        "open('/usr/lib/mine', 'w')",
        "open('/work/../mine', 'w')",
        "open('/dev/shm/mine', 'w').write('x')",
        "import os; os.kill(PARENT, 0)",
        "import os; os.setuid(0)",
        "import os; os.mknod('disk', 0o60666, os.makedev(8, 0))",
        "import ctypes; libc = ctypes.CDLL(None); assert libc.mount(b'none', b'/work', b'tmpfs', 0, None) == 0",
    ],
)
def test_out_of_reach(folder: Path, tmp_path: Path, reach: str) -> None:
    secret = tmp_path / "keys.json"
    secret.write_text("the keys of the home")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = reach.replace("PORT", str(server.getsockname()[1]))
        code = code.replace("SECRET", str(secret)).replace("PARENT", str(os.getpid()))
        heard: list[str] = []
        told = ran(folder, code, heard)
    assert told.code == 1
    assert not heard
    assert told.tail.splitlines()[-1].partition(":")[0].endswith("Error")


def test_a_fork_bomb_meets_its_limit(folder: Path) -> None:
    code = """
import os, time
born = 0
try:
    while born < 2000:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        born += 1
except OSError:
    pass
print(born)
"""
    heard: list[str] = []
    assert ran(folder, code, heard, processes=20).code == 0
    assert int(heard[0]) < 25 if os.getuid() == 0 else int(heard[0]) < 2000


def test_a_memory_bomb_meets_its_limit(folder: Path) -> None:
    told = ran(folder, "all = [bytearray(64 << 20) for _ in range(100)]", memory=256 << 20)
    assert told.code != 0
    assert "MemoryError" in told.tail or told.code == 137


@pytest.mark.parametrize(
    ("code", "limits", "why"),
    [
        ("while True: print('y' * 1000)", {"output": 200_000}, "output"),
        ("import sys\nwhile True: sys.stderr.write('y')", {"output": 200_000}, "output"),
        ("while True: pass", {"seconds": 1}, "time"),
        ("import os, time\nos.close(1); os.close(2); time.sleep(600)", {"seconds": 1}, "time"),
        ("n = 0\nwhile True:\n  n += 1\n  open(f'f{n}', 'wb').write(bytes(1 << 20))", {"disk": 20 << 20}, "disk"),
        ("n = 0\nwhile True:\n  n += 1\n  open(f'/tmp/f{n}', 'wb').write(bytes(1 << 20))", {"disk": 20 << 20}, "disk"),
    ],
)
def test_what_never_ends_is_ended(folder: Path, code: str, limits: dict[str, float], why: str) -> None:
    assert ran(folder, code, **limits).stopped == why


_HOLDS = """
import fcntl
held = open("alive", "w")
fcntl.flock(held, fcntl.LOCK_EX)
open("begun", "w")
"""
"""Whoever runs this holds a lock for as long as it lives, and so does every child."""


def test_nobody_is_left_behind(folder: Path) -> None:
    """A grandchild in a session of its own would outlive a process group."""
    code = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        {_HOLDS.strip().replace(chr(10), "; ")}
        time.sleep(600)
    os._exit(0)
while not os.path.exists("begun"): time.sleep(0.01)
"""
    assert ran(folder, code).code == 0
    assert _is_free(folder / "alive")


def test_it_dies_with_the_host(folder: Path) -> None:
    """SIGKILL asks nobody to clean up."""
    (folder / "script.py").write_text(f"{_HOLDS}import time; time.sleep(600)")
    host = f"""
from pathlib import Path
from shared.process.sandbox import Order, run
run(Order(({str(PYTHON)!r}, "-I", "-S", "script.py"), Path({str(folder)!r})), print)
"""
    process = subprocess.Popen([sys.executable, "-c", host], cwd=ROOT)
    try:
        _until(lambda: (folder / "begun").exists())
        assert not _is_free(folder / "alive")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    _until(lambda: _is_free(folder / "alive"))


def test_whoever_watches_can_stop_it(folder: Path) -> None:
    class Cancelled(Exception):
        pass

    def beat() -> None:
        if (folder / "begun").exists():
            raise Cancelled

    (folder / "script.py").write_text(f"{_HOLDS}import time; time.sleep(600)")
    order = Order((str(PYTHON), "-I", "-S", "script.py"), folder)
    with pytest.raises(Cancelled):
        run(order, lambda _, __: None, beat)
    assert _is_free(folder / "alive")


@pytest.mark.parametrize(
    ("line", "ends"),
    [("head -c 300000 /dev/zero", "output"), ("while :; do :; done", "time"), ("sleep 600 & exit 0", None)],
)
def test_without_bubblewrap_limits_still_hold(
    folder: Path, monkeypatch: pytest.MonkeyPatch, line: str, ends: str | None
) -> None:
    monkeypatch.setattr(sys.modules[running.__module__], "reached", lambda: Level.LIMITED)
    folder.chmod(0o755)
    limits = Limits(seconds=1, output=200_000)
    told = run(Order((shutil.which("sh") or "/bin/sh", "-c", line), folder, limits=limits), lambda _, __: None)
    assert (told.stopped, told.level) == (ends, Level.LIMITED)


def _is_free(path: Path) -> bool:
    with path.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)
