"""From rows of passages to what was found: each with every place it stands in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import orjson

from shared.domain.knowledge import Passage
from shared.ports import Found

_PLACES = """SELECT document, edition, hash, heading, text, place FROM passages
    JOIN places ON places.passage = passages.id WHERE passages.id = ? ORDER BY document, edition, n"""


def found(connection: sqlite3.Connection, passages: Sequence[int]) -> list[Found]:
    """The passages in their order; the first has the highest score, 1."""
    return [
        Found(document, edition, _passage(hash, heading, text, place), 1 / place_no)
        for place_no, id in enumerate(passages, start=1)
        for document, edition, hash, heading, text, place in connection.execute(_PLACES, (id,))
    ]


def _passage(hash: bytes, heading: str, text: str, place: str) -> Passage:
    return Passage(id=hash.hex(), heading=heading, text=text, **orjson.loads(place))
