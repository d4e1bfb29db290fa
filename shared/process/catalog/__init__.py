"""Processes that come with Baton: each `NAME.yaml` of this folder, or `NAME/NAME.yaml` if it has more
files than one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from shared.domain.process import Process, ProcessVersion
from shared.process.load import load


class Offered(NamedTuple):
    """One of them, and its text."""

    process: Process
    text: bytes


@cache
def catalog() -> dict[str, Offered]:
    """By name. Raises Invalid if one of them is wrong, which a test sees to."""
    found = {}
    for file in _plans():
        text = file.read_bytes()
        plan = load(text, file.name)
        version = ProcessVersion(digest=hashlib.sha256(text).hexdigest())
        kinds = [each.kind for each in plan.triggers]
        made = Process(name=plan.process, title=plan.title, origin="catalog", versions=[version], triggers=kinds)
        found[plan.process] = Offered(made, text)
    return found


def _plans() -> Iterator[Traversable]:
    for each in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        file = each / f"{each.name}.yaml" if each.is_dir() else each
        if file.name.endswith(".yaml") and file.is_file():
            yield file
