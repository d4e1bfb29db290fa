"""What is true at the end of the story, however often the host was killed on the way."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from html import unescape
from typing import Any

from .desk import Desk

Facts = dict[str, Any]


def facts(desk: Desk) -> Facts:
    """Without ids and times. Fails where two places that say the same do not."""
    deal = desk.ask("GET", f"deals/{desk.deal}")
    mails = Counter((each.to, each.subject) for each in desk.world.post.mails())
    proposal = desk.ask("GET", f"proposals/{desk.proposal}")
    return {
        "deals": [each["name"] for each in desk.ask("GET", "deals")["items"]],
        "history": [(each["from"], each["to"], each["by"].partition(":")[0]) for each in deal["history"]],
        "mails": dict(mails),
        "sequence": {name: _left(desk, id) for name, id in desk.mails.items()},
        "leads": sorted((each["name"], each["stage"]) for each in desk.ask("GET", "leads")["items"]),
        "contacts": [each["email"] for each in desk.ask("GET", "contacts")["items"]],
        "proposal": (proposal["status"], proposal["version"], [each["mail"] for each in proposal["sendings"]]),
        "money": _money(desk),
        "thread": thread(desk),
    }


def thread(desk: Desk) -> list[tuple[str, str]]:
    """The one thread of the deal, oldest first, as the page and the command show it; each document opens."""
    entries = desk.thread()[::-1]
    assert [each["at"] for each in entries] == sorted(each["at"] for each in entries)
    titles = [each["title"] for each in entries]
    page, told = desk.opened(f"/deals/{desk.deal}").text, desk.said("deal", "thread", desk.deal, "--json")
    shown = [unescape(each) for each in re.findall(r"<li><span><b>(?:<a[^>]*>)?([^<]*)", page)]
    assert shown == titles[::-1]
    assert [each["title"] for each in json.loads(told)["items"]] == titles[::-1]
    for href in {each["href"] for each in entries if each["href"]}:
        assert desk.opened(href).status_code == 200, href
    return [(each["what"], re.sub(r" \([0-9a-f]{6}\)", "", each["title"])) for each in entries]


def scores(desk: Desk) -> dict[str, Any]:
    """Of every lead, with each factor."""
    return {each["id"]: {**each["score"], "at": ""} for each in desk.ask("GET", "leads")["items"]}


def _left(desk: Desk, mail: str) -> tuple[int, int]:
    proof = desk.ask("GET", f"campaigns/{mail}/certificate")
    return proof["sent_once"], proof["sent_twice"] + proof["unknown"]


def _money(desk: Desk) -> dict[str, Any]:
    """Accepted, signed, billed, paid: contract, plan, invoices, payments and the page of money say the same."""
    agreed = desk.ask("GET", f"proposals/{desk.proposal}/agreed")["lines"]
    [contract] = desk.ask("GET", "contracts")["items"]
    signed = desk.ask("GET", f"contracts/{contract['id']}")["content"]["lines"]
    [plan] = desk.ask("GET", "invoice-plans")["items"]
    invoices, payments = desk.ask("GET", "invoices")["items"], desk.ask("GET", "payments")["items"]
    [total] = desk.ask("GET", "money")["total"]
    assert signed == agreed
    assert _net(agreed) == sum(_net(each["lines"]) for each in plan["instalments"])
    assert _sum(each["totals"]["gross"] for each in invoices) == Decimal(total["sums"]["invoiced"])
    assert _sum(each["totals"]["net"] for each in invoices) == Decimal(total["net"])
    assert _sum(each["paid"] for each in invoices) == Decimal(total["sums"]["paid"])
    assert _sum(each["amount"] for each in payments) == Decimal(total["sums"]["paid"])
    return {
        "contract": (contract["status"], [each["mail"] for each in contract["sendings"]]),
        "signatures": [(each["role"], each["name"]) for each in contract["signatures"]],
        "net": str(_net(agreed)),
        "invoices": [(each["invoice"]["number"], each["invoice"]["mail"], each["standing"]) for each in invoices],
        "payments": [(each["amount"], each["state"]) for each in payments],
        "sums": {name: total["sums"][name] for name in ("signed", "invoiced", "paid", "open")},
        "links": len(desk.world.stripe.links),
    }


def _net(lines: list[dict[str, Any]]) -> Decimal:
    return _sum(Decimal(each["quantity"]) * Decimal(each["unit_net"]) for each in lines)


def _sum(amounts: Any) -> Decimal:
    return sum(map(Decimal, amounts), Decimal(0))
