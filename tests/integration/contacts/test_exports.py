"""Exports of Mailchimp and HubSpot (made by hand, samples/exports) into the address book: previewed, taken in with a
declaration of consent, taken back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents import policy
from shared.agents.contacts import (
    accept_import,
    confirm,
    find_by_address,
    get_import,
    history,
    map_columns,
    quarantined,
    run,
    undo,
)
from shared.agents.contacts.suppression import suppressions_of
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.imports import OUTCOMES, FileConsent, Import
from shared.domain.names import Kind
from shared.domain.policy import Policy
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.rows import uploads
from shared.process.rows.raw import Raw
from shared.process.rows.sheets import SheetRejects
from tests.integration.contacts.home import SCOPE, book, bring_in, home, watched

EXPORTS = Path(__file__).parents[3] / "samples" / "exports"
MAILCHIMP, HUBSPOT = (EXPORTS / "mailchimp.zip").read_bytes(), (EXPORTS / "hubspot.csv").read_bytes()
AGREED = FileConsent.model_validate({"wording": "Yes, send me your news", "source": "our website", "at": "2024-01-31"})


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    with home(tmp_path) as opened:
        yield opened


def carried_out(ports: Ports, made: Import, scope: Scope = SCOPE) -> Import:
    """The pass that is under way, as its flow does it."""
    order: dict[str, Any] = {"scope": list(scope), "import": made.id, "attempt": made.attempt}
    split: Any = run(ports, {**order, "op": "split"})
    for n in range(split.data["batches"]):
        run(ports, {**order, "op": "batch", "batch": n})
    run(ports, {**order, "op": "finish"})
    return get_import(ports, scope, made.id)


def preview(ports: Ports, data: bytes, **more: Any) -> Import:
    made = accept_import(ports, SCOPE, "olga", data, "application/octet-stream", dry_run=True, **more)
    return carried_out(ports, made) if made.status == "running" else made


def counts(made: Import) -> dict[str, int]:
    found = {name: getattr(made, name) for name in OUTCOMES}
    assert made.received == made.rows == sum(found.values())
    return {name: count for name, count in found.items() if count}


def suppressed(ports: Ports) -> dict[str, str]:
    """keyed hash -> reason"""
    found = ports.documents.find(SCOPE.agency, Kind.SUPPRESSION).documents
    return {each.id: each.body["reason"] for each in found}


def test_a_mailchimp_export_is_previewed_taken_in_and_nobody_who_left_becomes_a_contact(ports: Ports) -> None:
    shown = preview(ports, MAILCHIMP)
    assert (shown.status, shown.origin, shown.agreed) == ("previewed", "Mailchimp", 0)
    assert counts(shown) == {"created": 4, "merged": 2, "suppressed": 3, "quarantined": 1}
    assert (book(ports), suppressed(ports)) == ({}, {}), "a preview writes nothing"
    why = {(each.outcome, each.email): each.why for each in shown.examples}
    assert why["suppressed", "finn@former.example"] == "unsubscribed on 2024-02-01"
    assert why["suppressed", "gone@closed.example"] == "bounced on 2023-08-08"
    assert why["suppressed", "dora@both.example"] == "unsubscribed on 2024-03-03", "whoever left, left"
    (error,) = shown.errors
    assert (error.line, error.field, error.file) == (6, "email", "subscribed_email_audience_export_made_by_hand.csv")
    done = carried_out(ports, confirm(ports, SCOPE, shown.id, "olga", AGREED))
    assert (done.status, counts(done), done.agreed) == ("completed", counts(shown), 3)
    addresses = {body["email"] for body in book(ports).values()}
    assert addresses == {
        "anna.berg@kundin.example",
        "ben.cole@customer.example",
        "chiara@studio.example",
        "shop@buyer.example",
    }
    assert sorted(suppressed(ports).values()) == ["bounced", "unsubscribed", "unsubscribed"]
    anna = find_by_address(ports, SCOPE, "anna.berg@kundin.example")
    assert anna
    assert (anna.first_name, anna.country, anna.timezone) == ("Anna", "DE", "Europe/Berlin")
    assert anna.tags == ["yoga", "spring course", "vip"]
    assert set(anna.attributes) == {"member_rating", "region"}, "what only Mailchimp needs stays there"
    (proof,) = history(ports, SCOPE, anna.id)
    assert proof.verified
    assert (proof.by, proof.wording, proof.source) == ("olga", "Yes, send me your news", "our website")
    assert f"{proof.at:%Y-%m-%d}" == "2023-03-04", "its own time of confirmation, not that of the file"
    ben = find_by_address(ports, SCOPE, "ben.cole@customer.example")
    assert ben
    assert history(ports, SCOPE, ben.id)[0].ip, "from where they confirmed, as a keyed hash"
    shopper = find_by_address(ports, SCOPE, "shop@buyer.example")
    assert shopper
    assert shopper.consent == {}, "who never subscribed is not covered by what is declared"


def test_without_a_declaration_nobody_of_an_export_may_be_written_to(ports: Ports) -> None:
    done = bring_in(ports, MAILCHIMP)
    assert done.agreed == 0
    assert not [body for body in book(ports).values() if body["consent"]]


def test_a_hubspot_export_is_told_by_its_columns(ports: Ports) -> None:
    shown = preview(ports, HUBSPOT, consent=AGREED)
    assert (shown.origin, counts(shown)) == ("HubSpot", {"created": 2, "suppressed": 2, "quarantined": 1})
    done = carried_out(ports, confirm(ports, SCOPE, shown.id, "olga"))
    assert done.agreed == 1
    hana, ivan = (find_by_address(ports, SCOPE, f"{name}@client.example") for name in ("hana", "ivan"))
    assert hana
    assert ivan
    assert (hana.company, hana.country, hana.timezone) == ("Weber GmbH", "Germany", "Europe/Berlin")
    assert (hana.consent["email"].status, ivan.consent) == ("granted", {})
    assert sorted(suppressed(ports).values()) == ["bounced", "unsubscribed"]


@pytest.mark.parametrize("kind", ["unsubscribed", "cleaned"])
def test_a_single_list_of_who_left_is_known_by_its_columns_whatever_it_is_called(ports: Ports, kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(MAILCHIMP)) as archive:
        (name,) = (each for each in archive.namelist() if each.startswith(kind))
        done = bring_in(ports, archive.read(name))
    assert done.suppressed == done.rows > 0
    assert book(ports) == {}


def test_who_is_in_the_book_and_left_elsewhere_is_suppressed_and_their_consent_withdrawn(ports: Ports) -> None:
    bring_in(ports, b"email,first_name,consent\nfinn@former.example,Finn,yes\n")
    bring_in(ports, MAILCHIMP)
    finn = find_by_address(ports, SCOPE, "finn@former.example")
    assert finn
    assert (finn.first_name, finn.consent["email"].status) == ("Finn", "withdrawn")
    assert [proof.status for proof in history(ports, SCOPE, finn.id)] == ["granted", "withdrawn"]
    assert suppressions_of(ports, SCOPE, finn.person, None)["all"].body["source"].startswith("import ")


def test_what_the_file_says_itself_outweighs_what_is_declared(ports: Ports) -> None:
    data = b"email,consent\nyes@x.example,yes\nno@x.example,no\nblank@x.example,\n"
    done = carried_out(ports, accept_import(ports, SCOPE, "olga", data, "text/csv", consent=AGREED))
    said = {body["email"]: body["consent"].get("email", {}).get("status") for body in book(ports).values()}
    assert said == {"yes@x.example": "granted", "no@x.example": "withdrawn", "blank@x.example": None}
    assert done.agreed == 1


def test_a_policy_may_ask_for_a_declaration(ports: Ports) -> None:
    policy.write(ports, SCOPE, "olga", Policy(imports_declare_consent=True))
    data = b"email\nann@x.example\n"
    with pytest.raises(Rejected, match="declaration"):
        accept_import(ports, SCOPE, "olga", data, "text/csv")
    shown = preview(ports, data)
    with pytest.raises(Rejected, match="declaration"):
        confirm(ports, SCOPE, shown.id, "olga")
    assert carried_out(ports, confirm(ports, SCOPE, shown.id, "olga", AGREED)).agreed == 1


def test_columns_that_nobody_knows_are_told_once_and_remembered(ports: Ports) -> None:
    data = "Kontakt;Rufname;Größe\nann@x.example;Ann;38\n".encode("cp1252")
    shown = preview(ports, data)
    assert (shown.status, shown.columns[0].field) == ("unmapped", "attributes.kontakt")
    assert "no e-mail column" in (shown.status_reason or "")
    for wrong in ({"Kontakt": "nonsense"}, {"Nobody": "email"}, {"Rufname": "first_name"}):
        with pytest.raises(Rejected):
            map_columns(ports, SCOPE, shown.id, wrong)
    told = {"Kontakt": "email", "Rufname": "first_name", "Größe": "attributes.shoe size"}
    shown = carried_out(ports, map_columns(ports, SCOPE, shown.id, told))
    assert (shown.status, shown.created) == ("previewed", 1)
    other = "Größe;Kontakt;Rufname\n40;bob@x.example;Bob\n".encode()
    assert bring_in(ports, other).created == 1, "the same headings, in whatever order"
    bob = find_by_address(ports, SCOPE, "bob@x.example")
    assert bob
    assert (bob.first_name, bob.attributes) == ("Bob", {"shoe_size": "40"})
    with pytest.raises(Conflict):
        map_columns(ports, SCOPE, carried_out(ports, confirm(ports, SCOPE, shown.id, "o")).id, told)


def test_undo_gives_back_what_was_there_but_for_what_was_changed_since_and_every_no(ports: Ports) -> None:
    bring_in(ports, b"email,city,consent,tags,size\nold@x.example,Ulm,,vip,38\nmet@x.example,Ulm,,,\n")
    before = book(ports)
    rows = (
        b"email,city,consent,tags,size\nold@x.example,Bonn,yes,new,40\nmet@x.example,Bonn,yes,,\n"
        b"new@x.example,Kiel,yes,,\nno@x.example,Kiel,no,,\n"
    )
    done = bring_in(ports, rows)
    met = find_by_address(ports, SCOPE, "met@x.example")
    assert met
    document = ports.documents.get(SCOPE, Kind.CONTACT, met.id)
    assert document
    ports.documents.put(SCOPE, Kind.CONTACT, met.id, {**document.body, "city": "Wien"}, document.rev)
    back = carried_out(ports, undo(ports, SCOPE, done.id, "olga"))
    assert (back.status, back.removed, back.restored, back.kept) == ("undone", 1, 3, 0)
    after = {body["email"]: body for body in book(ports).values()}
    (old,) = (body for body in before.values() if body["email"] == "old@x.example")
    assert after["old@x.example"] == old
    assert (after["met@x.example"]["city"], after["met@x.example"]["consent"]) == ("Wien", {})
    assert after["no@x.example"]["consent"]["email"]["status"] == "withdrawn"
    assert "new@x.example" not in after
    with pytest.raises(Conflict):
        undo(ports, SCOPE, done.id, "olga")


def test_undo_never_lifts_a_suppression(ports: Ports) -> None:
    done = bring_in(ports, MAILCHIMP)
    stopped = suppressed(ports)
    back = carried_out(ports, undo(ports, SCOPE, done.id, "olga"))
    assert (back.removed, book(ports), suppressed(ports)) == (4, {}, stopped)


def test_a_pass_that_another_has_followed_does_nothing_any_more(ports: Ports) -> None:
    shown = preview(ports, MAILCHIMP)
    begun = confirm(ports, SCOPE, shown.id, "olga", AGREED)
    for late in ({"op": "batch", "batch": 0}, {"op": "finish"}):
        run(ports, {"scope": list(SCOPE), "import": shown.id, "attempt": 1, **late})
    assert get_import(ports, SCOPE, shown.id).status == "running"
    assert book(ports) == {}
    assert carried_out(ports, begun).status == "completed"


def test_the_quarantine_holds_the_rows_as_they_came(ports: Ports) -> None:
    done = bring_in(ports, b"email,name\nbad,=HYPERLINK(1)\nann@x.example,Ann\n")
    lines = quarantined(ports, SCOPE, done.id).decode().splitlines()
    assert lines[0] == "baton_file,baton_line,baton_reason,email,name"
    assert lines[1].startswith(",2,email: ")
    assert lines[1].endswith(",bad,'=HYPERLINK(1)"), "no spreadsheet calculates it"
    mended = quarantined(ports, SCOPE, done.id).replace(b"bad,", b"bob@x.example,")
    assert counts(bring_in(ports, mended)) == {"created": 1}
    with pytest.raises(Missing):
        quarantined(ports, SCOPE, bring_in(ports, b"email\nann@x.example\n").id)


PEOPLE = ("ann@x.example", "ANN@x.example", "bob@x.example", "eve@x.example", "bad", "")
NAMES = st.sampled_from(["subscribed", "unsubscribed", "cleaned", "nonsubscribed"])
LISTS = st.dictionaries(NAMES, st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=6), min_size=1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=LISTS)
def test_whatever_comes_in_adds_up_and_a_preview_tells_what_will_be(ports: Ports, members: dict[str, Any]) -> None:
    """The home grows with each file: what it holds already is updated, or stays."""
    head = "Email Address,OPTIN_TIME,LEID,EUID\n"
    file = packed({f"{name}_export.csv": head + rows(who) for name, who in members.items()})
    shown = preview(ports, file, consent=AGREED)
    had, stopped = set(book(ports)), set(suppressed(ports))
    done = carried_out(ports, confirm(ports, SCOPE, shown.id, "olga", AGREED))
    assert counts(done) == counts(shown)
    assert len(set(book(ports)) - had) == done.created
    left = {each.lower() for name in ("unsubscribed", "cleaned") for each in members.get(name, []) if "@" in each}
    assert done.suppressed == len(left)
    assert set(suppressed(ports)) >= stopped


def rows(people: list[str]) -> str:
    return "".join(f"{address},,{n},{n}\n" for n, address in enumerate(people, 1))


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../people.csv": "email\na@x.example\n"}, "leads elsewhere"),
        ({"/people.csv": "email\na@x.example\n"}, "leads elsewhere"),
        ({"bomb.csv": "email\n" + "a" * 2_000_000}, "larger than"),
        ({"logo.png": b"png"}, "there is no table in the archive (CSV, XLSX, ODS): it has logo.png"),
        ({"a.csv": "email\n\0\n"}, "a.csv: this is no text file: byte 7 is NUL"),
        ({"inner.zip": packed({"a.csv": "email\n"})}, "it has inner.zip"),
    ],
    ids=["up", "root", "bomb", "no table", "nul", "nested"],
)
def test_an_archive_that_may_not_be_is_refused_and_nothing_stored(
    ports: Ports, files: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_MB", 1)
    with pytest.raises(Rejected) as caught:
        accept_import(ports, SCOPE, "olga", packed(files), "application/zip")
    assert words in str(caught.value)
    assert ports.documents.changes(SCOPE, None)[0] == []


def test_a_workbook_comes_in_like_a_table(ports: Ports, tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    sheet = SheetRejects(path, ["Email", "First name", "Since"])
    sheet.add((0, "", ""), Raw((), ["ann@x.example", "Ann", 2024]))
    sheet.add((0, "", ""), Raw((), ["nobody", "Bob", 1]))
    sheet.close()
    done = bring_in(ports, path.read_bytes(), "application/octet-stream")
    assert counts(done) == {"created": 1, "quarantined": 1}
    assert done.errors[0].line == 3
    ann = find_by_address(ports, SCOPE, "ann@x.example")
    assert ann
    assert (ann.first_name, ann.attributes) == ("Ann", {"since": "2024"})


class _Left(BaseException):
    """Stands for the end of the process."""


def test_left_at_any_step_an_import_and_its_undo_end_as_if_undisturbed(tmp_path: Path) -> None:
    """Every third use of a port ends the run, again and again, until it gets through."""

    def whole(folder: Path, every: int) -> Any:
        with home(folder) as ports:
            bring_in(ports, b"email,city\nanna.berg@kundin.example,Ulm\nfinn@former.example,Ulm\n")
            done = disturbed(ports, accept_import(ports, SCOPE, "o", MAILCHIMP, "", consent=AGREED), every)
            taken = stripped(ports), len(suppressed(ports))
            back = disturbed(ports, undo(ports, SCOPE, done.id, "o"), every)
            left = {"id", "created_at", "examples"}
            return done.model_dump(exclude=left), taken, back.model_dump(exclude=left), stripped(ports)

    assert whole(tmp_path / "often", 7) == whole(tmp_path / "once", 10**9)


def disturbed(ports: Ports, made: Import, every: int) -> Import:
    """Carried out by runs of which each gets one use of a port further than the one before."""
    for most in range(every, every + 10**6):
        left = iter(range(most))

        def use(*_: object, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise _Left

        try:
            return carried_out(watched(ports, use), made)
        except _Left:
            continue
    raise AssertionError("it never ended")


def stripped(ports: Ports) -> dict[str, Any]:
    """The book without what each import has of its own."""
    return {
        body["email"]: {
            **{name: value for name, value in body.items() if name not in ("created_at", "source", "consent")},
            "consent": {key: {**each, "evidence": None} for key, each in body["consent"].items()},
        }
        for body in book(ports).values()
    }
