"""Passwords and keys that stand in the plan itself, where everybody may read them for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.process.draft import Draft
from shared.process.source import Path, Wrong
from shared.process.template import has_expression

_NAMES = re.compile(
    r"(^|[_-])(password|passwd|passphrase|pwd|secret|token|apikey|credentials?|authorization|bearer)s?$"
    r"|(^|[_-])(api|access|private|account|signing|encryption)[_-]?key$",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}"
    r"|\bxox[abprs]-[\w-]{10,}|\b[sr]k[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}|\bglpat-[\w-]{16,}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|\bAGE-SECRET-KEY-1[0-9A-Z]{20,}|\bAIza[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)=(?!\$\{\{)[^;\s]{4,}"
    r"|\b(?:Bearer|Basic) +(?!\$\{\{)[A-Za-z0-9+/._~-]{16,}|\bbaton_[A-Za-z0-9_-]{20,}"
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,200}:(?!\$\{\{)[^\s/@]{1,200}@"
)

_MARKS = (
    "PRIVATE KEY",
    "AKIA",
    "gh",
    "xox",
    "sk",
    "rk",
    "glpat-",
    "eyJ",
    "AGE-",
    "AIza",
    "SG.",
    "=",
    "Bearer ",
    "Basic ",
    "bearer ",
    "basic ",
    "baton_",
    "://",
)
"""One of these is in whatever `_VALUES` finds; most texts have none of those that the plan has at all."""


def secrets(draft: Draft) -> Iterator[Wrong]:
    """What looks like a secret by its value or by the name of its field."""
    whole = "\n".join(draft.texts.values())
    marks = [mark for mark in _MARKS if mark in whole]
    named: dict[str, bool] = {}
    for path, text in draft.texts.items():
        if found := _VALUES.search(text) if any(mark in text for mark in marks) else None:
            yield _wrong(path, "a secret stands here in plain text", found.start())
        elif text and not has_expression(text) and _is_named_so(draft, path, named):
            yield _wrong(path, f"`{path[-1]}` looks like a secret, and stands here in plain text", None)


def _wrong(path: Path, said: str, offset: int | None) -> Wrong:
    hint = "write `${{ secrets.name }}`, and change this secret: whoever has the plan has it"
    return Wrong(path, said, hint, offset=offset)


def _is_named_so(draft: Draft, path: Path, known: dict[str, bool]) -> bool:
    """A field of a step's `with`, or the default of an input that is marked, or named, so."""
    if path[:1] == ("inputs",) and path[2:] == ("default",):
        declared = draft.inputs.get(str(path[1]), {})
        return declared.get("sensitive") is True or bool(_NAMES.search(str(path[1])))
    name = path[-1] if path else None
    if not isinstance(name, str) or "with" not in path:
        return False
    if name not in known:
        known[name] = bool(_NAMES.search(name))
    return known[name]
