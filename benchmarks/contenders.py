"""Running one contender once: a fresh process in an empty folder, its fsyncs counted where gcc is there to do it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
BENCH = ROOT / ".venv-bench"  # the peers' packages; runs have their folders here, because /tmp may not be a disk
PEERS = BENCH / "bin" / "python"
_LONGEST = 300  # seconds
_IDLE = 2.0  # seconds that a process is left in peace before its memory is read
_SDK = "import azure.functions, azure.durable_functions, sys; print('done', flush=True); sys.stdin.read()"

Run = dict[str, Any]


class ContenderFailed(Exception):
    """A contender did not end well, with its last words."""


def run(contender: str, workload: str, size: int) -> Run:
    """What the contender's process printed: seconds, fsyncs, growth_kb, and p50_ms, p99_ms of single workflows."""
    with _folder() as folder:
        command = [*_command(contender, workload), str(size), *_variant(contender)]
        counter = {"BENCH_FSYNCS": str(_counter(folder)), "LD_PRELOAD": str(shim())} if shim() else {}
        try:
            done = subprocess.run(
                command, cwd=folder, env=_env(**counter), capture_output=True, text=True, timeout=_LONGEST, check=True
            )
        except subprocess.TimeoutExpired as error:
            raise ContenderFailed(f"{contender} {workload} {size}: not done in {_LONGEST} s") from error
        except subprocess.CalledProcessError as error:
            raise ContenderFailed(f"{contender} {workload} {size}: {error.stderr[-800:]}") from error
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return {**found, "size": size}


def run_first(contender: str) -> Run:
    """Seconds from the start of the process to the end of its first workflow; then its memory and CPU when idle."""
    with _folder() as folder:
        command = _first_command(contender, folder)
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with process:
            try:
                (_first_over_http if contender == "baton" else _first_line)(process)
                seconds = time.perf_counter() - began
                return {"seconds": seconds, **_idle(process.pid)}
            finally:
                process.kill()


@cache
def shim() -> Path | None:
    """The library that counts fsyncs, compiled when needed; None where there is no gcc or no LD_PRELOAD."""
    if sys.platform != "linux" or not shutil.which("gcc"):
        return None
    library = BENCH / "fsyncs.so"
    source = Path(__file__).parent / "peers" / "fsyncs.c"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def _command(contender: str, workload: str) -> list[str]:
    python = sys.executable if contender == "baton" else str(PEERS)
    return [python, "-m", f"benchmarks.peers.{contender.partition('-')[0]}", workload]


def _variant(contender: str) -> list[str]:
    return [variant] if (variant := contender.partition("-")[2]) else []


def _first_command(contender: str, folder: Path) -> list[str]:
    if contender == "baton":
        app = str(ROOT / "benchmarks" / "app")
        return [sys.executable, "-m", "local.host", app, "--port", "0", "--state", str(folder / "state")]
    if contender == "sdk":
        return [sys.executable, "-c", _SDK]
    return [*_command(contender, "first"), *_variant(contender)]


def _first_line(process: subprocess.Popen[bytes]) -> None:
    if _line(process.stdout) != b"done\n":
        raise ContenderFailed(f"{process.args!r}: {(process.stderr or sys.stdin).read()!r}")


def _first_over_http(process: subprocess.Popen[bytes]) -> None:
    """As a user would: wait for the host's word, start a workflow over HTTP, ask for its status until it is done."""
    while b"Baton host ready on" not in (line := _line(process.stderr)):
        if not line:
            raise ContenderFailed("the host did not start")
    address = line.split()[4].decode().removeprefix("http://")
    with closing(http.client.HTTPConnection(address, timeout=30)) as connection:
        status = _asked(connection, "POST", "/api/chains", "[1, 5]")["statusQueryGetUri"]
        path = status.removeprefix(f"http://{address}")
        while (found := _asked(connection, "GET", path))["runtimeStatus"] in ("Pending", "Running"):
            pass
    if found["output"] != 6:
        raise ContenderFailed(f"the first workflow ended with {found!r}")


def _asked(connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> dict[str, Any]:
    connection.request(method, path, body, {"content-type": "application/json"})
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


def _line(stream: IO[bytes] | None) -> bytes:
    return stream.readline() if stream else b""


def _idle(pid: int) -> Run:
    if not Path("/proc/self/task").is_dir():  # not Linux
        return {}
    time.sleep(_IDLE / 2)
    before = _cpu_seconds(pid)
    time.sleep(_IDLE)
    cpu = 100 * (_cpu_seconds(pid) - before) / _IDLE
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return {"idle_mb": memory / 1024, "idle_cpu": cpu}


def _cpu_seconds(pid: int) -> float:
    """Of all threads, in nanoseconds' resolution; /proc/PID/stat has ticks of 10 ms."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="run-", dir=BENCH) as name:
        yield Path(name)


def _counter(folder: Path) -> Path:
    counter = folder / "fsyncs"
    counter.write_bytes(bytes(8))
    return counter


def _env(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}
