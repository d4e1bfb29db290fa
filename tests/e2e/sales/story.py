"""One engagement from a row of a table to its paid deposit, in chapters.

Each is a generator that stops where the host may be killed: at a plain `yield`, or at a `Within`, while a request is
being answered. Before every stop there is on record whatever is looked for after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from shared.domain.offer_examples import EXAMPLE
from tests.e2e.cli.command import baton
from tests.e2e.host.process import wait_for
from tests.servers.provider import Twist

from .desk import Desk

COMPANIES = """\
"Company name";"Website URL";"Industry";"City";"Country/Region";"Annual revenue";"Contact owner"
"Kern & Co. KG";"http://127.0.0.1:{kern}/";"Legal";"Hamburg";"DE";"410000";"Nora"
"Halm Dental Ltd";"http://127.0.0.1:{halm}/";"Dentist";"Leeds";"GB";"1200000";"Nora"
"Umbra Roofing";"http://127.0.0.1:9/";"Roofer";"York";"GB";"";"Nora"
"";"";"Bakery";"York";"GB";"";"Nora"
"HALM DENTAL LTD.";"http://127.0.0.1:{halm}";"Dentist";"Leeds";"GB";"";"Nora"
"""
SEQUENCE = """
journey: websites
title: Websites for practices
enter: {event: outreach-websites}
stop_on: [reply, booking, opt_out]
sender: {name: Nordlicht, address: hallo@nordlicht.example, postal_address: "Speersort 1, 20095 Hamburg"}
hours: [0, 24]
steps:
  - send: hello
    text: {subject: Your website, paragraphs: [It loads slowly on a phone.], LINK}
  - wait: 70 minutes
  - send: again
    text: {subject: "Shall I call you?", paragraphs: [Tell me when.], LINK}
  - wait: 71 minutes
  - send: last
    text: {subject: One last question, paragraphs: ["Is it of use?"], LINK}
""".replace("LINK", 'link: {text: See, url: "https://nordlicht.example/"}')
DATES = {"parts": [{"title": "Deposit", "percent": "50"}, {"title": "Rest", "percent": "50", "on": "2027-06-01"}]}
CONTRACT = "Please sign"
ANSWER = """\
Yes please. We need online booking: patients must be able to book at night.
Our budget is 6,000 EUR. It has to be online by 1 June 2027.
My partner and I decide together."""
SENDER = {"name": "Nordlicht", "address": "hallo@nordlicht.example", "postal_address": "Speersort 1, 20095 Hamburg"}
BUYER = {
    "name": "Halm Dental Ltd",
    "address": "1 Mill Road\nLeeds LS1 1AA",
    "country": "GB",
    "email": "ada@halm.example",
}
TERMS = {
    "seller": {
        "name": "Nordlicht Studio", "address": "Speersort 1\n20095 Hamburg", "country": "DE", "vat_id": "DE123456789",
    },
    "account_holder": "Nordlicht Studio", "iban": "DE89370400440532013000", "bank": "Commerzbank", "dunning": [],
}  # fmt: skip


class Within(NamedTuple):
    """A place inside a request: it has got as far as `seen` says, and waits for somebody outside."""

    request: Callable[[], Any]
    stall: Callable[[], None]
    """Makes somebody outside keep it waiting."""
    seen: Callable[[], bool]


Stops = Generator[Within | None, Any, None]


def set_up(desk: Desk) -> None:
    """What an agency says once: who it is, what it sells, how it bills, what it writes."""
    desk.ask("PUT", "house", {"sender": SENDER})
    desk.ask("PUT", "billing", TERMS)
    desk.ask("POST", "offers?id=web", content=EXAMPLE, headers={"Content-Type": "application/yaml"})
    drawn = desk.ask("PUT", "journeys/websites", content=SEQUENCE)
    desk.mails = drawn["journey"]["mails"]
    for each in desk.mails.values():
        desk.baton.approve(each)
    desk.reached(lambda: not any(each["waits_for"] for each in desk.ask("GET", "journeys/websites")["steps"]) or None)
    desk.ask("POST", "journeys/websites/start")


def discover(desk: Desk) -> Stops:
    """A table of companies: each is looked at and scored."""
    table = COMPANIES.format(halm=desk.world.halm.port, kern=desk.world.kern.port)
    made = desk.ask("POST", "leads/lists?name=Leeds", content=table, headers={"Content-Type": "text/csv"})["id"]
    wait_for(lambda: desk.world.halm.asked or None)
    yield
    done = desk.until(f"leads/lists/{made}", status="completed")
    assert (done["received"], done["scored"], done["unreached"]) == (4, 3, 1)
    assert len(done["problems"]) == 1
    best, *others = desk.ask("GET", "leads")["items"]
    assert (best["name"], len(others)) == ("Halm Dental Ltd", 2)
    desk.lead = best["id"]


def qualify(desk: Desk) -> Stops:
    """A person decides; who works there becomes a contact, who says on the telephone that mail is welcome; a deal
    begins."""
    desk.ask("POST", f"leads/{desk.lead}/decision", {"decision": "qualify", "reason": "They asked on the telephone"})
    made = desk.ask("POST", f"leads/{desk.lead}/contacts")["id"]
    yield
    desk.until(f"contacts/imports/{made}", status="completed")
    (found,) = [each for each in desk.ask("GET", "contacts")["items"] if each["email"] == BUYER["email"]]
    desk.contact = found["id"]
    said = {"status": "granted", "wording": "Yes, write to me about the website", "source": "telephone"}
    desk.ask("POST", f"contacts/{desk.contact}/consents", said)
    body = {
        "name": "A new website", "company": BUYER["name"], "lead": desk.lead, "contact": desk.contact,
        "value": "6000", "owner": "Nora",
    }  # fmt: skip
    desk.deal = desk.once("deals", body, "begin")["id"]
    yield
    assert desk.once("deals", body, "begin")["id"] == desk.deal


def reach_out(desk: Desk) -> Stops:
    """A sequence begins while the mail server is down: its first mail leaves once that is back."""
    desk.world.post.close()
    desk.ask("POST", f"deals/{desk.deal}/outreach", {"journey": "websites"})
    yield
    desk.world.post.open()
    desk.arrived("Your website")
    desk.left_once("hello")
    yield
    desk.ask("POST", f"deals/{desk.deal}/moves", {"to": "contacted", "from": "new"})


def follow_up(desk: Desk) -> Stops:
    """Nobody answers; the second mail leaves, and to that they do. So the third never does."""
    desk.later(minutes=70)
    mail = desk.arrived("Shall I call you?")
    desk.left_once("again")
    yield
    desk.world.answer(mail, ANSWER)
    desk.later(minutes=6)
    desk.reached(lambda: any(each["what"] == "reaction" for each in desk.thread()) or None)
    yield
    desk.later(minutes=70)
    path = f"journeys/websites/people/{desk.contact}"
    desk.reached(lambda: desk.ask("GET", path)["position"]["path"][-1]["what"] == "left" or None)


def propose(desk: Desk) -> Stops:
    """What they wrote is read, and a proposal made of their own words."""
    heard = desk.ask("POST", f"deals/{desk.deal}/needs", {"text": ANSWER, "said_by": "Ada Halm"})
    desk.ask("POST", f"deals/{desk.deal}/moves", {"to": "needs"})
    yield
    desk.later(minutes=1)
    found = desk.ask("GET", f"deals/{desk.deal}/needs")["statements"]
    assert found == heard["statements"]
    body = {
        "deal": desk.deal, "to": BUYER["email"], "recipient": {"name": "Ada Halm", "company": BUYER["name"]},
        "title": "A new website", "offer": "web", "tiers": True,
        "chosen": [{"item": "website", "quantity": "6"}],
        "needs": [each["quote"] for each in found if each["sort"] == "need"],
    }  # fmt: skip
    desk.proposal = desk.once("proposals", body, "propose")["id"]
    yield
    desk.ask("POST", f"proposals/{desk.proposal}/submit")
    yield


def send(desk: Desk) -> Stops:
    """Approved while the mail server is down: it leaves once that is back."""
    desk.world.post.close()
    desk.approve(desk.proposal)
    yield
    desk.world.post.open()
    desk.until(f"proposals/{desk.proposal}", standing="sent")
    desk.arrived("A new website")
    yield


def accept(desk: Desk) -> Stops:
    """The client reads it, and takes what is better."""
    link = desk.arrived("A new website").link
    page = desk.page("GET", link)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)
    assert digest, page.text
    yield
    form = {"do": "accept", "option": "better", "name": "Ada Halm", "consent": "yes", "digest": digest[1]}
    assert desk.page("POST", link, form).status_code == 200
    yield
    assert desk.page("POST", link, form).status_code == 409, "it is accepted already"
    assert desk.ask("GET", f"deals/{desk.deal}")["stage"] == "contract"


def contract(desk: Desk) -> Stops:
    """Written from what was accepted, approved while the mail server is down."""
    body = {"proposal": desk.proposal, "client": BUYER, "to": BUYER["email"], "dates": DATES}
    desk.contract = desk.once("contracts", body, "contract")["id"]
    yield
    desk.ask("POST", f"contracts/{desk.contract}/submit")
    desk.world.post.close()
    desk.approve(desk.contract)
    yield
    desk.world.post.open()
    desk.until(f"contracts/{desk.contract}", standing="sent")
    desk.arrived(CONTRACT)
    yield


def sign(desk: Desk) -> Stops:
    """The client behind the link, then the agency, while the mail server is down: one document, which is sealed."""
    link = desk.arrived(CONTRACT).link
    document = re.search(r'name="document" value="([0-9a-f]{64})"', desk.page("GET", link).text)
    assert document
    form = {"do": "sign", "name": "Ada Halm", "consent": "yes", "document": document[1]}
    assert desk.page("POST", link, form).status_code == 200
    yield
    assert desk.page("POST", link, form).status_code == 409, "it is signed for this side already"
    desk.ask(
        "POST", f"contracts/{desk.contract}/sign", {"name": "Nora Nord", "consent": "yes", "document": document[1]}
    )
    yield
    found = desk.until(f"contracts/{desk.contract}", standing="signed", pending=False)
    desk.plan = found["plan"]
    sealed = desk.world.returns / "sealed.pdf"
    sealed.write_bytes(desk.opened(f"/api/v1/contracts/{desk.contract}/sealed.pdf").content)
    assert baton("contract", "verify", str(sealed)).code == 0
    yield


def bill(desk: Desk) -> Stops:
    """What was signed is billed on the agreed days; the deposit at nine."""
    desk.later(minutes=90)
    made = desk.reached(lambda: desk.ask("GET", f"invoice-plans/{desk.plan}")["made"] or None)
    desk.invoice = made["part-1"]
    yield
    stripe = desk.world.stripe
    yield Within(
        lambda: desk.ask("POST", f"invoices/{desk.invoice}/send"),
        lambda: stripe.script.append(Twist(hang=True)),
        lambda: bool(stripe.links),
    )
    desk.reached(lambda: desk.ask("GET", f"invoices/{desk.invoice}")["invoice"]["mail"])
    desk.arrived("INV-2027-0001")
    yield


def pay(desk: Desk) -> Stops:
    """By card; Stripe tells it before and after a kill."""
    stripe, shown = desk.world.stripe, desk.ask("GET", f"invoices/{desk.invoice}")
    stripe.now = desk.now
    body, _ = stripe.event(stripe.pay(shown["invoice"]["pay_reference"]))
    desk.noticed(body)
    yield
    desk.noticed(body)
    assert desk.ask("GET", f"invoices/{desk.invoice}")["standing"] == "paid"
    desk.reached(lambda: desk.ask("GET", f"deals/{desk.deal}")["stage"] == "deposit" or None)
    yield


CHAPTERS = (discover, qualify, reach_out, follow_up, propose, send, accept, contract, sign, bill, pay)
