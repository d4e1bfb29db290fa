"""What a model may be told of what went wrong: a list of what may go out. An error's own words may quote a row, a
comment or a file, so of them only sentences of Baton's are told, with counts, and with names that the plan says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.process.declared import Action
from shared.process.functions import FUNCTIONS
from shared.process.steps import step_type

UNTOLD = "(its words are not told: they may quote data)"
LEFT_OUT = "…"
SENTENCES = (
    "the file has no column *; it has *", "the file has no column *", "the file has columns that are not declared: *",
    "there is no column *; there are *", "the table has no column *", "a row breaks a rule of the table",
    "# of # rows do not fit: *", "# of # rows are in quarantine", "a value does not fit: *", "must be one SELECT",
    "the file is empty", "the sheet is empty", "the workbook is encrypted", "there is no sheet *; there are *",
    "this is no workbook (XLSX, ODS), or a broken one: *", "this is no archive (ZIP, tar.gz), or a broken one: *",
    "this is no text file: *", "the file is no XML: *", "the file is no JSON: *",
    "this is no Parquet file: it does not begin like one", "the quotes of the heading are not in pairs",
    "too many of its quotes are not in pairs", "its name does not say what it is; set format to one of *",
    "its name does not say what it is; set format", "line # is longer than # characters",
    "behind line # the file is not *", "there is no encoding *", "there are # files like *; # are needed",
    "* is not what it should be: its checksum is another", "* is not the file that it was: its checksum is another",
    "* has another heading", "* is not there any more", "* is there already; overwrite: true replaces it",
    "there is no file *", "the folder is full", "* holds *: it may leave in an encrypted file only",
    "the URL is not asked: *", "it answered # (a redirect, which is not followed)", "it answered #", "no answer: *",
    "the answer broke off, or is larger than # MB", "it took longer than its timeout",
    "the program was stopped: *", "the program ended with *", "the program has not made *, which the plan keeps",
    "the program needed more memory than the # MB that the plan allows",
    "the program used more time or wrote a larger file than the plan allows",
    "the script is not the one the plan pins: its SHA-256 is *", "its outputs are not plain JSON",
    "its outputs have more than # characters; keep them as a file", "* rejected it: *",
    "nobody decided within *, which counts as a rejection", "nobody decided within *", "no event * came within *",
    "the channel * is not set up: *", "the agent has not done it: *", "the model cannot be asked now: *",
    "divides by zero", "is nested too deep", "it broke: *", "there is no *",
)  # fmt: skip
"""Whole messages of steps. `#` is a count; `*` is told if the plan says it, too."""
_OF_A_VALUE = (
    "is missing", "is longer than # characters", "is none of the choices", "does not fit the pattern",
    "is no e-mail address", "is no whole number of at most # digits", "is no number", "is no decimal number",
    "has too many digits", "has more than # digits behind the point", "is neither true nor false (yes, no, 1, 0)",
    "is no date of the form *", "is no time of the form *", "is shorter than *", "is less than *", "is longer than *",
    "is more than *", "is the same as in row *",
)  # fmt: skip
_OF_A_ROW = (
    "it cannot be read: are its quotes in pairs?", "it has # values; there are # columns",
    "it has bytes that are not *", "it is no JSON object", "*: what comes behind element # is not read",
)  # fmt: skip
_FORMS = frozenset(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"))
"""Which dates and times have if the plan says none."""
_PLACES = frozenset(("with", "type", "outputs"))
_HOLE = re.compile(r"[#*]")
_NAMED = re.compile(r"[A-Za-z_][\w.]*")
_Known = Sequence[tuple[re.Pattern[str], str]]


def message_told(action: Action, said: str) -> str:
    """The sentence of Baton that it is, without what the plan does not say itself."""
    return _told(_MESSAGES, said, _declared(action)) or UNTOLD


def field_told(action: Action, field: str) -> str:
    """The dotted path, without keys that neither the plan nor the type of step has."""
    known = _declared(action) | _PLACES | _fields(action.type)
    return ".".join(each if each in known or _is_place(each) else LEFT_OUT for each in field.split("."))


def reasons_told(action: Action, reasons: Mapping[str, int]) -> dict[str, int]:
    """How often which rule refused a row. What a file itself says against its rows is only counted."""
    declared, columns = _declared(action) | _FORMS, list(_columns(action))
    told = Counter[str]()
    for reason, count in reasons.items():
        told[_told(_ROWS, reason, declared) or _reasons(reason, columns, declared)] += count
    return dict(told)


def _reasons(reason: str, columns: list[str], declared: frozenset[str]) -> str:
    """Of each column that does not fit one; the same is said once."""
    return "; ".join(dict.fromkeys(_reason(each, columns, declared) for each in reason.split("; ")))


def _reason(part: str, columns: list[str], declared: frozenset[str]) -> str:
    for name in columns:
        if part.startswith(f"{name}: ") and (told := _told(_VALUES, part.removeprefix(f"{name}: "), declared)):
            return f"{name}: {told}"
    return UNTOLD


def _told(known: _Known, said: str, declared: frozenset[str]) -> str | None:
    for pattern, sentence in known:
        if found := pattern.fullmatch(said):
            holes = iter(found.groups())
            return _HOLE.sub(lambda hole: _filled(hole[0], next(holes), declared), sentence)  # noqa: B023 – used at once
    return None


def _filled(hole: str, said: str, declared: frozenset[str]) -> str:
    names = [each.strip("'\"`") for each in re.split(", | or ", said)]
    return said if hole == "#" or declared.issuperset(names) else LEFT_OUT


def _patterns(*sentences: str) -> _Known:
    holes = {"#": "([0-9][0-9,]*)", "*": "(.+?)"}
    return [
        (re.compile("".join(holes.get(each) or re.escape(each) for each in sentence), re.DOTALL), sentence)
        for sentence in sentences
    ]


def _declared(action: Action) -> frozenset[str]:
    """What the plan says in the step: keys, values, and what its expressions name."""
    return frozenset(_words(action.given))


def _words(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for name, each in value.items():
                yield str(name)
                yield from _words(each)
        case list():
            for each in value:
                yield from _words(each)
        case str():
            yield value
            yield from _NAMED.findall(value) if "${{" in value else ()
        case _:
            yield str(value)


def _columns(action: Action) -> Iterator[str]:
    columns = action.given.get("columns")
    for each in columns if isinstance(columns, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            yield each["name"]


def _fields(type: str) -> frozenset[str]:
    try:
        found = step_type(type).model_fields
    except (KeyError, ImportError):
        return frozenset()
    return frozenset(found) | {each.alias for each in found.values() if each.alias}


def _is_place(part: str) -> bool:
    """The number of an item."""
    return part.isdecimal() and len(part) < 4


_MESSAGES = _patterns(*SENTENCES, *(f"{name}: *" for name in FUNCTIONS))
_VALUES, _ROWS = _patterns(*_OF_A_VALUE), _patterns(*_OF_A_ROW)
