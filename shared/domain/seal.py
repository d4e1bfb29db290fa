"""The seal that an approval binds: SHA-256 over canonical JSON (RFC 8785; design 4.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

VERSION = 1
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
"""Made once: an import writes one digest for each row."""


def canonical(value: Any) -> bytes:
    """RFC 8785 form of plain JSON. Floats and non-ASCII keys are refused (TypeError): their canonical forms are the
    ones that implementations get wrong, and a seal needs neither."""
    _check(value)
    return _ENCODER.encode(value).encode()


def digest(sealed: Mapping[str, Any]) -> str:
    """The seal of what is approved, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(dict(sealed))).hexdigest()


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[object]]:
    """The sealed parts that differ, as name -> [old, new]."""
    return {key: [old.get(key), new.get(key)] for key in sorted({*old, *new}) if old.get(key) != new.get(key)}


def _check(value: Any) -> None:
    if isinstance(value, str):  # most are
        return
    match value:
        case None | bool() | int():
            return
        case list() | tuple():
            for each in value:
                _check(each)
        case dict():
            for key, each in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise TypeError(f"key {key!r} of a seal must be ASCII text")
                _check(each)
        case _:
            raise TypeError(f"{type(value).__name__} {value!r} cannot be sealed")
