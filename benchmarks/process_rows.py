"""A file of rows through read → transform → output beside its floors: DuckDB alone, and the csv module with the same
conversions and nothing else. Each case in a process of its own, for its peak of memory. Prints one JSON line a case;
times are wall seconds, memory is the peak resident set. `python -m benchmarks.process_rows [--rows N …]`"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

ROWS = (200_000, 2_000_000)
COLUMNS: list[dict[str, Any]] = [
    {"name": "case", "required": True, "pattern": "C-[0-9]{7}"},
    {"name": "filed", "type": "date", "least": "1990-01-01"},
    {"name": "kind", "choices": ["tort", "contract", "property"]},
    {"name": "amount", "type": "decimal", "places": 2, "least": 0},
    {"name": "court", "type": "integer"},
    {"name": "remark"},
]
_EVERY = 1000
"""One row in so many is bad."""


def write_sample(path: Path, rows: int) -> None:
    """Cases, the same each time; `amount` of every thousandth is none."""
    numbers, first = random.Random(7), date(1995, 1, 1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([each["name"] for each in COLUMNS])
        for n in range(rows):
            filed = first + timedelta(days=numbers.randrange(11_000))
            amount = "none" if n % _EVERY == _EVERY - 1 else f"{numbers.randrange(10_000_000) / 100:.2f}"
            kind = ("tort", "contract", "property")[n % 3]
            writer.writerow([f"C-{n:07}", filed, kind, amount, numbers.randrange(40), "as it came, unchanged"])


def through_steps(folder: Path, source: Path) -> int:
    """As a process does it: three steps, each handing a kept file to the next."""
    from tests.integration.process.real_desk import RealDesk, room

    with room(folder) as here:
        desk = RealDesk(here.ports, source.parent)
        read = here.do("read", {"file": desk.keep(source).model_dump(), "columns": COLUMNS}).outputs
        if read["quarantined"] != read["received"] // _EVERY:
            raise RuntimeError(f"{read['quarantined']} of {read['received']} rows in quarantine")
        steps = [{"filter": "kind <> 'property'"}, {"map": {"gross": "amount * 2", "year": "year(filed)"}}]
        made = here.do("transform", {"rows": read["rows"], "do": steps}).outputs
        out = here.do("output", {"rows": made["rows"]}).outputs
        return int(out["count"])


def in_duckdb(folder: Path, source: Path) -> int:
    """One statement; types by guessing, what is wrong becomes null."""
    import duckdb

    duckdb.execute("SET threads = 1")
    done = duckdb.execute(
        f"COPY (SELECT *, try_cast(amount AS DECIMAL(38,2)) * 2 AS gross, year(filed) AS year "
        f"FROM read_csv('{source}') WHERE kind <> 'property') TO '{folder / 'out.csv'}'"
    ).fetchone()
    return int(done[0]) if done else 0


def by_hand(folder: Path, source: Path) -> int:
    """The least that could be called this work, row by row."""
    count = 0
    with source.open(newline="") as file, (folder / "out.csv").open("w", newline="") as out:
        writer = csv.writer(out)
        for row in csv.DictReader(file):
            try:
                filed, cents = date.fromisoformat(row["filed"]), round(float(row["amount"]) * 100)
            except ValueError:
                continue
            if row["kind"] != "property":
                writer.writerow([*row.values(), cents * 2 / 100, filed.year])
                count += 1
    return count


CASES: dict[str, Callable[[Path, Path], int]] = {"baton": through_steps, "duckdb": in_duckdb, "csv module": by_hand}


def measure(case: str, source: Path) -> dict[str, float]:
    """In this process."""
    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        rows = CASES[case](Path(folder), source)
        seconds = perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return {"rows_out": rows, "seconds": round(seconds, 2), "peak_megabytes": round(peak)}


def measured(case: str, source: Path) -> dict[str, float]:
    """In a process of its own."""
    command = [sys.executable, "-m", "benchmarks.process_rows", "--measure", case, "--source", str(source)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    parser.add_argument("--measure", choices=CASES)
    parser.add_argument("--source", type=Path)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.source)))
        return
    for rows in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "cases.csv"
            write_sample(source, rows)
            seconds = {}
            for case in CASES:
                found = measured(case, source)
                seconds[case] = found["seconds"]
                shown = {"rows_per_second": round(rows / found["seconds"]), **found}
                print(json.dumps({"case": case, "rows": rows, **shown}), flush=True)
            ratios = {f"times_{each}": round(seconds["baton"] / seconds[each], 1) for each in CASES if each != "baton"}
            print(json.dumps({"rows": rows, **ratios}), flush=True)


if __name__ == "__main__":
    main()
