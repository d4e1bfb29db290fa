from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.e2e.cli.command import Served


def written(home: Served, file: Path) -> str:
    """A campaign that awaits approval; its id."""
    ran = home("campaign", "create", str(file), "--json")
    assert ran.code == 0, ran.err
    followed = home("campaign", "show", ran.json["id"], "--follow", "--json").json
    assert followed["status"] == "awaiting_approval"
    return str(ran.json["id"])


def sent(home: Served, file: Path) -> str:
    """A campaign whose messages have all left; its id."""
    id = written(home, file)
    assert home("campaign", "approve", id, "--yes").code == 0
    home.clock(mode="run")
    assert home("campaign", "show", id, "--follow", "--json").json["status"] in ("analyzing", "completed")
    home.clock(mode="hold")
    return id


def test_a_campaign_goes_from_file_to_certificate(home: Served, campaign_file: Path, tmp_path: Path) -> None:
    sent(home, campaign_file)
    name = tmp_path.name.upper()
    shown = home("campaign", "show", name).text
    assert "2 of 3 people got it, 0 failed, 0 unknown, 1 held, 0 to go" in shown
    assert "withdrawn 1" in shown
    certificate = home("campaign", "certificate", name)
    assert certificate.text.startswith(f"“{tmp_path.name}”: 2 sent once, 0 twice, 0 failed, 0 unknown, 1 held")
    proof = home("campaign", "certificate", name, "--json").json
    assert (proof["planned"], proof["sent_once"], proof["held"]) == (3, 2, {"withdrawn": 1})
    held = home("campaign", "recipients", name, "--state", "held").out.splitlines()
    assert [line.split()[:3] for line in held[1:]] == [["cleo@people.example", "held", "(withdrawn)"]]
    assert len(home("campaign", "recipients", name, "--json").json["items"]) == 3
    facts = [each["what"] for each in home("campaign", "timeline", name, "--json").json["items"]]
    assert facts[:4] == ["accepted", "written", "sealed", "approve"]
    assert "approve" in home("campaign", "timeline", name).out


def test_a_report_is_shown_and_written_as_a_page(home: Served, campaign_file: Path, tmp_path: Path) -> None:
    id = sent(home, campaign_file)
    page = tmp_path / "report.html"
    ran = home("campaign", "report", id, "--html", str(page))
    assert ran.code == 0
    assert f"2 of 3 people got “{tmp_path.name}”" in ran.text
    assert "<html" in page.read_text()
    assert home("campaign", "report", id, "--json").json["funnel"]["sent"] == 2
    refused = home("campaign", "report", id, "--html", str(tmp_path / "no" / "report.html"))
    assert (refused.code, refused.err) == (2, f"{tmp_path / 'no' / 'report.html'}: No such file or directory\n")


def test_orders_are_tried_imported_and_shown_with_the_campaign_they_followed(
    home: Served, campaign_file: Path, tmp_path: Path
) -> None:
    id = sent(home, campaign_file)
    now = max(each["settled_at"] for each in home("campaign", "recipients", id, "--json").json["items"])
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "order_id,value,currency,occurred_at,email,what,reference\n"
        f"{id}-1,49.90,EUR,{now},ada@people.example,,\n"
        f"{id}-1,9.90,EUR,{now},,refund,R1\n"
        f"{id}-2,12,CHF,{now},stranger@people.example,,\n"
        f"{id}-3,ten,EUR,{now},,,\n"
    )
    tried = home("conversion", "import", str(orders), "--dry-run")
    assert "4 rows: 3 would be recorded, 0 here already, 1 refused." in tried.text
    assert "Nothing was recorded." in tried.text
    done = home("conversion", "import", str(orders)).text
    assert "12.00 CHF and 40.00 EUR: 0 after a click, 40.00 EUR after a message that arrived" in done
    assert "5 value" in done
    assert home("conversion", "import", str(orders), "--json").json["unchanged"] == 3
    listed = home("conversion", "list", "--campaign", id, "--json").json["items"]
    assert sorted((each["what"], each["micros"]) for each in listed) == [("order", 49_900_000), ("refund", -9_900_000)]
    assert f"{id}-2" in home("conversion", "list", "--unattributed").out
    assert "Brought in 40.00 EUR" in home("campaign", "report", id).text
    assert "nobody in the address book is meant" in home("conversion", "summary").text
    out = tmp_path / "orders.parquet"
    assert home("export", "orders", "--format", "parquet", "--out", str(out)).code == 0
    assert out.read_bytes()[:4] == out.read_bytes()[-4:] == b"PAR1"


def test_a_campaign_is_used_again_for_those_who_did_not_click(
    home: Served, campaign_file: Path, tmp_path: Path
) -> None:
    id = sent(home, campaign_file)
    tried = home("campaign", "copy", id, "--audience", "did_not_click", "--dry-run")
    assert tried.text == "2 people · at most €0.00 · nothing sent"
    again = ("--audience", "not_reached", "--window", "2d,0-24h", "--dry-run")
    assert home("campaign", "copy", id, *again).text == "0 people · at most €0.00 · 1 held (withdrawn) · nothing sent"
    wrong = home("campaign", "copy", id, "--window", "soon")
    assert (wrong.code, wrong.err[:15]) == (2, "window: 'soon' ")
    nobody = home("campaign", "copy", id, "--audience", "new_since")
    assert (nobody.code, nobody.err.partition(":")[0]) == (2, "segment")
    made = home("campaign", "copy", id, "--audience", "did_not_click", "--json").json["id"]
    found = home("campaign", "show", made, "--follow", "--json").json
    assert (found["status"], found["audience"], found["name"]) == ("awaiting_approval", 2, f"{tmp_path.name}, again")
    first, second = (home("campaign", "recipients", each, "--json").json["items"] for each in (id, made))
    assert (len(first), second) == (3, [])


def test_explain_says_why_and_why_not(home: Served, campaign_file: Path) -> None:
    id = sent(home, campaign_file)
    assert "Cleo did not get" in home("explain", "CLEO@people.example", "--campaign", id).text
    items = home("explain", "ada@people.example", "--campaign", id, "--json").json["items"]
    assert [each["state"] for each in items] == ["accepted"]
    assert len(home("explain", "ada@people.example", "--json").json["items"]) >= 1
    unknown = home("explain", "nobody@people.example")
    assert (unknown.code, unknown.err) == (0, "")
    assert unknown.text.startswith("nobody@people.example is not in the address book, and no campaign was for it")


def test_an_approval_shows_what_it_covers_and_is_not_given_by_accident(home: Served, campaign_file: Path) -> None:
    id = written(home, campaign_file)
    digest = home("campaign", "show", id, "--json").json["digest"]
    asked = home("campaign", "approve", id)
    assert (asked.code, asked.err) == (2, "yes: nobody can be asked here; add --yes\n")
    for shown in (
        "3 in the audience",
        "1 day from the approval, 0 to 24 h",
        "at most €0.00",
        "Praxis <hallo@praxis.example>",
        digest,
    ):
        assert shown in asked.out
    assert "to be approved" in asked.out
    stale = home("campaign", "approve", id, "--yes", "--digest", "0" * 64)
    assert stale.code == 2
    assert stale.err.startswith("digest: no version has this digest; version 1 stands now\n")
    assert home("campaign", "show", id, "--json").json["approved"] is None
    given = home("campaign", "approve", id, "--yes", "--digest", digest, "--json")
    assert (given.code, given.json["approved"]) == (0, digest)


def test_a_campaign_can_be_paused_resumed_and_cancelled(home: Served, campaign_file: Path) -> None:
    id = written(home, campaign_file)
    assert ": paused" in home("campaign", "pause", id).out
    assert home("campaign", "resume", id, "--json").json["status"] == "awaiting_approval"
    again = home("campaign", "resume", id)
    assert again.code == 2
    assert again.err.startswith("status: only a paused, missed or failed campaign can be resumed")
    assert ": cancelled" in home("campaign", "cancel", id).out
    refused = home("campaign", "pause", id)
    assert refused.err == "status: the campaign is cancelled; nothing of it is left to stop\n"


def test_what_was_just_approved_can_be_recalled(home: Served, campaign_file: Path) -> None:
    campaign_file.write_text(campaign_file.read_text().replace("undo_minutes: 0", "undo_minutes: 10"))
    id = written(home, campaign_file)
    approved = home("campaign", "approve", id, "--yes")
    assert "Nothing leaves before " in approved.out
    assert f"campaign recall {id}" in approved.text
    assert "held until" in home("campaign", "show", id).out
    assert home("campaign", "recall", id).out == "3 stopped, 0 had left.\n"
    assert ": cancelled" in home("campaign", "show", id).out
    refused = home("campaign", "correct", id, "It begins at 8")
    assert (refused.code, refused.err) == (2, "segment: nobody has got that campaign\n")


def test_a_correction_goes_to_those_who_got_it(home: Served, campaign_file: Path) -> None:
    id = sent(home, campaign_file)
    assert "correct" in home("campaign", "recall", id).text
    right = home("campaign", "correct", id, "It begins at 8", "--json").json["id"]
    written_again = home("campaign", "show", right, "--follow", "--json").json
    assert (written_again["status"], written_again["audience"]) == ("awaiting_approval", 2)


def test_campaigns_are_listed_by_name_and_status(home: Served, campaign_file: Path, tmp_path: Path) -> None:
    written(home, campaign_file)
    line = next(line for line in home("campaign", "list").out.splitlines() if line.startswith(tmp_path.name))
    assert "awaiting approval" in line
    assert tmp_path.name in [each["name"] for each in home("campaign", "list", "--json").json["items"]]


def test_a_second_start_is_refused_with_the_line_of_the_name(home: Served, campaign_file: Path) -> None:
    written(home, campaign_file)
    again = home("campaign", "create", str(campaign_file))
    assert (again.code, again.out) == (2, "")
    assert again.err.startswith(f"{campaign_file}:1: name: campaign ")


def test_what_the_api_refuses_in_a_file_is_told_with_its_line(home: Served, campaign_file: Path) -> None:
    past = (datetime.now(UTC) - timedelta(days=400)).isoformat()
    wrong = campaign_file.read_text().replace("days: 1", f"days: 1, start: {past}").replace("  goal:", "  goals:")
    campaign_file.write_text(wrong.replace("address: hallo@", "address: hallo"))
    refused = home("campaign", "create", str(campaign_file))
    assert refused.code == 2
    assert f"{campaign_file}:3: brief.goals: unknown field" in refused.err
    assert f"{campaign_file}:2: brief.goal: is required" in refused.err
    assert f"{campaign_file}:8: sender.address: " in refused.err


@pytest.mark.parametrize("which", ["no such campaign", "0" * 32])
def test_an_unknown_campaign_is_refused(home: Served, which: str) -> None:
    for command in ("show", "approve", "pause", "certificate", "report", "recipients", "timeline"):
        ran = home("campaign", command, which)
        assert (ran.code, ran.out) == (2, ""), command
        assert ran.err.startswith("campaign: there is no campaign"), command


def test_an_unknown_state_is_refused_in_the_apis_words(home: Served, campaign_file: Path) -> None:
    ran = home("campaign", "recipients", written(home, campaign_file), "--state", "lost")
    assert ran.code == 2
    assert ran.err.startswith("state: ")


def test_the_certificate_is_handed_over_as_a_sheet(home: Served, campaign_file: Path, tmp_path: Path) -> None:
    id = sent(home, campaign_file)
    sheet = tmp_path / "certificate.pdf"
    assert home("campaign", "certificate", id, "--pdf", str(sheet)).code == 0
    assert "2 sent once" in PdfReader(sheet).pages[0].extract_text()


OPTIONS = (
    *("--goal", "Fill the spring course", "--offer", "Six evenings for your back", "--audience", "former patients"),
    *("--link-text", "Book a place", "--link", "https://praxis.example/book", "--from", "Praxis"),
    *("--from-address", "hallo@praxis.example", "--postal", "1 Mill Road, Leeds"),
)


def test_a_campaign_is_started_from_options_alone(home: Served, tmp_path: Path) -> None:
    more = ("--where", "email in ada@people.example, ben@people.example", "--fact", "Tea is served", "--hours", "0-24")
    ran = home(
        "campaign", "new", tmp_path.name, *OPTIONS, *more, "--undo-minutes", "0", "--max-messages", "5", "--json"
    )
    assert ran.code == 0, ran.err
    request = home("campaign", "show", ran.json["id"], "--json").json["request"]
    assert request["segment"]["where"][0]["value"] == ["ada@people.example", "ben@people.example"]
    assert (request["brief"]["facts"], request["window"]["hours"]) == (["Tea is served"], [0, 24])
    assert (request["channels"], request["budget"]["max_messages"]) == (["email"], 5)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--all, --where or --received: say whom it is for, in one of these ways"),
        (("--all", "--received", "x"), "--all, --where or --received: "),
        (("--where", "tags"), "--where: 'tags' is not a condition such as: tags has vip"),
        (("--where", "shoe eq 5"), "--where: "),
        (("--all", "--hours", "9"), "--hours: '9' is not two hours such as 9-18"),
        (("--all", "--hours", "18-9"), "--hours: the first hour must be before the second"),
        (("--all", "--link", "praxis"), "--link: "),
        (("--all", "--from-address", "praxis"), "--from-address: "),
        (("--all", "--channel", "pigeon"), "--channel: "),
        (("--all", "--channel", "sms"), "--channel: text messages are not set up: set BATON_SMS_URL"),
        (("--all", "--undo-minutes", "-1"), "--undo-minutes: "),
        (("--channel", "chat"), "--channel: no chat is set up: set BATON_CHAT_URL"),
    ],
)
def test_what_is_wrong_with_an_option_is_said_with_its_name(
    home: Served, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    ran = home("campaign", "new", tmp_path.name, *OPTIONS, *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(said), ran.err
