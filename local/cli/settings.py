"""What a host that is started here is set to: the environment, then local.settings.json."""

from __future__ import annotations

import json
import os
from pathlib import Path

APP = Path(__file__).parents[2]
"""The folder of `function_app.py`."""


def setting(name: str) -> str | None:
    """One setting; an empty value is an absent one."""
    return os.environ.get(name) or _on_file().get(name) or None


def _on_file() -> dict[str, str]:
    try:
        content = json.loads((APP / "local.settings.json").read_text("utf-8-sig"))
    except (OSError, ValueError):
        return {}
    values: dict[str, str] = content.get("Values", {}) if isinstance(content, dict) else {}
    return values
