"""The other pages: contacts, imports, refusals; and what holds for every page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for
from tests.e2e.pages.conftest import AGREED, SILENT, Open, url

EXPORT = Path(__file__).parents[3] / "samples" / "exports" / "mailchimp.zip"
PATIENCE = 60_000
"""Milliseconds."""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_file_is_brought_in_with_a_form_and_bad_rows_are_shown(browse: Open, baton: Baton, tmp_path: Path) -> None:
    page = browse("/contacts", java_script_enabled=False)
    assert "Nobody yet" in page.inner_text("main")
    file = tmp_path / "people.csv"
    file.write_text("email,first_name,consent,tags\nanna@people.example,Anna,yes,vip\nno address,Bob,yes,\n")
    page.set_input_files("#file", file)
    page.click("button:has-text('Look at it')")
    page.wait_for_url("**/imports/*")
    id = page.url.rpartition("/")[2]
    wait_for(lambda: baton.ask("GET", f"contacts/imports/{id}")["status"] == "previewed" or None)
    page.reload()
    page.click("#confirm")
    baton.imported(id)
    page.reload()
    assert page.inner_text("h1") == "1 of 2 rows are in, 1 left out."
    assert page.locator("section:has(h2:text('In quarantine')) tbody tr").inner_text().split("\t")[:2] == ["3", "email"]


def test_an_export_of_mailchimp_is_imported_by_click_and_taken_back(browse: Open, baton: Baton) -> None:
    page = browse("/contacts", viewport={"width": 390, "height": 844})
    page.set_input_files("#file", EXPORT)
    page.click("button:has-text('Look at it')")
    page.wait_for_url("**/imports/*")
    expect(page.locator("h1")).to_contain_text("4 people would be in your address book; 0 of them", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("unsubscribed on 2024-02-01")
    expect(page.locator("main")).to_contain_text("an export of Mailchimp")
    assert page.evaluate(TOO_WIDE) <= 0
    page.fill("#consent", "Yes, send me your news by e-mail")
    page.click("#confirm")
    expect(page.locator("h1")).to_contain_text("6 of 10 rows are in, 3 never to be written to", timeout=PATIENCE)
    with page.expect_download() as download:
        page.click("a:has-text('Download these rows')")
    assert "not an address" in download.value.path().read_text()
    (anna,) = baton.ask("GET", "contacts?email=anna.berg")["items"]
    assert anna["consent"]["email"]["status"] == "granted"
    assert baton.ask("GET", "contacts?email=finn@former")["items"] == []
    page.click("summary:has-text('Take it back')")
    page.click("#undo")
    expect(page.locator("h1")).to_contain_text("Taken back: 4 contacts are gone", timeout=PATIENCE)
    assert baton.ask("GET", "contacts?email=anna.berg")["items"] == []


def test_what_a_column_is_is_told_on_the_page(browse: Open, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("Kontakt;Größe\nzoe@people.example;38\n".encode("cp1252"))
    page = browse("/contacts")
    page.set_input_files("#file", file)
    page.click("button:has-text('Look at it')")
    page.wait_for_url("**/imports/*")
    assert page.inner_text("h1") == "Which column holds the e-mail address?"
    page.select_option("select[aria-label='What Kontakt is']", "email")
    page.click("button:has-text('Look at it again')")
    expect(page.locator("h1")).to_contain_text("1 person would be in your address book", timeout=PATIENCE)


def test_contacts_are_found_by_what_the_form_asks(browse: Open) -> None:
    page = browse("/contacts", java_script_enabled=False)
    page.fill("#email", "ANNA@")
    page.fill("#tag", "vip")
    page.click("button:has-text('Search')")
    assert page.locator("section:has(form.filters) tbody tr").count() == 1
    assert "Consent given" in page.inner_text("tbody")
    page.fill("#tag", "nobody has this")
    page.click("button:has-text('Search')")
    assert "Nobody matches." in page.inner_text("main")


def test_no_file_is_refused_with_the_reason(browse: Open) -> None:
    page = browse("/contacts")
    page.evaluate("document.querySelector('#file').required = false")
    page.click("button:has-text('Look at it')")
    expect(page.locator("main")).to_contain_text("no file was chosen")


def test_who_is_not_signed_in_is_told_how_to(chromium: Browser, baton: Baton) -> None:
    page = chromium.new_page()
    answer = page.goto(f"{url(baton)}/contacts")
    assert answer
    assert answer.status == 401
    assert page.inner_text("h1") == "Please sign in"
    page.context.close()


def test_what_is_not_there_has_a_page_that_leads_back(browse: Open) -> None:
    page = browse("/campaigns/none")
    assert page.inner_text("h1") == "There is no such page"
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/")


ROOMS = (
    "/policy",
    "/domains",
    "/webhooks",
    "/agents",
    "/agents/copywriter",
    "/tasks",
    "/budgets",
    "/models",
    "/knowledge",
    "/brand",
    "/cards",
    "/documents",
    "/processes",
    "/processes/sol_import",
    "/runs",
)


def test_the_keyboard_reaches_the_content_first(browse: Open) -> None:
    page = browse("/contacts")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "To the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") > 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_address_book_counts_on(browse: Open, campaign: str) -> None:
    page = browse("/contacts?limit=10", java_script_enabled=False)
    seen = page.locator("section:has(form.filters) tbody tr").count()
    while page.locator("a[rel=next]").count():
        page.click("a[rel=next]")
        seen += page.locator("section:has(form.filters) tbody tr").count()
    assert seen == AGREED + SILENT + 1


def test_who_only_looks_is_offered_nothing_to_do(chromium: Browser, baton: Baton, campaign: str) -> None:
    wanted = {"name": "eyes", "scopes": ["reader"], "workspaces": ["main"]}
    key = baton.ask("POST", "keys", json=wanted)["key"]
    eyes = chromium.new_context(base_url=url(baton), extra_http_headers={"Authorization": f"Bearer {key}"})
    page = eyes.new_page()
    for path in ("/", f"/campaigns/{campaign}", "/contacts", "/approvals", *ROOMS):
        answer = page.goto(path)
        assert answer
        assert (path, answer.status) == (path, 200)
        assert page.locator("form[method=post], button.main, a[href='/campaigns/new']").count() == 0, path
    page.goto(f"/campaigns/{campaign}")
    expect(page.locator("#approve")).to_contain_text("Only an owner, a manager or a client may do this.")
    eyes.close()


def test_a_person_goes_over_to_another_workspace_and_back(browse: Open, baton: Baton, campaign: str) -> None:
    assert browse("/contacts").locator("form.where").count() == 0  # there is but one
    there = {"Baton-Workspace": "cafe", "Content-Type": "text/csv"}
    baton.ask("POST", "contacts/imports", content="email\nzoe@cafe.example\n", headers=there)
    page = browse("/contacts", viewport={"width": 390, "height": 800})
    assert page.evaluate(TOO_WIDE) <= 0
    page.select_option("select[name=workspace]", "cafe")
    page.click("button:has-text('Go there')")
    page.wait_for_url("**/")
    expect(page.locator("main")).to_contain_text("No campaign yet.")
    page.goto(f"/campaigns/{campaign}")
    expect(page.locator("h1")).to_have_text("There is no such page")
    page.goto("/contacts")
    page.select_option("select[name=workspace]", "main")
    page.click("button:has-text('Go there')")
    page.wait_for_url("**/")
    expect(page.locator("main")).not_to_contain_text("No campaign yet.")


def test_a_colleague_comes_in_by_a_link_on_a_telephone_sees_their_workspace_and_is_let_out(
    browse: Open, chromium: Browser, baton: Baton, campaign: str
) -> None:
    owner = browse("/workspaces")
    owner.fill("#name", "Praxis Nord")
    owner.get_by_role("button", name="Create").click()
    expect(owner.locator("h1")).to_contain_text("Say who writes in Praxis Nord")
    expect(owner.locator("#need-budget")).to_contain_text("not limited")
    owner.goto("/members")
    owner.fill("#invite #name", "Ann")
    owner.get_by_role("button", name="Make the link").click()
    link = owner.locator("#url").inner_text()
    owner.goto("/members")
    assert link not in owner.content()

    hers = chromium.new_context(base_url=url(baton), viewport={"width": 390, "height": 844}, is_mobile=True)
    phone = hers.new_page()
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text("Praxis Nord, as an operator")
    assert phone.evaluate(TOO_WIDE) <= 0
    phone.fill("#name", "Ann Berg")
    phone.get_by_role("button", name="Come in").click()
    token = phone.locator("#token").inner_text()
    phone.get_by_role("link", name="On to Baton").click()
    expect(phone.locator("header")).to_contain_text("Praxis Nord")
    expect(phone.locator("main")).to_contain_text("No campaign yet.")
    assert phone.locator("form.where").count() == 0
    phone.goto(f"/campaigns/{campaign}")
    expect(phone.locator("h1")).to_have_text("There is no such page")
    phone.goto("/workspaces")
    expect(phone.locator("#you")).to_contain_text("You are here as Ann Berg.")
    assert phone.get_by_role("link", name="People", exact=True).count() == 0
    assert phone.locator("#new").count() == 0
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.locator("h1")).to_have_text("Signed out")
    phone.goto("/")
    phone.fill("#token", token)
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url("**/")
    expect(phone.locator("header")).to_contain_text("Praxis Nord")

    owner.goto("/members")
    owner.get_by_text("Ann Berg").click()
    owner.get_by_role("button", name="Let Ann Berg in no more").click()
    expect(owner.locator("#people")).to_contain_text("let out")
    phone.goto("/")
    expect(phone.locator("h1")).to_have_text("Please sign in")
    hers.close()


AUDIENCE = "email,consent,country,tags\n" + "".join(
    f"a{n}@people.example,{'yes' if n else ''},NZ,keen\n" for n in range(5)
)


def test_who_a_campaign_reaches_follows_what_is_filled_in_on_a_telephone(browse: Open, baton: Baton) -> None:
    accepted = baton.ask("POST", "contacts/imports", content=AUDIENCE, headers={"Content-Type": "text/csv"})
    baton.imported(str(accepted["id"]))
    page = browse("/calendar", viewport={"width": 390, "height": 844})
    page.fill("#first_day", "2027-03-02")
    page.fill("#title", "Fair")
    page.click("button:has-text('Close')")
    expect(page.locator("#times")).to_contain_text("Blackout: Fair", timeout=PATIENCE)
    assert page.evaluate(TOO_WIDE) <= 0
    page.goto("/campaigns/new")
    reach = page.locator("#reach")
    expect(reach).to_contain_text("people would get it", timeout=PATIENCE)
    page.fill("#name", "Typed before")
    page.fill("#days", "3")
    page.fill("#where", "tags has keen")
    page.locator("#where").blur()
    expect(reach).to_contain_text("4 of 5 people would get it", timeout=PATIENCE)
    expect(reach).to_contain_text("No consent on record")
    expect(reach.locator("td.blackout").first).to_have_text("closed")
    assert page.input_value("#name") == "Typed before"
    page.fill("#where", "shoe size")
    page.locator("#where").blur()
    expect(reach).to_contain_text("is not a condition", timeout=PATIENCE)
    assert page.evaluate(TOO_WIDE) <= 0


def test_who_a_campaign_reaches_is_counted_by_a_button_without_javascript(browse: Open) -> None:
    page = browse("/campaigns/new", java_script_enabled=False)
    expect(page.locator("#reach")).to_contain_text("Not counted yet")
    page.fill("#name", "Typed before")
    page.fill("#where", "tags has keen")
    page.click("button:text-is('Count')")
    expect(page.locator("#reach")).to_contain_text("4 of 5 people would get it")
    assert (page.input_value("#name"), page.input_value("#where")) == ("Typed before", "tags has keen")
