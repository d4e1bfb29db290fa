"""A list of companies whose host is killed in the midst of it: the same leads, and no page is asked for more often than
a batch is begun."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest

from shared.domain.lead_list import BATCH
from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for
from tests.servers.provider import Asked, Reply, Twist
from tests.servers.web import CONTACT, GOOD, POOR, Web

MANY = BATCH + 6


class Gated(Web):
    """Says nothing after so many questions until it is let go on."""

    def __init__(self, most: int) -> None:
        super().__init__(address="0.0.0.0")  # every address of the loopback is a host of its own
        self.most, self.goes_on = most, threading.Event()

    def work(self, asked: Asked) -> tuple[Reply | None, Twist | None]:
        if len(self.asked) >= self.most:
            self.goes_on.wait(120)
        return super().work(asked)


@pytest.mark.nightly
def test_a_host_that_is_killed_in_the_midst_of_a_list_gives_the_same_leads(tmp_path: Path) -> None:
    with Gated(most=BATCH) as web:
        hosts = [f"127.0.1.{n}" for n in range(1, MANY + 1)]
        for n, host in enumerate(hosts):
            web.site(host, **({"home": GOOD, "contact": CONTACT} if n % 2 else {"home": POOR}))
        allowed = " ".join(f"{host}:{web.port}" for host in hosts)
        baton = Baton(tmp_path, BATON_WEBHOOK_ALLOW=allowed, BATON_DNS_SERVER="127.0.0.1:9").start()
        pasted = "\n".join(f"http://{host}:{web.port}" for host in hosts)
        made = baton.ask("POST", "leads/lists", content=pasted)
        wait_for(lambda: len(web.asked) >= BATCH or None, 60)
        baton.kill()
        before = Counter((each.headers["host"], each.path) for each in web.asked)
        web.goes_on.set()
        baton.start()
        ended = wait_for(lambda: baton._ended(f"leads/lists/{made['id']}", "completed"), 120)
        leads = [*baton.ask("GET", f"leads?list={made['id']}&limit=100")["items"]]
        verified = baton.ask("GET", "leads/verification?limit=100")
        baton.kill()
    assert (ended["received"], ended["scored"], ended["unreached"], ended["problems"]) == (MANY, MANY, 0, [])
    names = Counter(each["name"] for each in leads)
    assert names.pop("Halm Dental") == MANY // 2
    assert set(names.values()) == {1}
    assert (verified["scored"], verified["differing"]) == (MANY, [])
    after = Counter((each.headers["host"], each.path) for each in web.asked)
    begun = {host for host, _ in before}
    assert len(begun) <= BATCH
    assert max(after.values()) <= 2
