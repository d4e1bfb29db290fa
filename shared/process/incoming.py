"""Files that a run is to be given."""

from __future__ import annotations

import hashlib
import re

from shared.domain.faults import FieldError, Rejected
from shared.domain.run import RunFile
from shared.domain.scope import Scope
from shared.ports import Ports

NAME = r"^[^/\\:\x00-\x1f\x7f]+$"
LONGEST_NAME = 150


def take_in(ports: Ports, scope: Scope, name: str, data: bytes) -> RunFile:
    """Keep it; what comes back is the value of an input of the type `file`. Raises Rejected for what is no name."""
    if name in (".", "..") or len(name) > LONGEST_NAME or not re.fullmatch(NAME, name):
        raise Rejected(FieldError("name", f"must be a name without a path, of at most {LONGEST_NAME} characters"))
    digest = hashlib.sha256(data).hexdigest()
    path = f"runs/incoming/{ports.clock.now().date()}/{digest}/{name}"
    ports.files.put(scope, path, data, only_new=True)
    return RunFile(file=path, name=name, bytes=len(data), sha256=digest)
