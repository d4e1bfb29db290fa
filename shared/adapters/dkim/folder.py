"""DKIM keys in a folder of the home, for the owner's eyes only: `<folder>/<tenant>~<workspace>/<domain>.json`."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from shared.domain.dkim import DkimKey, is_dns_name
from shared.domain.scope import Scope


class FolderDkimKeys:
    """Whole or not at all, also after a kill; directories have mode 0700, files 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, scope: Scope, domain: str) -> Sequence[DkimKey]:
        """Raises ValueError naming the file if it is not what Baton wrote."""
        if not is_dns_name(domain):
            return ()
        place = self._place(scope, domain)
        try:
            kept = json.loads(place.read_text())
            return tuple(DkimKey(domain, each["selector"], str(each["private_key"])) for each in kept)
        except FileNotFoundError:
            return ()
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{place} must hold a list of selector and private_key: {type(error).__name__}") from None

    def put(self, scope: Scope, domain: str, keys: Sequence[DkimKey]) -> None:
        others = {key.domain for key in keys} - {domain}
        if others or not is_dns_name(domain) or len({key.selector for key in keys}) < len(keys):
            raise ValueError(f"the keys of {domain[:60]!r} must be its own, each with a selector of its own")
        place = self._place(scope, domain)
        if keys:
            kept = [{"selector": key.selector, "private_key": key.private_key} for key in keys]
            _replace(place, json.dumps(kept, indent=2))
        else:
            place.unlink(missing_ok=True)

    def _place(self, scope: Scope, domain: str) -> Path:
        return self._folder / str(scope) / f"{domain}.json"


def _replace(place: Path, text: str) -> None:
    for folder in (place.parents[1], place.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, place)
    listing = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(listing)
    finally:
        os.close(listing)
