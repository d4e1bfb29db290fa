"""Any module can be the first that a process imports: the app resolves a handler at its first call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
ALONE = """
import importlib, sys
for name in sys.stdin.read().split():
    for known in [each for each in sys.modules if each.partition(".")[0] in ("shared", "functions")]:
        del sys.modules[known]
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(name, error)
"""


def test_every_agent_and_every_handler_can_be_imported_first() -> None:
    places = [*(ROOT / "shared" / "agents").rglob("*.py"), *(ROOT / "functions" / "http" / "handlers").glob("*.py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in places]
    command = [sys.executable, "-c", ALONE]
    ran = subprocess.run(command, input="\n".join(names), capture_output=True, text=True, cwd=ROOT)
    assert (ran.stdout, ran.returncode) == ("", 0), ran.stdout + ran.stderr
