"""A row as it was read: texts by field, not yet checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

No = Literal["unsubscribed", "bounced"]
"""Why somebody must not be written to, as another system's export says."""


@dataclass(frozen=True)
class Row:
    """`line` is where it begins, as an editor counts, in `file` of an archive. `problem` says why it could not be read
    at all, if so; `original` is how it came."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    file: str | None = None
    no: No | None = None
    """Its whole file is a list of these."""
    covered: bool = False
    """What is declared of the people of the file holds for this one, unless the row itself says otherwise."""
    original: Sequence[Any] = ()
