"""The host's log: to stderr and, if asked, to a file that stays small."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_MOST = 5_000_000  # bytes of a file; then it is put aside, and the oldest goes
_KEPT = 4  # files that were put aside
_FORM = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def start_log(level: str, file: Path | None) -> None:
    """What is logged from now on is written; the app's own lines, too."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file is not None:
        handlers.append(rotating(file))
    logging.basicConfig(handlers=handlers, level=level, format=_FORM)
    # These tell each of their steps at the level of an app's own messages.
    for talkative in ("azure", "uvicorn"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def rotating(file: Path, most: int = _MOST, kept: int = _KEPT) -> logging.Handler:
    """Writes to `file`; at `most` bytes it becomes `file.1`, that `file.2`, up to `kept` of them."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return RotatingFileHandler(file, maxBytes=most, backupCount=kept, encoding="utf-8", errors="replace")
