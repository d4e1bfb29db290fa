"""Characters that a person does not see and a model reads (rule L3): tags, variation selectors, zero-width and
bidirectional controls."""

from __future__ import annotations

import re
from typing import Any

_INVISIBLE = re.compile(
    "[\U000e0000-\U000e007f\U000e0100-\U000e01ef\ufe00-\ufe0f\u200b-\u200f\u2060-\u2064\u2066-\u2069\u202a-\u202e\u061c\ufeff]"
)


def visible(text: str) -> str:
    """The text without them."""
    return _INVISIBLE.sub("", text)


def visible_json(value: Any) -> Any:
    """The same JSON, every text and name in it without them."""
    match value:
        case str():
            return visible(value)
        case list():
            return [visible_json(each) for each in value]
        case dict():
            return {visible(name): visible_json(each) for name, each in value.items()}
    return value
