"""The agency at work, through the public surface only: requests, the inbox of approvals, and what its clients open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.e2e.campaign.baton import Baton
from tests.e2e.cli.command import baton
from tests.e2e.host.process import wait_for
from tests.servers.stripe_server import signature

from .world import Mail, World


class Desk:
    """The agency at work. What it has come to know stands in its fields."""

    def __init__(self, baton: Baton, world: World) -> None:
        self.baton, self.world = baton, world
        self.lead = self.contact = self.deal = self.proposal = self.contract = self.plan = self.invoice = ""
        self.mails: dict[str, str] = {}

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        return self.baton.ask(method, path, json, **options)

    def once(self, path: str, json: Any, key: str) -> Any:
        """A POST that was sent twice, as programs do that got no answer."""
        options = {"headers": {"Idempotency-Key": key}}
        first, second = (self.ask("POST", path, json, **options) for _ in range(2))
        assert first == second
        return second

    def until(self, path: str, **wanted: object) -> dict[str, Any]:
        """What is there, as soon as its fields are so; virtual minutes pass meanwhile, as flows may wait for them."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.ask("GET", path)
            assert found.get("status") != "failed", found
            return found if all(found[name] == value for name, value in wanted.items()) else None

        return self.reached(look)

    def reached(self, look: Callable[[], Any]) -> Any:
        """As soon as `look` finds something, while minutes pass."""

        def looked() -> Any:
            found = look()
            if found is None:
                self.later(minutes=1)
            return found

        return wait_for(looked, 90, 0.2)

    def now(self) -> datetime:
        """By the virtual clock."""
        assert self.baton.host
        return datetime.fromisoformat(self.baton.host.clock()["now"])

    def later(self, minutes: int) -> None:
        """So much virtual time passes, with everything that happens in it."""
        assert self.baton.host
        host, until = self.baton.host, self.now() + timedelta(minutes=minutes)
        host.set_clock(mode="run", until=until.isoformat())
        wait_for(lambda: host.clock()["mode"] == "hold" or None, 90)

    def page(self, method: str, link: str, form: dict[str, str] | None = None) -> Any:
        """As the client opens it in a browser."""
        assert self.baton.host
        origin = str(self.baton.host.http.base_url)
        return self.baton.host.http.request(method, link, data=form, headers={"Origin": origin} if form else {})

    def opened(self, path: str) -> Any:
        """A page, as somebody who works here opens it."""
        assert self.baton.host
        return self.baton.host.http.get(path, headers={"Authorization": f"Bearer {self.baton.token}"})

    def said(self, *command: str) -> str:
        """What `baton` prints."""
        assert self.baton.host
        url = str(self.baton.host.http.base_url)
        ran = baton(*command, "--url", url, "--token", self.baton.token)
        assert ran.code == 0, ran.err
        return ran.out

    def arrived(self, subject: str) -> Mail:
        """The one mail of this subject."""
        found = self.reached(lambda: [each for each in self.world.post.mails() if subject in each.subject] or None)
        assert len(found) == 1, found
        return Mail(*found[0])

    def left_once(self, mail: str) -> None:
        """One mail of the sequence is on record as having left."""
        path = f"campaigns/{self.mails[mail]}/certificate"
        proof = self.reached(lambda: found if (found := self.ask("GET", path))["sent_once"] else None)
        assert (proof["sent_once"], proof["sent_twice"], proof["unknown"]) == (1, 0, 0), proof

    def thread(self) -> list[dict[str, Any]]:
        """Everything that happened in the deal, the newest first."""
        found: list[dict[str, Any]] = self.ask("GET", f"deals/{self.deal}/timeline")["items"]
        return found

    def noticed(self, body: bytes) -> None:
        """Stripe tells of a payment, signed now."""
        address = self.ask("GET", "billing/notices")["address"].partition("/api/v1/")[2]
        self.ask("POST", address, content=body, headers={"stripe-signature": signature(body, self.now())})

    def approve(self, subject: str) -> None:
        """In the inbox."""
        asked = next(each for each in self.ask("GET", "approvals?limit=100")["items"] if each["subject"] == subject)
        self.ask("POST", f"approvals/{subject}", {"decision": "approve", "digest": asked["digest"]})
