"""The style guide as lines of a form: `words = what the house says`, a warning with `?` before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.style_guide import StyleGuide


def rows_of(guide: StyleGuide) -> str:
    """The words to avoid, one a line."""
    lines = (
        ("? " if each.severity == "warning" else "") + each.words + (f" = {each.instead}" if each.instead else "")
        for each in guide.avoid
    )
    return "\n".join(lines)


def of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, as the API takes it."""
    return {
        "avoid": [_avoided(line) for line in form.get("avoid", "").splitlines() if line.strip()],
        "names": [line.strip() for line in form.get("names", "").splitlines() if line.strip()],
        "address": form.get("address") or None,
        "voice": _voice(form),
    }


def _voice(form: Mapping[str, str]) -> dict[str, Any]:
    said = {name: form.get(name, "").strip() or None for name in ("tone", "greeting", "sign_off", "sentence_words")}
    return said | {"exclamations": {"yes": True, "no": False}.get(form.get("exclamations", ""))}


def _avoided(line: str) -> dict[str, Any]:
    words, _, instead = line.strip().partition("=")
    mild = words.startswith("?")
    found = {"words": words.removeprefix("?").strip(), "severity": "warning" if mild else "error"}
    return found | ({"instead": instead.strip()} if instead.strip() else {})
