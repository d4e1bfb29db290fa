"""JSON Lines, and a JSON list of objects: both read object by object. Numbers stay as they were written. A list that
breaks off gives the objects before that place; what is left is one refused row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from shared.process.errors import InputError
from shared.process.rows.raw import LEFT, REJECTED, Options, Raw, Rejected, of_object
from shared.process.rows.text import encoding_of, lines_of, undecoded

_DECODER = json.JSONDecoder(parse_float=str, parse_constant=str)
_BLOCK = 2**18
_LONGEST = 10_000_000
"""Characters of one object."""
_MOST_COLUMNS = 2000
_SPACE = " \t\r\n"


class JsonLines:
    """An object a line."""

    ending = "jsonl"

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._encoding = path, encoding_of(path, options.encoding)
        self.headings = _keys(self._objects)

    def rows(self) -> Iterator[Raw]:
        for found, text in self._objects():
            if isinstance(found, dict):
                yield of_object(self.headings, found)
            else:
                why = found.reason if isinstance(found, _Left) else "it is no JSON object"
                yield Raw([], {"baton_text": text}, why)

    def rejects(self, path: Path) -> JsonRejects:
        return JsonRejects(path, False)

    def _objects(self) -> Iterator[tuple[Any, str]]:
        for line in lines_of(self._path, self._encoding):
            if line.strip():
                yield _loaded(line), line.strip().encode(errors="replace").decode()


class _Left(NamedTuple):
    """What nobody can read of a list."""

    reason: str


class JsonList(JsonLines):
    """`[{…}, {…}]`: the same objects, found otherwise."""

    ending = "json"

    def rejects(self, path: Path) -> JsonRejects:
        return JsonRejects(path, True)

    def _objects(self) -> Iterator[tuple[Any, str]]:
        with self._path.open(encoding=self._encoding, errors="replace") as file:
            elements = _Elements(file.read)
            try:
                for found in elements:
                    yield found, json.dumps(found)[:1000]
            except InputError as error:
                if not elements.count:
                    raise
                left = _Left(f"{error}, behind character {elements.place:,}: what comes from there on is not read")
                yield left, elements.rest()


class _Elements:
    """The elements of a list that is read block by block."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read, self._text, self._at, self._over = read, "", 0, False
        self._passed, self._whole = 0, 0
        self.count = 0

    @property
    def place(self) -> int:
        """How many characters the file has up to the last whole element."""
        return self._whole

    def rest(self) -> str:
        """The beginning of what stands behind it."""
        text = self._text[max(0, self._whole - self._passed) :]
        return (text + self._read(max(0, LEFT - len(text)))).lstrip(_SPACE + ",")[:LEFT]

    def __iter__(self) -> Iterator[Any]:
        self._expect("[", "a list of objects")
        if self._next() == "]":
            return self._end()
        while True:
            found = self._element()
            self.count, self._whole = self.count + 1, self._passed + self._at
            yield found
            after = self._next()
            self._at += 1
            if after == "]":
                return self._finish()
            if after != ",":
                raise InputError("the file is no JSON: a comma or the end of the list is missing", "file")

    def _element(self) -> Any:
        self._next()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise InputError("the file is nested too deeply", "file") from None
            except ValueError:
                end = len(self._text)
                found = None
                if self._over:
                    raise InputError("the file is no JSON: it breaks off, or a value is none", "file") from None
            if end < len(self._text) or self._over:
                self._at = end
                return found
            self._more()

    def _more(self) -> None:
        if len(self._text) - self._at > _LONGEST:
            raise InputError(f"the file is no JSON, or an object has more than {_LONGEST:,} characters", "file")
        # As much again as there is: an object that takes many blocks is not read from its beginning for each.
        block = self._read(max(_BLOCK, len(self._text) - self._at))
        self._passed += self._at
        self._text, self._at, self._over = self._text[self._at :] + block, 0, not block

    def _next(self) -> str:
        """The next character that is no space, which is not consumed; none at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or self._over:
                return self._text[self._at : self._at + 1]
            self._more()

    def _expect(self, sign: str, what: str) -> None:
        if self._next() != sign:
            raise InputError(f"the file must be {what}", "file")
        self._at += 1

    def _end(self) -> None:
        self._at += 1
        self._finish()

    def _finish(self) -> None:
        if self._next():
            raise InputError("the file is no JSON: there is more behind the list", "file")


class JsonRejects:
    """The objects as they were, with three names more."""

    def __init__(self, path: Path, as_list: bool) -> None:
        self._file, self._list, self._any = path.open("wb"), as_list, False

    def add(self, rejected: Rejected, raw: Raw) -> None:
        self._file.write((b",\n" if self._any else b"[\n") if self._list else b"")
        self._any = True
        original = {name: each for name, each in raw.original.items() if name not in REJECTED}
        line = orjson.dumps({**dict(zip(REJECTED, rejected, strict=True)), **original}, default=str)
        self._file.write(line if self._list else line + b"\n")

    def close(self) -> None:
        if self._list:
            self._file.write(b"\n]\n" if self._any else b"[]\n")
        self._file.close()


def _loaded(line: str) -> Any:
    try:
        return None if undecoded(line) else _DECODER.decode(line.strip())
    except (ValueError, RecursionError):
        return None


def _keys(objects: Callable[[], Iterator[tuple[Any, str]]]) -> list[str]:
    """All names that any object has, in the order in which they first come."""
    found: dict[str, None] = {}
    for each, _ in objects():
        if isinstance(each, dict) and not each.keys() <= found.keys():
            found |= dict.fromkeys(each)
            if len(found) > _MOST_COLUMNS:
                raise InputError(f"its objects have more than {_MOST_COLUMNS:,} different names", "file")
    return list(found)
