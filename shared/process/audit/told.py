"""What one step's document says for a summary: times, resources, files by their checksums, rows by their counts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.run import RunStep, Try
from shared.domain.run_summary import FileTold, Pin, StepTold, TryTold, ValueTold
from shared.process.audit.veil import Veil
from shared.process.declared import Action

_MOST_FILES = 50
_PLAIN = re.compile(r"[0-9a-f]{32,128}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.+Z-]*)?|[0-9.,%-]{1,40}")
"""A digest, a date, a number: an output that is told as it is."""
_WHOLE = re.compile(r"[0-9a-f]{64}")


def step_told(document: RunStep, action: Action | None, veil: Veil) -> StepTold:
    """It as it stands."""
    given, made = [*_files(document.inputs, veil)], [*_files(document.outputs, veil)]
    wall = (document.ended_at - document.began_at).total_seconds() if document.ended_at else 0.0
    worked = sum(each.seconds for each in document.tries)
    return StepTold(
        step=document.step, item=document.item, type=document.type, title=document.title, status=document.status,
        why=veil(document.why), attempt=document.attempt, began_at=document.began_at, ended_at=document.ended_at,
        seconds=round(wall if document.items is not None or document.child else worked, 3),
        cpu_seconds=round(sum(each.cpu_seconds for each in document.tries), 3),
        peak_bytes=max((each.peak_bytes for each in document.tries if each.peak_bytes), default=None),
        tried=document.tried, tries=[_try(each, veil) for each in document.tries],
        rows_in=_rows_in(document), rows_out=_rows_out(document), quarantined=_count(document, "quarantined"),
        files_in=given[:_MOST_FILES], files_out=made[:_MOST_FILES],
        more_files=max(0, len(given) - _MOST_FILES) + max(0, len(made) - _MOST_FILES),
        left=[veil(each) for each in [*document.left, *_left(document)]],
        pin=pin_of(action, document) if action else None, child=document.child,
    )  # fmt: skip


def value_told(name: str, value: Any, veil: Veil, given: bool) -> ValueTold:
    """An input as it may be shown; of an output, which may hold what was in the data, no text but plain ones."""
    files = list(_files(value, veil))
    return ValueTold(name=name, value=_said(value, files, veil, given), files=files[:_MOST_FILES])


def pin_of(action: Action, document: RunStep | None = None) -> Pin | None:
    """What a step runs, if it runs a program: as it was given to the last try, else as the plan says."""
    if action.type not in ("script", "run"):
        return None
    shown = document.inputs if document else {}
    given = action.given | {name: value for name, value in shown.items() if name in action.given}
    level = (document.outputs.get("used") or {}).get("level") if document else None
    trust = str(given.get("trust", "trusted"))
    if action.type == "run":
        return Pin(kind="executable", name=str(given.get("program")), pinned="", trust=trust, level=level)
    name, pinned = _script(given)
    return Pin(kind="script", name=name, pinned=pinned, trust=trust, level=level)


def _script(given: Mapping[str, Any]) -> tuple[str, str]:
    git = given.get("git")
    if isinstance(git, Mapping):
        return str(git.get("path")), f"git:{git.get('revision')}"
    if code := given.get("code"):
        return "in the plan", f"sha256:{hashlib.sha256(str(code).encode()).hexdigest()}"
    file = given.get("file")
    name = given.get("catalog") or (file.get("name") if isinstance(file, Mapping) else "a file")
    return str(name), f"sha256:{given.get('sha256')}"


def _try(each: Try, veil: Veil) -> TryTold:
    failure = each.failure
    return TryTold(
        attempt=each.attempt, at=each.at, ended_at=each.ended_at, outcome=each.outcome, seconds=each.seconds,
        cpu_seconds=each.cpu_seconds, peak_bytes=each.peak_bytes, error=failure.kind if failure else None,
        message=veil(failure.message if failure else each.why),
    )  # fmt: skip


def _left(document: RunStep) -> list[str]:
    failure = document.tries[-1].failure if document.tries and document.status == "failed" else None
    return failure.left if failure else []


def _rows_in(document: RunStep) -> int | None:
    return _added(_tables(document.inputs)) if document.type != "read" else _count(document, "received")


def _rows_out(document: RunStep) -> int | None:
    return _added(_tables(document.outputs))


def _count(document: RunStep, name: str) -> int | None:
    found = document.outputs.get(name)
    return found if isinstance(found, int) and document.type == "read" else None


def _added(counts: Iterator[int]) -> int | None:
    found = list(counts)
    return sum(found) if found else None


def _tables(value: Any) -> Iterator[int]:
    """How many rows each table in it has."""
    if _is_table(value):
        yield value["count"]
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _tables(each)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"file", "columns", "count"} and isinstance(value["count"], int)


def _files(value: Any, veil: Veil) -> Iterator[FileTold]:
    """Every file in it, each once."""
    found = {(each.name, each.sha256): each for each in _all_files(value)}
    for each in found.values():
        yield each.model_copy(update={"name": veil(each.name)})


def _all_files(value: Any) -> Iterator[FileTold]:
    if isinstance(value, dict):
        name, digest, size = value.get("name") or value.get("path"), value.get("sha256"), value.get("bytes")
        if isinstance(name, str) and isinstance(digest, str) and _WHOLE.fullmatch(digest):
            yield FileTold(name=name[:200], bytes=size if isinstance(size, int) else None, sha256=digest)
            return
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _all_files(each)


def _said(value: Any, files: list[FileTold], veil: Veil, given: bool) -> str:
    if _is_table(value):
        return f"{value['count']:,} rows"
    if files:
        return files[0].name if len(files) == 1 else f"{len(files):,} files"
    if isinstance(value, str):
        return veil(value, 200) if given or _PLAIN.fullmatch(value) else f"a text of {len(value):,} characters"
    if isinstance(value, dict | list):
        return f"{len(value):,} {'fields' if isinstance(value, dict) else 'items'}"
    return "none" if value is None else veil(str(value).lower() if isinstance(value, bool) else str(value))
