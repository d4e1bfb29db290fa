"""Leads: companies of a list are looked at on loopback sites and scored; memory stays flat, and the rate stands beside
the bare fetch of the same pages.

    python -m benchmarks.leads [COMPANIES]

The sites are served by another process. Pauses between requests are those of a virtual clock: none."""

from __future__ import annotations

import os
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from shared.adapters.sources.sites import HttpSites
from shared.domain.dns import RecordType, Unanswered
from shared.domain.scope import Scope
from shared.ports import Ports

SCOPE = Scope("local", "main")
AT_ONCE = 16
_SERVER = """
import sys, threading
from tests.servers.web import CONTACT, GOOD, POOR, Web
with Web() as web:
    pages = {"/": GOOD, "/contact": CONTACT}
    class Every(dict):
        def get(self, host, default=None):
            return pages if hash(host) % 2 else {"/": POOR}
    web.sites = Every()
    web.asked = type("Forgetful", (list,), {"append": lambda self, one: None})()
    print(web.port, flush=True)
    sys.stdin.read()
"""


class Nobody:
    """A name server that is not there: DNS is not what is measured."""

    def lookup(self, name: str, kind: RecordType) -> Sequence[str]:
        raise Unanswered("nobody was asked")


def main(companies: int = 10_000) -> None:
    server = subprocess.Popen([sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    assert server.stdin
    try:
        port = int(server.stdout.readline())
        sites = [f"http://c{n}.example:{port}" for n in range(companies)]
        _tell("bare fetch of three pages a company", min(companies, 1000), lambda: _bare(sites[:1000], port))
        with tempfile.TemporaryDirectory() as folder:
            _tell("looked at, measured, scored, stored", companies, lambda: _whole(Path(folder), sites, port))
    finally:
        server.stdin.close()
        server.wait(20)


def _tell(what: str, companies: int, work: object) -> None:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    seconds = time.perf_counter() - begun
    print(f"{what}: {companies / seconds:,.0f} companies/s ({companies:,} in {seconds:.1f} s)", flush=True)


def _bare(sites: Sequence[str], port: int) -> None:
    """robots.txt, home and contact page, with the client that the product uses, and nothing else."""
    import httpx2

    trust = ssl.create_default_context()

    def fetch(site: str) -> None:
        host = {"Host": site.removeprefix("http://")}
        for path in ("/robots.txt", "/", "/contact"):
            with httpx2.Client(trust_env=False, verify=trust) as client:
                client.get(f"http://127.0.0.1:{port}{path}", headers=host)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(fetch, sites))


def _whole(folder: Path, sites: Sequence[str], port: int) -> None:
    """A list as the flow carries it on; the peak of memory is told after every tenth of it."""
    from shared.agents.qualify import lists

    ports = _ports(folder, port)
    made = lists.take(ports, SCOPE, "bench", "\n".join(sites).encode(), "bench", "bench")
    order, told = {"scope": list(SCOPE), "list": made.id}, 0
    assert made.batches
    while lists.get(ports, SCOPE, made.id).status == "running":
        lists.run(ports, order)
        done = lists.get(ports, SCOPE, made.id).done
        if done * 10 // made.batches > told:
            told = done * 10 // made.batches
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"  {done * 100 // made.batches} %: peak {peak} MB", flush=True)
    ended = lists.get(ports, SCOPE, made.id)
    assert ended.scored == len(sites), ended


def _ports(folder: Path, port: int) -> Ports:
    from shared import wiring

    clock = folder / "clock"
    clock.write_bytes((int(datetime.now(UTC).timestamp()) * 10**9).to_bytes(8, "little", signed=True))
    os.environ.update(BATON_HOME=str(folder / "home"), HOST_CLOCK=str(clock))
    ports = wiring.ports()
    sites = HttpSites(ports.clock, [("127.0.0.1", port)], resolve=lambda host, _: ["127.0.0.1"])
    return replace(ports, sites=sites, resolver=Nobody())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
