"""The text of a plan as plain JSON, with the place of every value.

YAML 1.2 by its core schema: `NO`, `on` and `12:30` are texts. Of YAML, what a plan never needs and what makes a small
text a large one is refused: anchors, aliases, tags, merge keys, several documents. JSON is read by the same reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from _ruamel_yaml import CParser
from ruamel.yaml import events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

MOST_BYTES = 1_000_000
_LINE = MOST_BYTES + 1
"""More than a line has columns."""
_DEEPEST = 24
_MOST_PROBLEMS = 200
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_PAIR = re.compile(r"\\\\|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_GREATEST = 2**53

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """From one."""

    line: int
    column: int


class Wrong(NamedTuple):
    """Something wrong at a field, before it is known where that stands. `at_key`: the name of the field is to blame,
    not its value; `offset`: characters into the text that is the value; `place`: where, if that is known already."""

    path: Path
    message: str
    suggestion: str | None = None
    at_key: bool = False
    offset: int | None = None
    place: Place | None = None


@dataclass
class Source:
    """`value` is plain JSON; `marks` say where each name of a field and each value begins, in the order of the text:
    which is whose is asked only of a plan that is wrong. A mark is a number, line and column in one: twenty thousand
    objects would be looked through again and again by Python's collector of garbage."""

    text: str
    value: Any = None
    marks: list[int] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def place(self, wrong: Wrong) -> Place:
        """Where it stands; of what is not there, where it should be."""
        if wrong.place:
            return wrong.place
        names, values = self._marked
        if wrong.at_key and wrong.path in names:
            return _unpacked(names[wrong.path])
        path = wrong.path
        while path not in values and path:
            path = path[:-1]
        found = _unpacked(values[path]) if path in values else Place(1, 1)
        return self._within(found, path, wrong.offset) if wrong.offset is not None and path == wrong.path else found

    @cached_property
    def _marked(self) -> tuple[dict[Path, int], dict[Path, int]]:
        """The marks of the names and those of the values, by path."""
        names: dict[Path, int] = {}
        values: dict[Path, int] = {}
        _assign(self.value, (), iter(self.marks), names, values)
        return names, values

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()

    def _within(self, start: Place, path: Path, offset: int) -> Place:
        value: Any = self.value
        for key in path:
            value = value[key]
        piece, lines = value[offset:].split("\n")[0][:60].strip(), self._lines
        for number in range(start.line - 1, min(start.line + value.count("\n") + 1, len(lines))):
            from_column = start.column - 1 if number == start.line - 1 else 0
            if piece and (column := lines[number].find(piece, from_column)) >= 0:
                return Place(number + 1, column + 1)
        return start


def read(content: bytes, is_json: bool = False) -> Source:
    """What the text says. Never raises: what is wrong is in `wrong`; if its form is broken, `value` is None."""
    if len(content) > MOST_BYTES:
        return _broken(Source(""), f"is larger than {MOST_BYTES:,} bytes", Place(1, 1))
    try:
        source = Source(content.decode())
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        return _broken(Source(""), "is not UTF-8", _after(before), "save the file as UTF-8")
    if is_json and (wrong := _broken_json(source)):
        return wrong
    text = _PAIR.sub(_letter, source.text) if is_json else source.text
    try:
        source.value = _Builder(text, source).document()
    except _Stopped:
        source.value = None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(mark) if mark else Place(1, 1)
        return _said(source, error, place)
    except (YAMLError, UnicodeError):
        return _control_character(source)
    return source


class _Stopped(Exception):
    """Enough is wrong."""


class _Builder:
    def __init__(self, text: str, source: Source) -> None:
        self.next = CParser(text).get_event
        self.source = source
        self._marks = source.marks
        self._path: list[str | int] = []

    def document(self) -> Any:
        event = self.next()
        while isinstance(event, (events.StreamStartEvent, events.DocumentStartEvent)):
            event = self.next()
        if isinstance(event, events.StreamEndEvent) or event is None:
            self._wrong("is empty", event)
            raise _Stopped
        value = self._value(event)
        self.next()
        if not isinstance(after := self.next(), events.StreamEndEvent):
            self._wrong("holds more than one document", after, "put each plan into a file of its own")
            raise _Stopped
        return value

    def _value(self, event: Any) -> Any:
        if len(self._path) > _DEEPEST:
            self._wrong(f"is nested more than {_DEEPEST} deep", event)
            raise _Stopped
        self._marks.append(_packed(event.start_mark))
        kind = type(event)
        if kind is events.AliasEvent:
            self._wrong("an alias (`*`) cannot stand in a plan", event, "write the value out")
            return None
        if event.anchor is not None:
            self._wrong("an anchor (`&`) cannot stand in a plan", event, "leave it out")
        if event.tag is not None and event.tag != "!":
            self._wrong(f"the tag {event.tag} cannot stand in a plan", event, "leave it out")
        if kind is events.ScalarEvent:
            return self._scalar(event) if event.implicit[0] else event.value
        return self._mapping() if kind is events.MappingStartEvent else self._list()

    def _list(self) -> list[Any]:
        made: list[Any] = []
        self._path.append(0)
        while type(event := self.next()) is not events.SequenceEndEvent:
            self._path[-1] = len(made)
            made.append(self._value(event))
        self._path.pop()
        return made

    def _mapping(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        begun: dict[str, int] = {}
        while (kind := type(event := self.next())) is not events.MappingEndEvent:
            if kind is not events.ScalarEvent:
                self._wrong("the name of a field must be a text", event, "is an expression without quotes here?")
                raise _Stopped
            key = event.value
            self._path.append(key)
            if key in made:
                self._again(event, _unpacked(begun[key]).line)
            else:
                begun[key] = mark = _packed(event.start_mark)
                self._marks.append(mark)
                made[key] = self._value(self.next())
            self._path.pop()
        return made

    def _again(self, event: Any, first: int) -> None:
        """The name of a field stands twice: the second one counts for nothing."""
        self._wrong(f"`{event.value}` stands here twice; first in line {first}", event, "leave one of them out")
        marks = len(self._marks)
        self._value(self.next())
        del self._marks[marks:]

    def _scalar(self, event: Any) -> Any:
        text = event.value
        first = text[:1]
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if not (first.isdecimal() or first in "+-."):
            return text
        if _INT.fullmatch(text):
            return self._number(int(text, 10 if text.lstrip("+-").isdecimal() else 0), event)
        if _FLOAT.fullmatch(text):
            return self._number(float(text), event)
        if _NO_NUMBER.fullmatch(text):
            self._wrong(f"{text} is no number", event, "put it in quotes if it is a text")
        return text

    def _number(self, value: int | float, event: Any) -> int | float:
        if not abs(value) <= _GREATEST:
            self._wrong("is too great a number", event, "put it in quotes if it is a text, such as an id")
            return 0
        return value

    def _wrong(self, message: str, event: Any, suggestion: str | None = None) -> None:
        place = _place(event.start_mark) if event is not None else Place(1, 1)
        self.source.wrong.append(Wrong(tuple(self._path), message, suggestion, place=place))
        if len(self.source.wrong) > _MOST_PROBLEMS:
            raise _Stopped


def _assign(value: Any, path: Path, marks: Iterator[int], names: dict[Path, int], values: dict[Path, int]) -> None:
    """Walk as the reader did, and give each name and value its mark."""
    values[path] = next(marks, 0)
    if isinstance(value, dict):
        for key, each in value.items():
            names[*path, key] = next(marks)
            _assign(each, (*path, key), marks, names, values)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _assign(each, (*path, index), marks, names, values)


def _packed(mark: Any) -> int:
    packed: int = mark.line * _LINE + mark.column
    return packed


def _unpacked(mark: int) -> Place:
    return Place(mark // _LINE + 1, mark % _LINE + 1)


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _after(before: str) -> Place:
    lines = before.split("\n")
    return Place(len(lines), len(lines[-1]) + 1)


def _broken(source: Source, message: str, place: Place, suggestion: str | None = None) -> Source:
    source.wrong.append(Wrong((), message, suggestion, place=place))
    return source


def _said(source: Source, error: Any, place: Place) -> Source:
    lines = source.text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    problem = error.problem or "cannot be read"
    if "\t" in line[: max(place.column, 1)] and not line[: place.column].strip():
        return _broken(source, "is indented with a tab", place, "use spaces")
    near = "\n".join(lines[max(place.line - 3, 0) : place.line])
    if re.search(r"[{\[,:]\s*\$\{\{", near) and re.search(r"[{\[][^\n]*\$\{\{", near):
        return _broken(source, f"cannot be read: {problem}", place, "within { } and [ ] put `${{ … }}` in quotes")
    context = f" {error.context}" if error.context else ""
    return _broken(source, f"cannot be read: {problem}{context}", place)


def _control_character(source: Source) -> Source:
    for index, letter in enumerate(source.text):
        if (letter < " " and letter not in "\t\n\r") or "\x7f" <= letter <= "\x9f" or "\ufffe" <= letter <= "\uffff":
            return _broken(source, f"has the character U+{ord(letter):04X} in it", _after(source.text[:index]))
    return _broken(source, "has a character in it that no text has", Place(1, 1))


def _broken_json(source: Source) -> Source | None:
    try:
        json.loads(source.text, parse_constant=_refused)
    except json.JSONDecodeError as error:
        return _broken(source, f"is no JSON: {error.msg}", Place(error.lineno, error.colno))
    except (ValueError, RecursionError) as error:
        return _broken(source, f"is no JSON: {error}", Place(1, 1))
    return None


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _letter(found: re.Match[str]) -> str:
    """A letter beyond the basic plane, which JSON may write as two surrogates and YAML as one number."""
    if found[1] is None:
        return found[0]
    high, low = int(found[1], 16), int(found[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"
