"""Azurite, Microsoft's emulator of Azure Storage, as a process on the loopback: its Table or its Blob service."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest

from shared.domain.connection import Connection

VERSION = "3.37.0"
INSTALLED = Path.home() / ".cache/baton" / f"azurite-{VERSION}" / "node_modules/.bin"
ACCOUNT = "devstoreaccount1"
# The key that every installation of the emulator has; documented, and no secret.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


Service = Literal["table", "blob"]


def connection_string(port: int, service: Service = "table") -> str:
    where = f"{service.capitalize()}Endpoint=http://127.0.0.1:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};{where}"


def program(service: Service) -> str:
    """Skips on a machine without it; CI must have it."""
    installed = INSTALLED / f"azurite-{service}"
    found = shutil.which(installed.name) or (str(installed) if installed.exists() else None)
    if found is None:
        how = f"npm install --prefix {INSTALLED.parents[1]} azurite@{VERSION}"
        if os.environ.get("CI"):
            pytest.fail(f"Azurite is not installed: {how}")
        pytest.skip(f"Azurite is not installed ({how}); CI has it")
    return found


@contextmanager
def serving(home: Path, service: Service = "table", *options: str) -> Iterator[int]:
    """The port of a service that keeps what it has in memory; `home` is its working folder. The Blob service does not
    know the version of the API that the SDK asks for, and is told not to mind."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program(service), "--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck", *options]
    where = [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
    with subprocess.Popen(
        [*command, *where], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "successfully" in line:  # "listens" of blobs, "started" of tables
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
