"""A row as it was read: texts by field, not yet checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """`line` is where it begins, as an editor counts. `problem` says why it could not be read at all, if so."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
