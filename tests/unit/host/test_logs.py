"""The log's file stays small, whatever is logged."""

from __future__ import annotations

import logging
from pathlib import Path

from local.host.logs import rotating


def test_the_newest_lines_are_kept_and_no_more_than_so_many_files(tmp_path: Path) -> None:
    handler = rotating(tmp_path / "logs" / "host.log", most=1000, kept=2)
    for number in range(500):
        handler.emit(logging.LogRecord("local.host", logging.INFO, "", 0, f"line {number:03}", (), None))
    handler.close()
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["host.log", "host.log.1", "host.log.2"]
    assert all(file.stat().st_size <= 1000 for file in files)
    lines = [line for file in reversed(files) for line in file.read_text("utf-8").splitlines()]
    assert lines == [f"line {number:03}" for number in range(500 - len(lines), 500)]
