"""The few files that pages load: three stylesheets and htmx (0BSD), all from here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from shared.render.report import TEMPLATES

_STATIC = Path(__file__).parent / "static"
_PLACES: Mapping[str, tuple[Path, str]] = {
    "palette.css": (TEMPLATES / "palette.css", "text/css; charset=utf-8"),
    "baton.css": (_STATIC / "baton.css", "text/css; charset=utf-8"),
    "week.css": (_STATIC / "week.css", "text/css; charset=utf-8"),
    "htmx.min.js": (_STATIC / "htmx.min.js", "text/javascript; charset=utf-8"),
}


class File(NamedTuple):
    """One file as it is served."""

    content: bytes
    content_type: str


def file(name: str) -> File | None:
    """The file of this name, None for any other: names are looked up, never joined to a path."""
    if name not in _PLACES:
        return None
    path, content_type = _PLACES[name]
    return File(path.read_bytes(), content_type)
