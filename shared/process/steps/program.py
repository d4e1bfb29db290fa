"""What scripts and executables have in common: the folder they run in, what goes in, what comes out, and how their end
is told."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.process.errors import CodeError, InputError, PolicyError, ResourceError, StepError
from shared.process.rows.sensitive import masked
from shared.process.sandbox import Limits, Order, Ran, reached, run
from shared.process.steps.call import Answer, Desk, Kept, StepType

OUTPUTS = "outputs.json"
"""The file by which a program tells its outputs: a JSON object of at most 1 MB."""
SCRIPT = "script.py"
"""The file that a script lies in while it runs."""
_MOST_OUTPUTS = 1_000_000
_MOST_FILES = 1000
_PROGRESS = "::progress "


def _inside(name: str) -> str:
    """A relative path that stays where it is put."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or "\\" in name or "\0" in name or any(part in ("..", "~") for part in parts):
        raise ValueError(f"{name!r} must be a relative path inside the step's folder, without '..'")
    return name


def _not_ours(name: str) -> str:
    """What would take the place of the script that was checked, or of what it tells."""
    if PurePosixPath(name).parts[0] in (SCRIPT, OUTPUTS, ".tmp"):
        raise ValueError(f"{name!r} is a name of the step's own")
    return name


Name = Annotated[str, Field(max_length=200), AfterValidator(_inside)]
Given = Annotated[Name, AfterValidator(_not_ours)]


class Bounds(BaseModel):
    """What the program may use; the step's `timeout` bounds the time."""

    model_config = ConfigDict(extra="forbid")

    memory_mb: Annotated[int, Field(ge=32, le=16_384)] = 1024
    processes: Annotated[int, Field(ge=1, le=512)] = 64
    disk_mb: Annotated[int, Field(ge=1, le=100_000)] = 4096
    output_mb: Annotated[int, Field(ge=1, le=1024)] = 10

    def limits(self, seconds: float) -> Limits:
        """As the sandbox takes them."""
        return Limits(
            seconds=seconds,
            cpu_seconds=int(seconds) + 1,
            memory=self.memory_mb << 20,
            processes=self.processes,
            file=self.disk_mb << 20,
            disk=self.disk_mb << 20,
            output=self.output_mb << 20,
        )


class Program(StepType):
    """What a program is given and what is kept of what it makes."""

    inputs: dict[str, Any] = Field(default_factory=dict)
    """Come as one JSON object on standard input."""
    files: dict[Given, Kept | list[Kept]] = Field(default_factory=dict)
    """Lie in its folder under these names when it starts; under a name that ends with / several, each by its own."""
    keeps: list[Name] = Field(default_factory=list, max_length=50)
    """Which files it makes are kept: names or patterns such as `out/*.csv`."""
    bounds: Bounds = Field(default_factory=Bounds)
    trust: Literal["trusted", "untrusted"] = "trusted"
    """`untrusted`: somebody else's, or a model's. Always refused as long as there is no remote isolation."""
    isolation: Literal[1, 2, 3] = 1
    """The least level of the sandbox that it may run in."""

    def carry_out(self, desk: Desk, argv: tuple[str, ...], place: Path, readable: tuple[Path, ...] = ()) -> Answer:
        """Run it in `place`, a folder of the desk's, and keep what it made. Raises StepError."""
        level = self._allowed()
        for name, kept in self._named():
            _put(desk.open(kept), place / name)
        desk.log(f"level {level}: {level.means}")
        order = Order(
            argv,
            place,
            stdin=json.dumps(self.inputs, ensure_ascii=False, allow_nan=False).encode(),
            environment={"BATON_STEP_KEY": desk.key},
            readable=readable,
            limits=self.bounds.limits((desk.deadline - desk.ports.clock.now()).total_seconds()),
        )
        ran = run(order, _heard_by(desk), desk.beat)
        desk.spent(ran.cpu_seconds, ran.memory)
        _raise_for(ran, self.bounds)
        outputs = _outputs(place / OUTPUTS)
        kept_files = {name: desk.keep(path, name).model_dump() for name, path in self._made(place)}
        used = {"seconds": round(ran.seconds, 3), "cpu_seconds": round(ran.cpu_seconds, 3), "memory": ran.memory}
        return Answer({**outputs, "files": kept_files, "used": {**used, "level": int(ran.level)}})

    def _named(self) -> Iterator[tuple[str, Kept]]:
        """Each file and its name in the folder. Raises InputError for two of the same name."""
        for name, given in self.files.items():
            if isinstance(given, Kept) and not name.endswith("/"):
                yield name, given
                continue
            several = [given] if isinstance(given, Kept) else given
            if not name.endswith("/"):
                raise InputError(f"{name!r} is one file; a name that ends with / takes several", f"files.{name}")
            if len({each.name for each in several}) < len(several):
                raise InputError("two files have the same name", f"files.{name}")
            for each in several:
                if "/" in each.name or each.name in ("", ".", ".."):
                    raise InputError(f"{each.name[:80]!r} can be no name of a file", f"files.{name}")
                yield f"{name}{each.name}", each

    def _allowed(self) -> Any:
        if self.trust == "untrusted":
            raise PolicyError(
                "untrusted programs are not run: no remote isolation is set up, and nothing less will do", "trust"
            )
        level = reached()
        if level < self.isolation:
            raise PolicyError(
                f"the plan wants level {self.isolation} of the sandbox; this machine reaches {level} ({level.means})",
                "isolation",
            )
        return level

    def _made(self, place: Path) -> Iterator[tuple[str, Path]]:
        """The regular files that `keeps` names. A link is none, whatever it points to, nor is what lies behind one."""
        found = 0
        for pattern in self.keeps:
            matched = [path for path in sorted(place.glob(pattern)) if _is_plain(place, path)]
            if not matched and not any(sign in pattern for sign in "*?["):
                raise CodeError(f"the program has not made {pattern!r}, which the plan keeps", "keeps")
            for path in matched:
                found += 1
                if found > _MOST_FILES:
                    raise ResourceError(f"the program made more than {_MOST_FILES} files to be kept", "keeps")
                yield path.relative_to(place).as_posix(), path


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def _is_plain(place: Path, path: Path) -> bool:
    steps = [path, *path.parents]
    folders = steps[1 : steps.index(place)]
    return stat.S_ISREG(path.lstat().st_mode) and all(stat.S_ISDIR(each.lstat().st_mode) for each in folders)


def _heard_by(desk: Desk) -> Any:
    """Lines go to whoever watches; `::progress 120/5000` on standard output is no line but progress."""

    def hear(stream: str, line: str) -> None:
        if stream == "stdout" and line.startswith(_PROGRESS):
            done, _, total = line.removeprefix(_PROGRESS).strip().partition("/")
            if done.isdecimal() and len(done) < 16 and (not total or (total.isdecimal() and len(total) < 16)):
                desk.progress(int(done), int(total) if total else None)
                return
        desk.log(line)

    return hear


def _outputs(path: Path) -> dict[str, Any]:
    """What the program wrote to outputs.json; nothing, if it wrote none."""
    if not path.is_symlink() and not path.exists():
        return {}
    if not _is_plain(path.parent, path) or path.stat().st_size > _MOST_OUTPUTS:
        raise CodeError(f"{OUTPUTS} must be a plain file of at most 1 MB", OUTPUTS)
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CodeError(f"{OUTPUTS} is no JSON: {type(error).__name__}", OUTPUTS) from None
    if not isinstance(told, dict) or told.keys() & {"files", "used"}:
        raise CodeError(f"{OUTPUTS} must be a JSON object without the names 'files' and 'used'", OUTPUTS)
    return told


_WHY: dict[str, str] = {
    "time": "it took longer than its timeout",
    "output": "it wrote more to its streams than the plan allows (bounds.output_mb)",
    "disk": "its files became larger than the plan allows (bounds.disk_mb)",
}
_KILLED = {-9, 137}
_TOO_MUCH_CPU, _TOO_LARGE = {-24, 152}, {-25, 153}


def _raise_for(ran: Ran, bounds: Bounds) -> None:
    if ran.stopped in _WHY:
        raise ResourceError(f"the program was stopped: {_WHY[ran.stopped]}")
    if ran.code == 0:
        return
    raise _what_happened(ran, bounds)


def _what_happened(ran: Ran, bounds: Bounds) -> StepError:
    """The last line of a traceback says most; the rest is in the log."""
    said = next((line for line in reversed(ran.tail.splitlines()) if line.strip()), "")
    if ran.code in _KILLED or "MemoryError" in said or "Cannot allocate memory" in said:
        return ResourceError(f"the program needed more memory than the {bounds.memory_mb} MB that the plan allows")
    if ran.code in _TOO_MUCH_CPU | _TOO_LARGE:
        return ResourceError("the program used more time or wrote a larger file than the plan allows")
    ended = f"signal {-ran.code}" if ran.code < 0 else f"exit code {ran.code}"
    said = masked(said[:600])[:300]
    return CodeError(f"the program ended with {ended}: {said}" if said else f"the program ended with {ended}")
