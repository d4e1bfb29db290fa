"""Azurite, Microsoft's emulator of Azure Storage, as a process on the loopback: its Table service alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from shared.domain.connection import Connection

VERSION = "3.37.0"
INSTALLED = Path.home() / ".cache/baton" / f"azurite-{VERSION}" / "node_modules/.bin/azurite-table"
ACCOUNT = "devstoreaccount1"
# The key that every installation of the emulator has; documented, and no secret.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def connection_string(port: int) -> str:
    where = f"http://127.0.0.1:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};TableEndpoint={where}"


def program() -> str:
    """Skips on a machine without it; CI must have it."""
    found = shutil.which("azurite-table") or (str(INSTALLED) if INSTALLED.exists() else None)
    if found is None:
        how = f"npm install --prefix {INSTALLED.parents[2]} azurite@{VERSION}"
        if os.environ.get("CI"):
            pytest.fail(f"Azurite is not installed: {how}")
        pytest.skip(f"Azurite is not installed ({how}); CI has it")
    return found


@contextmanager
def serving(home: Path) -> Iterator[int]:
    """The port of a Table service that keeps what it has in memory; `home` is its working folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program(), "--disableTelemetry", "--inMemoryPersistence", "--tableHost", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--tablePort", str(port)], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "successfully started" in line:
                break
        else:
            pytest.fail(f"Azurite ended: {''.join(said)}")
        Thread(target=process.stdout.read, daemon=True).start()
        try:
            yield port
        finally:
            process.kill()


def port_of(azurite: Connection) -> int:
    return int((azurite.secret or "").rpartition(":")[2].partition("/")[0])
