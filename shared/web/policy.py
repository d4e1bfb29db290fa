"""The policy as the fields of a form, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared.domain.policy import MOST_CAPS, Policy

CAP_ROWS = 3
"""Caps that the form has room for; the API takes more."""
CHANNELS = {"email": "e-mail", "sms": "text message"}
"""Those whose hours and quota the form shows."""


def of_form(form: Mapping[str, str], before: Policy) -> dict[str, Any]:
    """What was filled in, for the model to check; a field left empty is the default, a cap left empty is none. What the
    form has no field for stays as it was."""
    filled = {name: text.strip() for name, text in form.items() if text.strip()}
    plain: dict[str, Any] = {name: filled[name] for name in ("country", "apart_minutes") if name in filled}
    lists = {
        name: _words(filled.get(name, "")) for name in ("purposes", "topics", "sender_domains", "established_domains")
    }
    return {
        **plain,
        **lists,
        "holidays": "holidays" in filled,
        "imports_declare_consent": "imports_declare_consent" in filled,
        "caps": [cap for n in range(MOST_CAPS) if (cap := _group(filled, f"cap{n}_"))],
        "hours": _elsewhere(before.hours)
        | {channel: hours for channel in CHANNELS if (hours := _hours(filled, channel))},
        "quota": _elsewhere(before.quota)
        | {channel: filled[f"quota_{channel}"] for channel in CHANNELS if f"quota_{channel}" in filled},
    }


def _elsewhere(rules: Mapping[Any, Any]) -> dict[str, Any]:
    return {channel: rule for channel, rule in rules.items() if channel not in CHANNELS}


def _group(filled: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in filled.items() if name.startswith(prefix)}


def _hours(filled: Mapping[str, str], channel: str) -> list[str]:
    return [filled[name] for name in (f"from_{channel}", f"to_{channel}") if name in filled]


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", text) if word]
