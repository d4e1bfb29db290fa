"""What was typed into a form, and what was wrong with it as the form calls it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, tzinfo

from shared.domain.faults import FieldError


def filled(form: Mapping[str, str]) -> dict[str, str]:
    """Without spaces around it; an empty field is an absent one."""
    return {name: value.strip() for name, value in form.items() if value.strip()}


def labelled(errors: Iterable[FieldError], labels: Mapping[str, str]) -> list[str]:
    """What is wrong, each with the label of its field; `labels`: field of the API -> what the form calls it."""
    return [f"{_label(field, labels)}: {reason}" for field, reason in errors]


def local_time(text: str, zone: tzinfo) -> str:
    """With the offset that it has in `zone`; what is no time stays, for the API to say so."""
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()
    return text


def _label(field: str, labels: Mapping[str, str]) -> str:
    found = max((name for name in labels if field.startswith(name)), key=len, default=None)
    return labels[found] if found else field
