"""Leads: companies of a list are looked at on loopback sites, weighed and stored; memory stays flat, and the rate
stands beside the bare fetch of the same pages in the same run.

    python -m benchmarks.leads [--leads 10000] [--pasted 50]

The sites are served by another process. Pauses between requests are those of a virtual clock: none. `--pasted`: so many
sites, each of which takes half a second for an answer, through the real host and `baton lead score -`, with all pauses.
One JSON line each."""

from __future__ import annotations

import argparse
import json
import os
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from shared.adapters.sources.sites import HttpSites
from shared.domain.dns import RecordType, Unanswered
from shared.domain.lead_list import BATCH
from shared.domain.scope import Scope
from shared.ports import Ports
from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import ROOT, wait_for

SCOPE = Scope("local", "main")
AT_ONCE = 16
_BARE = 1_000
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


_SLOW = """
import sys, time
from tests.servers.web import CONTACT, GOOD, POOR, Web
class Slow(Web):
    def work(self, asked):
        time.sleep(0.5)
        return super().work(asked)
servers = [Slow().__enter__() for _ in range({many})]
for n, server in enumerate(servers):
    server.sites["127.0.0.1"] = {{"/": GOOD, "/contact": CONTACT}} if n % 2 else {{"/": POOR}}
print(*[server.port for server in servers], flush=True)
sys.stdin.read()
for server in servers:
    server.stop()
"""


class Nobody:
    """A name server that is not there: DNS is not what is measured."""

    def lookup(self, name: str, kind: RecordType) -> Sequence[str]:
        raise Unanswered("nobody was asked")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--leads", type=int, default=10_000)
    reader.add_argument("--pasted", type=int, default=50)
    asked = reader.parse_args()
    if asked.leads:
        _enriched(asked.leads)
    if asked.pasted:
        _pasted(asked.pasted)


def _enriched(leads: int) -> None:
    with _served(_SERVER) as line, tempfile.TemporaryDirectory() as folder:
        port = int(line)
        sites = [f"http://c{n}.example:{port}" for n in range(leads)]
        bare = _rate(sites[:_BARE], lambda: _bare(sites[:_BARE], port))
        peaks: dict[int, int] = {}
        rate = _rate(sites, lambda: _whole(Path(folder), sites, port, peaks))
        bare = max(bare, _rate(sites[:_BARE], lambda: _bare(sites[:_BARE], port)))
        print(json.dumps({
            "benchmark": "leads", "leads": leads, "leads_per_second": round(rate, 1),
            "bare_per_second": round(bare, 1), "share_of_bare": round(rate / bare, 2), "peak_mb_after_leads": peaks,
        }), flush=True)  # fmt: skip


def _pasted(many: int) -> None:
    """From the paste to the scored list, as who types it sees it: the command, the host, real pauses."""
    with _served(_SLOW.format(many=many)) as line, tempfile.TemporaryDirectory() as folder:
        ports = line.split()
        text = "\n".join(f"http://127.0.0.1:{port}" for port in ports)
        baton = Baton(Path(folder), "--clock", "real", BATON_WEBHOOK_ALLOW=" ".join(f"127.0.0.1:{p}" for p in ports))
        baton.start()
        assert baton.host
        wait_for(lambda: (baton.home / "owner.token").exists() or None, 30)
        command = [
            sys.executable,
            "-m",
            "local.cli",
            "lead",
            "score",
            "-",
            "--json",
            "--url",
            str(baton.host.http.base_url),
            "--home",
            str(baton.home),
        ]
        begun = time.perf_counter()
        said = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT)
        seconds = time.perf_counter() - begun
        found = json.loads(said.stdout)["items"]
        baton.kill()
        assert len([each for each in found if each["score"]["reason"]]) == many, said.stdout
        print(json.dumps({"benchmark": "leads-pasted", "sites": many, "seconds": round(seconds, 1)}), flush=True)


@contextmanager
def _served(program: str) -> Iterator[str]:
    """The first line that the server says."""
    server = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    assert server.stdin
    try:
        yield server.stdout.readline()
    finally:
        server.stdin.close()
        server.wait(20)


def _rate(sites: Sequence[str], work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return len(sites) / (time.perf_counter() - begun)


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


def _whole(folder: Path, sites: Sequence[str], port: int, peaks: dict[int, int]) -> None:
    """A list as the flow carries it on; the peak of memory is written down after every tenth of it."""
    from shared.agents.qualify import lists

    ports = _ports(folder, port)
    made = lists.take(ports, SCOPE, "bench", "\n".join(sites).encode(), "bench", "bench")
    order = {"scope": list(SCOPE), "list": made.id}
    assert made.batches
    tenth = max(1, made.batches // 10)
    while (now := lists.get(ports, SCOPE, made.id)).status == "running":
        lists.run(ports, order)
        if (now.done + 1) % tenth == 0:
            peaks[min(len(sites), (now.done + 1) * BATCH)] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert now.scored == len(sites), now


def _ports(folder: Path, port: int) -> Ports:
    from shared import wiring

    clock = folder / "clock"
    clock.write_bytes((int(datetime.now(UTC).timestamp()) * 10**9).to_bytes(8, "little", signed=True))
    os.environ.update(BATON_HOME=str(folder / "home"), HOST_CLOCK=str(clock))
    ports = wiring.ports()
    sites = HttpSites(ports.clock, [("127.0.0.1", port)], resolve=lambda host, _: ["127.0.0.1"])
    return replace(ports, sites=sites, resolver=Nobody())


if __name__ == "__main__":
    main()
