"""The packages that a script declares, each set in a folder of its own: installed once, from wheels (nothing is built,
so nothing of a package runs at installation), never changed afterwards."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from shared.process.errors import ResourceError

Pinned = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}==[A-Za-z0-9][A-Za-z0-9._+!-]{0,40}$")
]
_SECONDS = 600
_LOOK = 0.2


def environment(pinned: tuple[str, ...], beat: Callable[[], None]) -> tuple[Path, ...]:
    """The folder to put on the script's path; nothing for nothing. Raises ResourceError if they cannot be had."""
    if not pinned:
        return ()
    folder = _folder(pinned)
    if not folder.is_dir():
        _install(_wanted(pinned), folder, beat)
    return (folder,)


def installed(pinned: tuple[str, ...]) -> bool:
    """Whether they are there already, so that nothing has to be fetched."""
    return not pinned or _folder(pinned).is_dir()


def _wanted(pinned: tuple[str, ...]) -> list[str]:
    return sorted({each.lower() for each in pinned})


def _folder(pinned: tuple[str, ...]) -> Path:
    name = hashlib.sha256("\n".join([sys.version, *_wanted(pinned)]).encode()).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"baton-environments-{_owner()}" / name


def _owner() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "0"


def _install(wanted: list[str], folder: Path, beat: Callable[[], None]) -> None:
    folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and folder.parent.stat().st_uid != os.getuid():
        raise ResourceError(f"{folder.parent} belongs to somebody else: it is not used")
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        target = Path(made) / "packages"
        argv = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
        argv += ["--only-binary", ":all:", "--target", str(target), *wanted]
        _wait(argv, Path(made) / "said", beat)
        target.chmod(0o755)
        with suppress(OSError):  # another step was faster: its folder holds the same
            target.rename(folder)


def _wait(argv: list[str], said: Path, beat: Callable[[], None]) -> None:
    with said.open("wb") as out, subprocess.Popen(argv, stdout=out, stderr=out, stdin=subprocess.DEVNULL) as process:
        try:
            for _ in range(int(_SECONDS / _LOOK)):
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK)
                    break
                beat()
        finally:
            process.kill()
    if process.returncode:
        last = said.read_text(errors="replace").strip().splitlines()[-1:] or ["pip said nothing"]
        raise ResourceError(f"the declared packages could not be installed: {last[0][:300]}", "dependencies")
