"""The secrets of a home directory: made once, for the owner's eyes only, never overwritten."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.ports import Keys, RingName

_KEY_BYTES = 32
_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")
_REFUSED = "refused"
"""What `plain` is in a home that never stored a marked value in plain, or has none left."""


def owner_token(home: Path) -> str:
    """The owner's token, in `owner.token`."""
    return _kept(home / "owner.token", secrets.token_urlsafe(_KEY_BYTES)).strip()


def keys(home: Path) -> Keys:
    """The keys of this home, in `keys.json`. Raises ValueError naming the file if it is not what Baton wrote."""
    path = home / "keys.json"
    fresh = {"address": _new_key(), "link": {"1": _new_key()}, "field": {"1": _new_key()}, "plain": _REFUSED}
    return read_keys(_kept(path, json.dumps(fresh, indent=2)), str(path))


class KeyFile:
    """`keys.json` of a home as it is now: read again whenever it was replaced; `shared.ports.KeyRings`. One change at a
    time, whichever process makes it, and each of them whole: what is there is the old file or the new one."""

    def __init__(self, home: Path) -> None:
        self._path = home / "keys.json"
        self._read: tuple[tuple[int, int], Keys] | None = None
        keys(home)

    def keys(self) -> Keys:
        """The keys of now, which do not change any more. Raises ValueError as `keys` does."""
        seen = self._path.stat()
        version = (seen.st_ino, seen.st_mtime_ns)
        if self._read is None or self._read[0] != version:
            self._read = version, read_keys(self._path.read_text(), str(self._path))
        return self._read[1]

    def following(self) -> Keys:
        """Keys whose rings are always those of now."""
        return Keys(self.keys().address, _Following(lambda: self.keys().link), _Following(lambda: self.keys().field))

    def rotate(self, ring: RingName) -> str:
        """See `shared.ports.KeyRings`."""
        with self._changing() as kept:
            made = str(1 + max((int(each) for each in kept[ring] if each.isdecimal()), default=0))
            kept[ring][made] = _new_key()
        return made

    def remove(self, ring: RingName, key: str) -> None:
        """See `shared.ports.KeyRings`."""
        with self._changing() as kept:
            if key not in kept[ring]:
                raise ValueError(f"there is no key {key!r} in the ring {ring}")
            if key == list(kept[ring])[-1]:
                raise ValueError(f"the key {key!r} is the newest of the ring {ring}: what is new needs it")
            del kept[ring][key]

    def refuse_plain(self) -> None:
        """See `shared.ports.KeyRings`."""
        with self._changing() as kept:
            kept["plain"] = _REFUSED

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """What the file holds, to be changed; it is replaced when that is done."""
        with self._locked():
            kept = json.loads(self._path.read_text())
            yield kept
            new = _written(self._path.parent, json.dumps(kept, indent=2))
            os.replace(new, self._path)
            _sync_folder(self._path.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone with the file, until this process ends at the latest."""
        from fcntl import LOCK_EX, flock  # not on every system; only whoever changes keys needs it

        with open(self._path.with_name("keys.lock"), "a") as lock:
            flock(lock, LOCK_EX)
            yield


class _Following(Mapping[str, bytes]):
    """A ring as it is now, each time it is asked."""

    def __init__(self, ring: Callable[[], Mapping[str, bytes]]) -> None:
        self._ring = ring

    def __getitem__(self, key: str) -> bytes:
        return self._ring()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ring())

    def __len__(self) -> int:
        return len(self._ring())


def read_keys(text: str, place: str) -> Keys:
    """The keys that `text` holds, as `keys.json` does. Raises ValueError naming the `place` it is from."""
    try:
        kept = json.loads(text)
        rings = _ring(kept["link"]), _ring(kept["field"])
        return Keys(base64.b64decode(kept["address"]), *rings, plain=kept.get("plain") != _REFUSED)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{place} must hold the keys address, link and field: {type(error).__name__}") from None


def _ring(texts: dict[str, str]) -> dict[str, bytes]:
    if not texts or not all(_KEY_ID.fullmatch(key_id) for key_id in texts):
        raise ValueError("key ids are 1 to 32 letters, digits, - and _")
    return {key_id: base64.b64decode(text) for key_id, text in texts.items()}


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; `fresh` if there was none. Two processes that start together agree on one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = _written(path.parent, fresh)
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    return path.read_text()


def _written(folder: Path, text: str) -> str:
    """A new file for the owner alone, on the disk."""
    handle, name = tempfile.mkstemp(dir=folder)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return name


def _sync_folder(folder: Path) -> None:
    """What is called how in it outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
