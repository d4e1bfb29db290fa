"""How strong the sandbox of this machine is. Probed once, by trying."""

from __future__ import annotations

import shutil
import subprocess
from enum import IntEnum
from functools import cache

from shared.process.sandbox import cgroup


class Level(IntEnum):
    """The rungs of trust.md 4.5 that one machine can reach. Below `APART` nothing keeps a script from the network or
    from files that anybody on the machine may read: it protects against accidents, not against malice."""

    LIMITED = 1
    APART = 2
    COUNTED = 3

    @property
    def means(self) -> str:
        """In one sentence, for whoever looks at a run."""
        return {
            Level.LIMITED: "limits, a clean environment, another user if possible; network and readable files are open",
            Level.APART: "bubblewrap: no network, read-only root, a private /tmp, processes of its own",
            Level.COUNTED: "bubblewrap, and a cgroup that counts processes and memory of all of them together",
        }[self]


@cache
def reached() -> Level:
    """What this machine can do."""
    if not _bubblewrap_works():
        return Level.LIMITED
    return Level.COUNTED if cgroup.writable() else Level.APART


def _bubblewrap_works() -> bool:
    """It may be installed and still be forbidden to make namespaces."""
    found = shutil.which("bwrap")
    if not found:
        return False
    tried = [found, "--ro-bind", "/", "/", "--unshare-pid", "--unshare-net", "--die-with-parent", "true"]
    try:
        return subprocess.run(tried, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
