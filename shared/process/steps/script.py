"""A Python script: which one is said so exactly that it cannot be another."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.process.errors import InputError, PolicyError, ResourceError
from shared.process.sandbox.environment import Pinned, environment
from shared.process.sandbox.interpreter import interpreter
from shared.process.shipped import CATALOG
from shared.process.steps.call import Answer, Desk, Kept
from shared.process.steps.program import SCRIPT, Name, Program

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Revision = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
"""A commit by its whole id; a branch or a tag can come to mean another."""
_MOST = 1_000_000
_PATH = "/usr/local/bin:/usr/bin:/bin"


class FromGit(BaseModel):
    """A file of one commit of a repository on this machine."""

    model_config = ConfigDict(extra="forbid")

    repository: str
    """The name of a folder of BATON_FOLDERS."""
    revision: Revision
    path: Name


class Script(Program):
    """Run a Python script in the sandbox. It reads its inputs as JSON from standard input and may write `outputs.json`;
    what it prints is seen live, and `::progress 120/5000` moves the bar. Exactly one of code, catalog, file, git."""

    code: Annotated[str, StringConstraints(max_length=100_000)] | None = None
    """The script itself; it is part of the plan and of its digest."""
    catalog: Name | None = None
    """A script that ships with Baton, such as `sol_import/deadlines.py`."""
    file: Kept | None = None
    """A file of this run or an input."""
    git: FromGit | None = None
    sha256: Sha256 | None = None
    """What `catalog` and `file` must be, byte for byte."""
    dependencies: list[Pinned] = Field(default_factory=list, max_length=50)
    """`name==version`, wheels only; put into an environment of their own, once."""

    outputs: ClassVar[Mapping[str, str]] = {
        "*": "what the script wrote to outputs.json",
        "files": "what was kept, by name",
        "used": "seconds, cpu_seconds, memory (bytes), level of the sandbox",
    }

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.code, self.catalog, self.file, self.git)) != 1:
            raise ValueError("must name exactly one of code, catalog, file and git")
        if (self.catalog is not None or self.file is not None) and self.sha256 is None:
            raise ValueError("needs sha256: a script runs at a pinned hash or commit only")
        return self

    def run(self, desk: Desk) -> Answer:
        """Raises InputError if the script is another than the plan says."""
        source = self._source(desk)
        found = hashlib.sha256(source).hexdigest()
        if self.sha256 and found != self.sha256:
            raise InputError(f"the script is not the one the plan pins: its SHA-256 is {found}", "sha256")
        packages = environment(tuple(self.dependencies), desk.beat)
        place = desk.folder / "place"
        place.mkdir()
        (place / SCRIPT).write_bytes(source)
        argv = [interpreter(), "-I", "-S", "-c", _START, *(str(each) for each in packages)]
        return self.carry_out(desk, tuple(argv), place, packages)

    def _source(self, desk: Desk) -> bytes:
        if self.code is not None:
            return self.code.encode()
        if self.catalog is not None:
            return _of_catalog(self.catalog)
        if self.file is not None:
            return desk.open(self.file).read_bytes()
        assert self.git is not None
        return _of_git(desk, self.git)


_START = """\
import runpy, sys
sys.path[:0] = [".", *sys.argv[1:]]
sys.argv[:] = ["script.py"]
runpy.run_path("script.py", run_name="__main__")
"""
"""The script finds its own folder and the packages it declared, nothing of the machine's or of Baton's."""


def _of_catalog(name: str) -> bytes:
    path = CATALOG / name
    if not path.is_file() or not path.resolve().is_relative_to(CATALOG.resolve()):
        raise InputError(f"there is no {name!r} in the catalogue", "catalog")
    return path.read_bytes()


def _of_git(desk: Desk, git: FromGit) -> bytes:
    """The file as it was in that commit, whatever lies in the working tree."""
    folders = desk.ports.folders
    where = folders.on_disk(desk.scope, git.repository) if folders else None
    if where is None:
        raise PolicyError(
            f"no folder {git.repository!r} of this workspace lies on this machine's disk", "git.repository"
        )
    # A repository may name programs in its own configuration; to read a blob, none of them is needed.
    asked = ["git", "-C", str(where), "-c", f"safe.directory={where}", "cat-file", "blob", f"{git.revision}:{git.path}"]
    clean = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_NO_LAZY_FETCH": "1"}
    try:
        told = subprocess.run(asked, capture_output=True, timeout=60, check=False, env={"PATH": _PATH, **clean})
    except FileNotFoundError:
        raise ResourceError("git is not installed on this machine", "git") from None
    if told.returncode or len(told.stdout) > _MOST:
        raise InputError(f"the repository has no such file of at most 1 MB: {git.revision[:12]}:{git.path}", "git")
    return told.stdout
