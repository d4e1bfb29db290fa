"""Memory does not grow with the rows."""

from __future__ import annotations

from pathlib import Path

from benchmarks.process_rows import measured, write_sample


def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    """What DuckDB and Python take at once is most of it; a table held in memory would be a multiple of that."""
    peaks = {}
    for rows in (5_000, 50_000):
        source = tmp_path / f"{rows}" / "cases.csv"
        source.parent.mkdir()
        write_sample(source, rows)
        peaks[rows] = measured("baton", source)["peak_megabytes"]
    assert peaks[50_000] < 1.3 * peaks[5_000]
