"""An uploaded file as rows of text, whatever its form: one place that knows which reader takes it."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.contacts.decode import text_of
from shared.agents.contacts.read_csv import read_csv
from shared.agents.contacts.read_json import read_json
from shared.agents.contacts.rows import Row
from shared.domain.faults import FieldError, Rejected

MAX_ROWS = 100_000


def read(data: bytes, content_type: str) -> Iterator[Row]:
    """The rows of a CSV file, or of a JSON list if the content type says so. Raises Rejected for the file as a whole;
    what is wrong with one row comes with the row."""
    is_json = "json" in content_type.lower()
    text = text_of(data, utf8_only=is_json)
    for n, row in enumerate(read_json(text) if is_json else read_csv(text), 1):
        if n > MAX_ROWS:
            raise Rejected(FieldError("body", f"there are more than {MAX_ROWS:,} rows; split the file"))
        yield row
