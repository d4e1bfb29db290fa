"""A contact import from file to book beside its floor: the csv module and one SQLite upsert a row, nothing checked, no
history, one commit. `python -m benchmarks.contacts [--rows N]` prints one JSON line a case; times are wall seconds."""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from benchmarks.sample_contacts import HEADINGS, SAMPLE_SEED, file_of, rows
from tests.integration.contacts.home import bring_in, home


def ours(folder: Path, data: bytes) -> dict[str, float]:
    """The first import, and the same file again, which changes nothing."""
    with home(folder) as ports:
        begin = perf_counter()
        done = bring_in(ports, data)
        first = perf_counter()
        again = bring_in(ports, data)
        end = perf_counter()
    if (done.status, again.created, again.updated) != ("completed", 0, 0):
        raise RuntimeError(f"the import went wrong: {done!r}, {again!r}")
    return {"seconds": first - begin, "again_seconds": end - first, "created": done.created, "merged": done.merged}


def floor(folder: Path, data: bytes) -> dict[str, float]:
    """The least that could be called an import."""
    begin = perf_counter()
    columns = ", ".join(f"c{n}" for n in range(len(HEADINGS)))
    with closing(sqlite3.connect(folder / "floor.db")) as connection, connection:
        connection.execute(f"CREATE TABLE people (address TEXT PRIMARY KEY, {columns})")
        connection.executemany(
            f"INSERT INTO people VALUES (?{', ?' * len(HEADINGS)}) ON CONFLICT DO UPDATE SET c1 = excluded.c1",
            (
                [row[0].strip().lower(), *row]
                for row in csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=";")
                if len(row) == len(HEADINGS)
            ),
        )
    return {"seconds": perf_counter() - begin}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    count = parser.parse_args().rows
    data = file_of(rows(SAMPLE_SEED, count))
    cases: dict[str, Callable[[Path, bytes], dict[str, float]]] = {"floor": floor, "baton": ours}
    seconds: dict[str, float] = {}
    for name, case in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            result = case(Path(folder), data)
        seconds[name] = result["seconds"]
        shown = {key: round(value, 2) for key, value in result.items()}
        print(json.dumps({"case": name, "rows": count, "megabytes": round(len(data) / 1e6, 1), **shown}))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else 1024**2)
    ratio = round(seconds["baton"] / seconds["floor"], 1)
    print(
        json.dumps({"rows_per_second": round(count / seconds["baton"]), "times_floor": ratio, "peak_megabytes": peak})
    )


if __name__ == "__main__":
    main()
