"""Plans as many people as the first argument says over seven days; prints the distributions and the memory it took."""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shared.agents.schedule.plan import Member, Terms, plan
from shared.agents.schedule.planning import split
from shared.domain.scope import Scope

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney",
    "Asia/Kolkata", "America/Sao_Paulo", "Africa/Lagos", "Asia/Singapore", "America/Chicago", None,
)  # fmt: skip
TERMS = Terms(
    scope=Scope("local", "main"),
    campaign="c" * 32,
    channel="email",
    start=datetime(2027, 3, 2, 9, 7, tzinfo=UTC),
    days=7,
    hours=(9, 18),
    variants=2,
    holdout=0.1,
    rate=100,
    most=None,
    default_zone=ZoneInfo("Europe/Berlin"),
)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    people, before = int(sys.argv[1]), _megabytes()
    dues: dict[int, datetime] = {}
    audience = (Member(f"p{n:023}", f"{n:032}", ZONES[n % len(ZONES)], True) for n in range(people))
    for line in plan(TERMS, audience):
        dues.setdefault(line.shard, line.row.due)
    grown = _megabytes() - before
    distributions = split(sorted((due, shard) for shard, due in dues.items()))
    print(json.dumps({"distributions": distributions, "grown_mb": round(grown, 1)}))


if __name__ == "__main__":
    main()
