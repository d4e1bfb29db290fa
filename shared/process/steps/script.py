"""A Python script: which one is said so exactly that it cannot be another."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from shared.process.errors import InputError
from shared.process.sandbox.environment import Pinned, environment
from shared.process.steps.call import Answer, Desk, Kept
from shared.process.steps.program import Name, Program

CATALOG = Path(__file__).parent.parent / "catalog"
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Script(Program):
    """Run a Python script in the sandbox. It reads its inputs as JSON from standard input and may write `outputs.json`;
    what it prints is seen live, and `::progress 120/5000` moves the bar. Exactly one of code, catalog, file."""

    code: Annotated[str, StringConstraints(max_length=100_000)] | None = None
    """The script itself; it is part of the plan and of its digest."""
    catalog: Name | None = None
    """A script that ships with Baton, such as `sol_import/deadlines.py`."""
    file: Kept | None = None
    """A file of this run or an input."""
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
        if sum(each is not None for each in (self.code, self.catalog, self.file)) != 1:
            raise ValueError("must name exactly one of code, catalog and file")
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
        (place / "script.py").write_bytes(source)
        argv = [_interpreter(), "-I", "-S", "-c", _START, *(str(each) for each in packages)]
        return self.carry_out(desk, tuple(argv), place, packages)

    def _source(self, desk: Desk) -> bytes:
        if self.code is not None:
            return self.code.encode()
        if self.catalog is not None:
            return _of_catalog(self.catalog)
        assert self.file is not None
        return desk.open(self.file).read_bytes()


_START = """\
import runpy, sys
sys.path[:0] = [".", *sys.argv[1:]]
sys.argv[:] = ["script.py"]
runpy.run_path("script.py", run_name="__main__")
"""
"""The script finds its own folder and the packages it declared, nothing of the machine's or of Baton's."""


def _interpreter() -> str:
    found = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(found) if found.exists() else sys.executable


def _of_catalog(name: str) -> bytes:
    path = CATALOG / name
    if not path.is_file() or not path.resolve().is_relative_to(CATALOG.resolve()):
        raise InputError(f"there is no {name!r} in the catalogue", "catalog")
    return path.read_bytes()
