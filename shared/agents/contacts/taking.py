"""What differs between imports: what rows are, and what a pass over a batch of them does. The rest is one machinery:
reading, sorting on disk, quarantine, counts, preview, confirmation, undo (decision 44)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pydantic import BaseModel

from shared.agents.contacts.read import Reading
from shared.agents.contacts.rows import Row
from shared.domain.imports import Import, RowError
from shared.domain.scope import Scope
from shared.ports import Ports


class Keyed(NamedTuple):
    """A good row, and what it is about: all rows with one key are in one batch."""

    key: str
    entry: BaseModel


Check = Callable[[Row], Keyed | list[RowError]]
"""A row, or every reason why it goes to quarantine."""


class Taking(NamedTuple):
    """How the rows of one sort of file are taken in."""

    reading: Reading
    checker: Callable[[Ports, Scope, Import], Check]
    pass_over: Callable[[Ports, Scope, Import, int], dict[str, int]]
    """Preview one batch, take it in, or take it back, whichever the import is at; how many rows had which outcome.
    Repeatable after any kill."""
