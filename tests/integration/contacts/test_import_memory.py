"""What a list needs of memory does not grow with its rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHILD = """
import resource, sys
from pathlib import Path
from shared.agents.contacts import accept_import, run
from tests.integration.contacts.home import SCOPE, home
rows = int(sys.argv[2])
with home(Path(sys.argv[1])) as ports:
    data = b"email,city,consent\\n" + b"".join(b"p%d@x.example,Ulm,yes\\n" % n for n in range(rows))
    made = accept_import(ports, SCOPE, "test", data, "text/csv", dry_run=True)
    order = {"scope": list(SCOPE), "import": made.id}
    assert run(ports, {**order, "op": "split"}).data["batches"] == rows // 1000
    run(ports, {**order, "op": "batch", "batch": 0})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
MOST = 25
"""MB: the file itself, runs of lines that are sorted at a time, and what Python keeps."""


@pytest.mark.nightly
def test_ten_times_the_rows_need_no_more_memory(tmp_path: Path) -> None:
    few, many = (_peak(tmp_path / str(rows), rows) for rows in (8_000, 80_000))
    assert many - few < MOST


def _peak(folder: Path, rows: int) -> int:
    """MB."""
    command = [sys.executable, "-c", CHILD, str(folder), str(rows)]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
