from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.command import Served
from tests.e2e.host.process import wait_for

EXPORT = Path(__file__).parents[3] / "samples" / "exports" / "mailchimp.zip"


def test_an_import_says_what_became_of_each_row(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("email,consent\nada@people.example,yes\nada@people.example,yes\nbad,yes\n")
    ran = home("contact", "import", str(file))
    assert ran.code == 0
    assert ran.out.startswith("3 rows: 0 new, 0 updated, 1 unchanged, 1 merged, 1 in quarantine.\n")
    assert "   4  email  An email address must have an @-sign." in ran.out


def test_an_import_of_json_answers_with_the_import_as_json(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "more.json"
    file.write_text('[{"email": "eve@people.example", "consent": "yes"}]')
    ran = home("contact", "import", str(file), "--json")
    assert (ran.code, ran.json["status"], ran.json["created"]) == (0, "completed", 1)


def test_an_export_is_previewed_confirmed_and_taken_back(home: Served, tmp_path: Path) -> None:
    ran = home("contact", "import", str(EXPORT), "--dry-run", "--consent", "Yes, news")
    assert ran.out.startswith("10 rows: 4 new, 0 updated, 0 unchanged, 2 merged, 3 suppressed, 1 in quarantine.\n")
    assert "unsubscribed on 2024-02-01" in ran.out
    assert "3 of them agreed to e-mail. Nothing is in yet." in ran.out
    assert home("contact", "list", "--email", "anna.berg@").out == "Nobody.\n"
    id = ran.out.split()[-1]
    made = home("contact", "confirm", id, "--json").json
    assert (made["status"], made["created"], made["suppressed"]) == ("completed", 4, 3)
    assert "not an address" in home("contact", "quarantine", id).out
    assert id in home("contact", "imports").out
    assert home("contact", "undo", id).out == "Taken back: 4 gone, 0 as before, 0 changed since.\n"
    assert home("contact", "confirm", id).code == 2


def test_one_line_imports_an_export_with_its_consent_and_columns_are_told(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Kontakt,Intern\nida@people.example,x\n")
    assert "no e-mail column" in home("contact", "import", str(file), "--json").err
    columns = ("--column", "Kontakt=email", "--column", "Intern=-")
    ran = home("contact", "import", str(file), *columns, "--consent", "Yes, news", "--json")
    assert (ran.code, ran.json["status"], ran.json["agreed"]) == (0, "completed", 1)


def test_a_file_that_is_not_there_is_refused(home: Served, tmp_path: Path) -> None:
    ran = home("contact", "import", str(tmp_path / "none.csv"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{tmp_path / 'none.csv'}: No such file or directory\n"


def test_a_file_that_is_no_list_is_refused_in_the_apis_words(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "more.json"
    file.write_text('{"email": "eve@people.example"}')
    ran = home("contact", "import", str(file), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("body: ")


def test_contacts_are_listed_with_their_consent(home: Served) -> None:
    ran = home("contact", "list", "--email", "cleo@")
    assert ran.code == 0
    assert ran.out.splitlines()[1].split() == ["cleo@people.example", "Cleo", "withdrawn"]
    items = home("contact", "list", "--email", "cleo@", "--json").json["items"]
    assert [each["email"] for each in items] == ["cleo@people.example"]


def test_a_list_that_goes_on_says_so(home: Served) -> None:
    assert home("contact", "list", "--limit", "1").out.endswith("The first 1; --limit shows more.\n")
    assert home("contact", "list", "--limit", "0").code == 2


def test_a_list_of_nobody_says_so(home: Served) -> None:
    assert home("contact", "list", "--email", "zz").out == "Nobody.\n"


ASKING = ("--from", "Praxis", "--sender-address", "hallo@praxis.example", "--postal", "1 Mill Road", "--wording", "Yes")


def test_people_are_asked_to_confirm_and_what_came_of_it_is_listed(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("email,consent\nfay@people.example,yes\ngus@people.example,yes\n")
    assert home("contact", "import", str(file), "--double-opt-in").code == 0
    one = home("contact", "opt-in", "fay@people.example", *ASKING)
    assert (one.code, one.out) == (0, "1 asked to confirm; the mail leaves in a few seconds.\n")
    rest = home("contact", "opt-in", *ASKING, "--json")
    assert (rest.code, rest.json) == (0, {"asked": 1, "skipped": 1})
    wait_for(lambda: len(home("contact", "opt-ins", "--state", "sent", "--json").json["items"]) == 2 or None)
    assert len(list((home.home / "outbox").rglob("*.eml"))) == 2
    listed = home("contact", "opt-ins").out
    assert listed.splitlines()[1].split()[:2] in (["fay@people.example", "sent"], ["gus@people.example", "sent"])
    assert home("contact", "opt-ins", "--state", "unknown").out == "Nobody.\n"
    again = home("contact", "opt-in", "fay@people.example", *ASKING)
    assert again.code != 0
    assert "less than a week ago" in again.err
    assert home("contact", "opt-ins", "--state", "odd").code == 2


def test_consent_to_text_messages_is_recorded_by_hand_listed_and_searched(home: Served) -> None:
    words = ("--channel", "sms", "--wording", "Text me", "--source", "counter")
    made = home("contact", "consent", "ben@people.example", "granted", *words)
    assert made.code == 0
    assert made.out.splitlines()[1].split()[1:3] == ["granted", "sms"]
    found = home("contact", "list", "--consent", "granted", "--channel", "sms")
    assert [line.split()[-2:] for line in found.out.splitlines()] == [["For", "sms"], ["granted", "granted"]]
    assert "ben@people.example" in found.out
    no = home("contact", "consent", "ben@people.example", "withdrawn", "--channel", "sms", "--json")
    assert (no.code, no.json["channel"], no.json["verified"]) == (0, "sms", True)
    refused = home("contact", "consent", "ben@people.example", "granted", *words)
    assert refused.code == 2
    assert refused.err


def test_a_file_with_a_number_that_no_text_reaches_is_told_so(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_text("email,phone,consent_sms\nhal@people.example,+49 12345,yes\n")
    ran = home("contact", "import", str(file))
    assert "phone  '+49 12345' is no number that can get text messages; write it as +4915123456789" in ran.out
