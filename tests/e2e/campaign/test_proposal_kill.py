"""SIGKILL around the mail of a proposal: it leaves once, and is called sent only when somebody knows that it left."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx2

from shared.domain.offer_examples import EXAMPLE
from tests.e2e.host.process import wait_for
from tests.servers.smtp_strict import Manner, strict_server

from .baton import Baton

CLIENT = "slow-reply@praxis.example"
"""The server takes the mail and never says so."""
SENDER = {"name": "Nordlicht", "address": "hallo@nordlicht.example", "postal_address": "Speersort 1, 20095 Hamburg"}


def begun(baton: Baton) -> str:
    """A proposal that waits for approval; its id."""
    baton.ask("PUT", "house", {"sender": SENDER})
    baton.ask("POST", "offers?id=web", content=EXAMPLE)
    deal = baton.ask("POST", "deals", {"name": "Praxis Holm"})["id"]
    chosen = [{"item": "website", "quantity": "6"}]
    body = {
        "deal": deal,
        "to": CLIENT,
        "recipient": {"name": "Maja"},
        "title": "Site",
        "offer": "web",
        "chosen": chosen,
    }
    id = str(baton.ask("POST", "proposals", body)["id"])
    baton.ask("POST", f"proposals/{id}/submit")
    return id


def approve(baton: Baton, id: str) -> Thread:
    """In a thread: whoever approves is cut off."""
    [asked] = baton.ask("GET", "approvals")["items"]

    def work() -> None:
        with suppress(httpx2.HTTPError):
            baton.raw("POST", f"approvals/{id}", json={"decision": "approve", "digest": asked["digest"]})

    made = Thread(target=work)
    made.start()
    return made


def test_killed_around_its_mail_a_proposal_leaves_once_and_is_sent_when_that_is_known(tmp_path: Path) -> None:
    with strict_server(Manner()) as server:
        relay = f"smtp://127.0.0.1:{server.port}"
        baton = Baton(tmp_path, "--clock", "virtual=2027-03-01T09:01:00Z", BATON_SMTP_URL=relay).start()
        assert baton.host
        baton.host.set_clock(mode="hold")
        id = begun(baton)
        cut_off = approve(baton, id)
        wait_for(lambda: server.taken or None, 60)
        baton.kill()
        cut_off.join(60)
        baton.start()
        assert baton.ask("GET", f"proposals/{id}")["status"] == "draft", "nobody knows whether it left"
        baton.host.set_clock(mode="run", until="2027-03-01T09:06:00+00:00")
        held = wait_for(lambda: baton.ask("GET", f"proposals/{id}")["held"] or None, 60)
        found = baton.ask("GET", f"proposals/{id}")
        assert ("whether it did is not known" in held, found["status"], found["sendings"]) == (True, "draft", [])
        assert len(server.taken) == 1, "what is unknown is not sent again"
        link = re.search(rb"http\S+/api/q/\S+", server.taken[0].content.replace(b"=\r\n", b""))
        assert link
        opened = baton.host.http.get(urlsplit(link[0].decode()).path)
        assert (opened.status_code, "2,700.00" in opened.text) == (200, True), "the client has it: so it left"
        after = baton.ask("GET", f"proposals/{id}")
        assert (after["status"], after["held"], [each["mail"] for each in after["sendings"]]) == (
            "sent",
            "",
            ["accepted"],
        )
        assert baton.ask("GET", f"deals/{after['deal']}")["stage"] == "proposed"
        baton.kill()
        assert len(server.taken) == 1
