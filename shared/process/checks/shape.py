"""The fields of a plan itself: names, types, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from shared.process.checks.words import wrong
from shared.process.declared import Plan
from shared.process.draft import Draft
from shared.process.shapes import schema_of
from shared.process.source import Wrong


def shape(draft: Draft) -> Iterator[Wrong]:
    """What does not fit `declared.Plan`."""
    try:
        draft.plan = Plan.model_validate(draft.body, strict=True, by_alias=True, by_name=False)
    except ValidationError as errors:
        schema = schema_of(Plan)
        for error in errors.errors(include_url=False):
            yield wrong(error, (), error["loc"], schema, draft.body)
