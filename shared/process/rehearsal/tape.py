"""A golden tape as a folder, and that as a ZIP: `tape.json`, `steps/STEP.json` (what each made), `answers/STEP.json`
(what outside answered), `files/SHA256/NAME`. In names of steps `/` is `~`."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from shared.domain.faults import FieldError, Rejected
from shared.domain.golden import About, OutsideAnswer
from shared.domain.paths import is_path
from shared.domain.scope import Scope
from shared.ports import Files
from shared.process.steps.call import Kept

MOST_BYTES = 20_000_000
"""Of the files of one tape: it is to be read, and kept beside the plan."""
_MOST_FILES = 10_000
_KEPT = {"file", "name", "bytes", "sha256"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass
class Tape:
    """`steps`: each one's text, by its path. `files`: their bytes by checksum. `plan`: another plan to be tested."""

    about: About
    steps: dict[str, str] = field(default_factory=dict)
    answers: dict[str, OutsideAnswer] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    plan: str | None = None

    def brought(self, files: Files, scope: Scope, value: Any) -> Any:
        """The value with its files on the tape. Raises Rejected if they are too large for one."""
        for each in kept_in(value):
            if each["sha256"] not in self.files:
                if sum(len(data) for _, data in self.files.values()) + each["bytes"] > MOST_BYTES:
                    limit = f"at most {MOST_BYTES:,} bytes; record a run on a cut of the input"
                    raise Rejected(FieldError("run", f"{each['name']} is too large for a tape: {limit}"))
                self.files[each["sha256"]] = (each["name"], files.get(scope, each["file"]))
        return with_files(value, lambda kept: {**kept, "file": f"files/{kept['sha256']}/{kept['name']}"})

    def restored(self, value: Any) -> Any:
        """The value with its files where `put_into` put them."""
        return with_files(value, lambda kept: {**kept, "file": f"runs/tape/{kept['sha256']}/{kept['name']}"})

    def put_into(self, files: Files, scope: Scope) -> None:
        """Put all files where a run finds them."""
        for digest, (name, data) in self.files.items():
            files.put(scope, f"runs/tape/{digest}/{name}", data, only_new=True)

    def packed(self) -> bytes:
        """As a ZIP; the same tape always makes the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in sorted(self._parts()):
                made.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _parts(self) -> Iterator[tuple[str, bytes]]:
        yield "tape.json", written(self.about.model_dump(mode="json")).encode()
        yield from ((f"steps/{_name(path)}.json", text.encode()) for path, text in self.steps.items())
        for path, answer in self.answers.items():
            yield f"answers/{_name(path)}.json", written(answer.model_dump(mode="json", exclude_none=True)).encode()
        for digest, (name, data) in self.files.items():
            yield f"files/{digest}/{name}", data


def unpacked(packed: bytes) -> Tape:
    """The tape in a ZIP. Raises Rejected, naming the file and the reason, for what is none."""
    parts = _read(packed)
    if "tape.json" not in parts:
        raise Rejected(FieldError("tape.json", "is missing: this is no tape"))
    tape = Tape(_parsed(About, "tape.json", parts["tape.json"]))
    for name, data in parts.items():
        kind, _, rest = name.partition("/")
        path = rest.removesuffix(".json").replace("~", "/")
        if kind == "steps":
            tape.steps[path] = _text(name, data)
        elif kind == "answers":
            tape.answers[path] = _parsed(OutsideAnswer, name, data)
        elif kind == "files":
            digest, _, called = rest.partition("/")
            if sha256(data).hexdigest() != digest:
                raise Rejected(FieldError(name, "its checksum is another: it was changed"))
            tape.files[digest] = (called, data)
        elif name == "plan":
            tape.plan = _text(name, data)
    return tape


def kept_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every file that a value of plain JSON speaks of."""
    if isinstance(value, dict):
        if value.keys() == _KEPT:
            yield value
        else:
            for each in value.values():
                yield from kept_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from kept_in(each)


def with_files(value: Any, change: Any) -> Any:
    """The value with its files changed."""
    if isinstance(value, dict):
        if value.keys() == _KEPT:
            return change(Kept.model_validate(value).model_dump())
        return {name: with_files(each, change) for name, each in value.items()}
    return [with_files(each, change) for each in value] if isinstance(value, list) else value


def written(value: Any) -> str:
    """As it stands on a tape: to be read, and compared line by line."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _name(path: str) -> str:
    return path.replace("/", "~")


def _read(packed: bytes) -> Mapping[str, bytes]:
    """Whatever the directory says of sizes: no more than may be is unpacked."""
    found: dict[str, bytes] = {}
    left = 2 * MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for part in archive.infolist()[: _MOST_FILES + 1]:
                if part.is_dir():
                    continue
                if not is_path(part.filename) or part.filename in found or len(found) == _MOST_FILES:
                    raise Rejected(
                        FieldError("body", f"is no tape: {part.filename[:80]!r} is no name, or one too many")
                    )
                with archive.open(part) as file:
                    found[part.filename] = file.read(left + 1)
                left -= len(found[part.filename])
                if left < 0:
                    raise Rejected(FieldError("body", f"unpacked, it has more than {2 * MOST_BYTES:,} bytes"))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Rejected(FieldError("body", "is no ZIP that can be read")) from None
    return found


def _parsed(model: Any, name: str, data: bytes) -> Any:
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Rejected(FieldError(name, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")) from None


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Rejected(FieldError(name, "is not UTF-8")) from None
