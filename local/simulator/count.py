"""Counts an outbox without knowing anything of Baton: `python count.py DIR`. Standard library only, on purpose.

Prints JSON: `files` on disk, distinct `messages` (by their Baton-Effect header), those there `twice`, the `people` they
are addressed to, and people who got more than one (`people_twice`)."""

from __future__ import annotations

import json
import sys
from collections import Counter
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path


def count(folder: Path) -> dict[str, int]:
    """Read the header of every .eml file below the folder."""
    keys, people = Counter[str](), Counter[str]()
    for path in folder.rglob("*.eml"):
        with path.open("rb") as file:
            header = BytesHeaderParser(policy=default).parse(file)
        keys[str(header["Baton-Effect"])] += 1
        people[header["To"].addresses[0].addr_spec.casefold()] += 1
    return {
        "files": keys.total(),
        "messages": len(keys),
        "twice": sum(times > 1 for times in keys.values()),
        "people": len(people),
        "people_twice": sum(times > 1 for times in people.values()),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(count(Path(sys.argv[1]))) + "\n")
