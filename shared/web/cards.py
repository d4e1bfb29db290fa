"""The form of a card as the API takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS = {
    "quote": ("quote", "by"),
    "announcement": ("title", "text", "call"),
    "event": ("title", "when", "where", "call"),
}


def request_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the template that was chosen; empty ones are left out."""
    template = form.get("template", "")
    said = {name: text for name in _FIELDS.get(template, ()) if (text := form.get(f"{template}.{name}", "").strip())}
    more = {name: text for name in ("alt", "picture") if (text := form.get(name, "").strip())}
    return {"words": {"template": template, **said}, **more}
