"""Files that come with the catalogue: what samples are made of, and scripts."""

from __future__ import annotations

from pathlib import Path

CATALOG = Path(__file__).parent / "catalog"
_PREFIX = "catalog:"


def shipped(value: object) -> Path | None:
    """The file behind `catalog:sol_import/rules.csv`; None if there is none."""
    if not isinstance(value, str) or not value.startswith(_PREFIX):
        return None
    path = CATALOG / value.removeprefix(_PREFIX)
    inside = path.is_file() and path.resolve().is_relative_to(CATALOG.resolve())
    return path if inside and path.suffix != ".py" else None
