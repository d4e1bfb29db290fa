"""The secrets of a home directory: made once, for the owner's eyes only, never overwritten."""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from shared.ports import Keys

_KEY_BYTES = 32


def owner_token(home: Path) -> str:
    """The owner's token, in `owner.token`."""
    return _kept(home / "owner.token", secrets.token_urlsafe(_KEY_BYTES)).strip()


def keys(home: Path) -> Keys:
    """The keys of this home, in `keys.json`. Raises ValueError naming the file if it is not what Baton wrote."""
    path = home / "keys.json"
    fresh = {"address": _new_key(), "link": {"1": _new_key()}, "field": {"1": _new_key()}}
    return read_keys(_kept(path, json.dumps(fresh, indent=2)), str(path))


class FieldRing:
    """The ring `field` of a home as it is now: read again whenever the file was replaced."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._read: tuple[tuple[int, int] | None, Mapping[str, bytes]] = (None, {})

    def __call__(self) -> Mapping[str, bytes]:
        seen = (self._home / "keys.json").stat()
        version = (seen.st_ino, seen.st_mtime_ns)
        if self._read[0] != version:
            self._read = version, keys(self._home).field
        return self._read[1]


def read_keys(text: str, place: str) -> Keys:
    """The keys that `text` holds, as `keys.json` does. Raises ValueError naming the `place` it is from."""
    try:
        kept = json.loads(text)
        return Keys(base64.b64decode(kept["address"]), _ring(kept["link"]), _ring(kept["field"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{place} must hold the keys address, link and field: {type(error).__name__}") from None


def _ring(texts: dict[str, str]) -> dict[str, bytes]:
    return {key_id: base64.b64decode(text) for key_id, text in texts.items()}


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; `fresh` if there was none. Two processes that start together agree on one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    return path.read_text()
