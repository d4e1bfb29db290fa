"""Pages of a query and the cursors between them, alike in every home of documents."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from shared.domain.segment import Filter, matches
from shared.ports import Document, Order, Page


class Place(NamedTuple):
    """Where a page ended: the order's number or text (None: it had neither) and the id of its last document."""

    value: Any
    id: str


def page(found: Iterable[tuple[Document, Any]], filters: Sequence[Filter], order: Order, limit: int) -> Page:
    """The first `limit` of those that match; `found` are documents in order, each with its place's value."""
    documents: list[Document] = []
    place = None
    for document, value in found:
        if not matches(document.id, document.body, filters):
            continue
        if len(documents) == limit:
            return Page(documents, _write_cursor(order, place) if place else None)
        documents.append(document)
        place = Place(value, document.id)
    return Page(documents, None)


def read_cursor(order: Order, cursor: str | None) -> Place | None:
    """The place that a cursor of this same order stands for. Raises ValueError."""
    if cursor is None:
        return None
    try:
        field, descending, value, id = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError("the cursor is not one of ours") from error
    if (field, descending) != (order.field, order.descending) or not isinstance(id, str):
        raise ValueError("the cursor belongs to a list in another order")
    if not isinstance(value, str | int | float | None):
        raise ValueError("the cursor is not one of ours")
    if isinstance(value, float) and not math.isfinite(value):  # Python reads what is no JSON, and numbers too long
        raise ValueError("the cursor is not one of ours")
    return Place(value, id)


def _write_cursor(order: Order, place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([order.field, order.descending, *place]).encode()).decode()
