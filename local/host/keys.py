"""The host's access keys, as Azure Functions has them: one per state directory, made on the first start."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request


class Keys(NamedTuple):
    """`master` opens everything, `functions` the functions of level FUNCTION.

    `durabletask` opens the management API, `servicebus` lets messages be sent.
    """

    master: str
    functions: str
    durabletask: str
    servicebus: str

    def admit(self, request: Request, *accepted: str) -> bool:
        """Whether the request brings the master key or an accepted one, as `code` or in `x-functions-key`."""
        given = request.query_params.get("code") or request.headers.get("x-functions-key") or ""
        return any(hmac.compare_digest(given.encode(), key.encode()) for key in (self.master, *accepted))


def load_keys(state_dir: Path) -> Keys:
    """Read STATE/host.keys.json (mode 0600), writing it first when it is not there."""
    path = state_dir / "host.keys.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    keys = Keys(**{**_fresh()._asdict(), **kept})
    if keys._asdict() != kept:  # a new directory, or one of an older host with fewer keys
        _write_private(path, json.dumps(keys._asdict(), indent=2))
    return keys


def _fresh() -> Keys:
    return Keys(**{name: secrets.token_hex(20) for name in Keys._fields})


def _write_private(path: Path, text: str) -> None:
    # Written beside and renamed: a kill in the middle leaves no half file.
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
