"""What can be wrong with a plan, found before anything runs. Each check tells all it finds."""

from __future__ import annotations

from collections.abc import Iterator

from shared.process.checks.expressions import expressions
from shared.process.checks.graph import graph
from shared.process.checks.inputs import inputs
from shared.process.checks.secrets import secrets
from shared.process.checks.shape import shape
from shared.process.checks.triggers import triggers
from shared.process.checks.types import types
from shared.process.draft import Draft
from shared.process.source import Wrong


def everything(draft: Draft) -> Iterator[Wrong]:
    """All that is wrong, in no order."""
    for check in (shape, types, graph, inputs, triggers, expressions, secrets):
        yield from check(draft)
