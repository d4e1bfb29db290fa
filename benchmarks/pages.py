"""How long a page takes in a house that has been lived in: 100,000 contacts and 200 campaigns, sent.

`python -m benchmarks.pages [--people 100000] [--campaigns 200] [--rounds 40]`. Every page that links lead to is fetched
from the real host so many times, all pages in turn, over one connection; what is reported is the time to the last byte
in ms (median and 95th percentile), beside the floor of the same run: `/api/v1/health`, which reads nothing. One JSON
line a page, slowest first, and a last one for all. The goal: 100 ms at the 95th percentile on each page."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from tests.e2e.campaign.baton import CSV, Baton
from tests.e2e.host.process import wait_for
from tests.e2e.pages.rooms import reached

FLOOR = "/api/v1/health"
_AT_ONCE = 10
"""Campaigns that are written and sent at a time."""


def _settled(baton: Baton, people: int, campaigns: int) -> str:
    """Fills the house; the id of one campaign."""
    rows = "".join(f"user{n}@people.example,User{n},UTC,yes,part{n % campaigns}\n" for n in range(people))
    head = CSV.replace("consent", "consent,tags")
    accepted = baton.ask("POST", "contacts/imports", content=head + rows, headers={"Content-Type": "text/csv"})
    baton.imported(str(accepted["id"]), seconds=1800)
    id = ""
    for first in range(0, campaigns, _AT_ONCE):
        some = range(first, min(first + _AT_ONCE, campaigns))
        made = [baton.create(name=f"Campaign {n}", segment={"where": [_part(n)]}, undo_minutes=0) for n in some]
        for id in made:
            baton.approve(id, seconds=300)
        for id in made:
            wait_for(lambda id=id: _all_sent(baton, id), 600, every=0.2)
    return id


def _part(n: int) -> dict[str, str]:
    return {"field": "tags", "op": "has", "value": f"part{n}"}


def _all_sent(baton: Baton, id: str) -> bool | None:
    tally = baton.campaign(id).get("tally", {})
    return (bool(tally.get("accepted")) and not tally.get("planned")) or None


def _signed_in(baton: Baton) -> httpx2.Client:
    assert baton.host
    client = httpx2.Client(base_url=baton.host.http.base_url, timeout=60, follow_redirects=True)
    client.get(baton.ask("POST", "sign-in-links")["url"]).raise_for_status()
    return client


def _measured(client: httpx2.Client, paths: list[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each path, all paths in turn: whatever disturbs one round disturbs them all."""
    took: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(rounds):
        for path in paths:
            begun = time.perf_counter()
            client.get(path)
            took[path].append((time.perf_counter() - begun) * 1000)
    return took


def _lines(rows: dict[str, str], took: dict[str, list[float]]) -> Iterator[dict[str, object]]:
    floor = statistics.median(took[FLOOR])
    found = [(statistics.quantiles(took[path], n=20)[-1], row, path) for row, path in rows.items()]
    for p95, row, path in sorted(found, reverse=True):
        middle = statistics.median(took[path])
        yield {"page": row, "median_ms": round(middle, 1), "p95_ms": round(p95, 1), "x_floor": round(middle / floor, 1)}
    slow = sum(p95 > 100 for p95, _, _ in found)
    yield {"benchmark": "pages", "pages": len(found), "above_100_ms": slow, "floor_ms": round(floor, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--campaigns", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        baton = Baton(Path(folder)).start()
        id = _settled(baton, asked.people, asked.campaigns)
        assert baton.host
        baton.host.set_clock(mode="hold")  # days would go by between two pages
        client = _signed_in(baton)
        own = (f"/campaigns/{id}", f"/campaigns/{id}/recipients", "/explain?address=user1@people.example")
        rows = reached(lambda path: client.get(path).text, ("/", *own, "/contacts?email=user77"))
        for line in _lines(rows, _measured(client, [FLOOR, *rows.values()], asked.rounds)):
            print(json.dumps(line), flush=True)
        baton.kill()


if __name__ == "__main__":
    main()
