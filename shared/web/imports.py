"""An import as one sentence and a bar."""

from __future__ import annotations

from shared.domain.imports import Import
from shared.web.standing import Part


def import_sentence(made: Import) -> str:
    """How it went, in numbers that add up."""
    if made.status == "running":
        return f"{made.received:,} of {made.rows:,} rows are in."
    taken = made.received - made.quarantined
    rest = f"{made.quarantined:,} left out" if made.quarantined else "none left out"
    ending = "" if made.status == "completed" else "The import stopped: "
    return f"{ending}{taken:,} of {made.rows:,} rows are in, {rest}."


def import_parts(made: Import) -> list[Part]:
    """The outcomes of its rows, the rest last."""
    return [
        Part("created", made.created, "sent", None),
        Part("updated", made.updated, "unknown", None),
        Part("unchanged", made.unchanged, "soft", None),
        Part("merged", made.merged, "ink", None),
        Part("in quarantine", made.quarantined, "held", None),
        Part("to come", made.rows - made.received, "rest", None),
    ]
