"""A process that generates a campaign and is killed, as `kill -9` does it, at the n-th write of a kind of document.

`python -m tests.integration.generate.killed HOME MODEL_URL KIND N [before|after]`"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared.agents.generate import run
from shared.domain.scope import Scope
from shared.ports import Body, Write
from tests.integration.generate.home import ORDER, opened


class Mortal:
    """The real documents, until the moment of the kill."""

    def __init__(self, documents: Any, kind: str, left: int, after: bool) -> None:
        self._documents, self._kind, self._left, self._after = documents, kind, left, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Any:
        return self.batch(scope, kind, [Write(id, body, if_match)])[0]

    def batch(self, scope: Scope, kind: str, *rest: Any) -> Any:
        self._left -= kind == self._kind
        fatal = kind == self._kind and self._left == 0
        if fatal and not self._after:
            os.kill(os.getpid(), signal.SIGKILL)
        stored = self._documents.batch(scope, kind, *rest)
        if fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return stored


def main() -> None:
    home, url, kind, n, when = sys.argv[1:]
    with opened(Path(home), url) as ports:
        mortal: Any = Mortal(ports.documents, kind, int(n), when == "after")
        run(replace(ports, documents=mortal), dict(ORDER))


if __name__ == "__main__":
    main()
