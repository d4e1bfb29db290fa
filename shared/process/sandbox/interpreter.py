"""The Python that the sandbox runs with."""

from __future__ import annotations

import sys
from pathlib import Path


def interpreter() -> str:
    """Outside of any virtual environment, whose packages are not the program's."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(base) if base.exists() else sys.executable
