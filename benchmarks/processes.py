"""Declared processes, part by part: `python -m benchmarks.processes [PART …] [-- options of the part]`."""

from __future__ import annotations

import subprocess
import sys

PARTS = {"rows": "process_rows", "validate": "process_validate", "run": "process_run"}


def main() -> None:
    given = sys.argv[1:]
    options = given[given.index("--") + 1 :] if "--" in given else []
    for part in [each for each in given[: len(given) - len(options)] if each in PARTS] or PARTS:
        print(f"── {part}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{PARTS[part]}", *options], check=True)


if __name__ == "__main__":
    main()
