"""One proposal by clicks alone: an agency at its desk from the offer to Send, its client on a telephone, without any
script, to Accept."""

from __future__ import annotations

import quopri
import re

from playwright.sync_api import Browser, Page

from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for

from .conftest import Open, mails, url

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SENDER = {"name": "Nordlicht", "address": "hallo@nordlicht.example", "postal_address": "Speersort 1, 20095 Hamburg"}
LINK = re.compile(r"https?://[^/\s]+(/api/q/\S+)")


def fits(page: Page) -> bool:
    return bool(page.locator("html").evaluate("each => each.scrollWidth <= each.clientWidth"))


def test_from_the_offer_to_accepted_by_clicks(chromium: Browser, baton: Baton, browse: Open) -> None:
    baton.ask("PUT", "house", {"sender": SENDER})
    deal = baton.ask("POST", "deals", {"name": "Praxis Holm"})["id"]
    baton.ask("POST", f"deals/{deal}/needs", {"text": "We need a website on which patients can book at night."})

    page = browse("/offers", viewport=DESK)
    page.get_by_label("Its id").fill("web")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("heading", name="Websites and care", level=1).wait_for()

    page.goto(f"/proposals?deal={deal}")
    page.get_by_label("Title").fill("A new website")
    page.get_by_label("To whom: name").fill("Maja Holm")
    page.get_by_label("E-mail address").fill("maja@praxis.example")
    page.get_by_label("Website: how many").fill("6")
    page.get_by_label("Put together good, better and best").check()
    page.get_by_role("button", name="Begin it").click()
    assert page.locator('[data-sum="good-net-once"]').inner_text() == "2,700.00 EUR"
    assert mails(baton.home) == [], "nothing is seen before Send"

    page.locator("#option-good summary", has_text="Website").click()
    page.locator('[name="o0.l0.quantity"]').fill("7")
    page.get_by_role("button", name="Recalculate").click()
    page.get_by_text("Not saved yet").wait_for()
    assert page.locator('[data-sum="good-net-once"]').inner_text() == "3,150.00 EUR"
    page.get_by_label("Terms").fill("Half when we begin, half when it is handed over.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Version 2").wait_for()
    page.get_by_role("button", name="Have the text written").click()
    page.get_by_role("link", name="Version 3").wait_for()
    page.get_by_text(re.compile(r"Each of its \d+ sentences .* has a source")).wait_for()
    page.get_by_role("link", name="what changed").first.click()
    page.locator("#changes ins").first.wait_for()
    page.get_by_role("button", name=re.compile("Have version . sent")).click()
    page.get_by_role("button", name="Approve and send").click()
    wait_for(lambda: mails(baton.home) or None, 60)
    page.goto(f"/proposals?deal={deal}")
    page.get_by_role("link", name="A new website").first.click()
    page.get_by_text("Sent: version").wait_for()

    (mail,) = mails(baton.home)
    found = LINK.search(quopri.decodestring(mail).decode())
    assert found
    client = chromium.new_context(base_url=url(baton), viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    phone = client.new_page()
    phone.goto(found[1])
    assert fits(phone)
    assert "patients can book at night" in phone.content()
    phone.get_by_label("Your message").fill("Can we begin in May?")
    phone.get_by_role("button", name="Send the message").click()
    phone.get_by_role("heading", name="Thank you").wait_for()

    page.reload()
    page.get_by_label("Answer, by mail").fill("Yes, we can.")
    page.get_by_role("button", name="Send the answer").click()
    wait_for(lambda: len(mails(baton.home)) == 2 or None, 60)

    phone.goto(found[1])
    phone.get_by_text("Yes, we can.").wait_for()
    phone.get_by_label("I accept the option “Better”").check()
    phone.get_by_label("Your first and last name").fill("Maja Holm")
    phone.get_by_role("button", name="Accept with obligation to pay").click()
    phone.get_by_text("Accepted by Maja Holm").wait_for()
    assert fits(phone)
    client.close()

    page.reload()
    page.get_by_text("Accepted by Maja Holm").wait_for()
    assert fits(page)
    assert baton.ask("GET", f"deals/{deal}")["stage"] == "contract"
