"""Processes that come with Baton: every `*.yaml` of this folder, under the name it declares."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
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
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            text = file.read_bytes()
            plan = load(text, file.name)
            version = ProcessVersion(digest=hashlib.sha256(text).hexdigest())
            made = Process(name=plan.process, title=plan.title, origin="catalog", versions=[version])
            found[plan.process] = Offered(made, text)
    return found
