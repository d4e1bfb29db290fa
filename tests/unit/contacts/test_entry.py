"""One row, checked: cleaned where that loses nothing, in quarantine with every reason where it would."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.agents.contacts.entry import Declared, Entry, entry_of
from shared.agents.contacts.rows import Row
from shared.agents.contacts.text import clean

KEY = b"k" * 32


def entry(home: str | None = None, **values: str) -> Entry:
    found = entry_of(Row(2, {"email": "ann@x.example", **values}), KEY, home)
    assert isinstance(found, Entry), found
    return found


def refusals(double_opt_in: bool = False, **values: str) -> dict[str, str]:
    found = entry_of(Row(7, {"email": "ann@x.example", **values}), KEY, double_opt_in=double_opt_in)
    assert isinstance(found, list), found
    assert {error.line for error in found} == {7}
    return {error.field: error.reason for error in found}


def test_spaces_case_and_invisible_characters_do_not_make_another_person() -> None:
    plain = entry()
    assert entry(email=" \ufeffANN@X.Example\u200b ").person == plain.person
    assert entry(email="ann@x.example\u00a0").email == "ann@x.example"
    assert entry(email="ann@y.example").person != plain.person


def test_a_domain_with_umlauts_is_the_same_in_both_spellings_and_kept_as_it_goes_over_the_wire() -> None:
    assert entry(email="info@müller.example").email == "info@xn--mller-kva.example"
    assert entry(email="info@müller.example").person == entry(email="INFO@xn--mller-kva.example").person


def test_texts_become_one_clean_line_in_normal_form() -> None:
    assert entry(company=" Mu\u0308ller\r\n &  So\u200bhne ").company == "Müller & Söhne".replace("ö", "o")


def test_a_formula_is_only_text() -> None:
    assert entry(company='=HYPERLINK("http://x.example")').company == '=HYPERLINK("http://x.example")'


def test_a_time_zone_is_found_in_any_case() -> None:
    assert entry(timezone="europe/berlin").timezone == "Europe/Berlin"
    assert entry(timezone="America/New York").timezone == "America/New_York"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("JA", "granted"),
        ("Yes", "granted"),
        ("1", "granted"),
        ("true", "granted"),
        ("No", "withdrawn"),
        ("nein", "withdrawn"),
        ("Opt-Out", "withdrawn"),
        ("", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_consent_is_read_in_several_spellings(word: str, status: str) -> None:
    assert entry(consent=word).consents.get("email", Declared()).status == status


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:30:00+02:00", datetime(2026, 3, 1, 10, 30, tzinfo=UTC)),
        ("2026-03-01 12:30", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
        ("1.3.2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("01.03.26", datetime(2026, 3, 1, tzinfo=UTC)),
        ("01.03.2026 08:05", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("2026/03/01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("31/03/2026", datetime(2026, 3, 31, tzinfo=UTC)),
        ("03/31/2026", datetime(2026, 3, 31, tzinfo=UTC)),
        ("03/03/2026", datetime(2026, 3, 3, tzinfo=UTC)),
        ("1 Mar 2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("March 1, 2026", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, moment: datetime) -> None:
    assert entry(consent_at=text).consents["email"].at == moment


def test_every_channel_has_a_consent_of_its_own() -> None:
    found = entry(consent="no", consent_sms="yes", consent_sms_at="2026-03-01", consent_sms_wording="Text me")
    assert found.consents["email"].status == "withdrawn"
    said = found.consents["sms"]
    assert (said.status, said.at, said.wording) == ("granted", datetime(2026, 3, 1, tzinfo=UTC), "Text me")


@pytest.mark.parametrize(
    ("home", "values"),
    [
        (None, {"phone": "+49 (0)151 23456789"}),
        (None, {"phone": "0151 23456789", "country": "Germany"}),
        ("DE", {"phone": "0151 23456789"}),
        ("US", {"phone": "0151 23456789", "country": "de"}),
    ],
)
def test_a_number_for_text_messages_is_one_with_the_country_that_is_known(
    home: str | None, values: dict[str, str]
) -> None:
    assert entry(home, consent_sms="yes", **values).phone == values["phone"]


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "0151 23456789"},
        {"phone": "+49 12345"},
        {"phone": "+999 15123456789"},
        {"phone": "0151 23456789", "country": "Narnia"},
        {"phone": "+4915123456789 ext. 7"},
    ],
)
def test_a_number_that_no_text_message_reaches_is_named_where_somebody_wants_them(values: dict[str, str]) -> None:
    assert entry(consent_sms="no", **values).phone == values["phone"]
    reason = f"{values['phone']!r} is no number that can get text messages; write it as +4915123456789"
    assert refusals(consent_sms="yes", **values) == {"phone": reason}


def test_a_mail_cannot_confirm_consent_to_text_messages() -> None:
    reason = "a mail confirms consent to e-mail only; bring in consent to sms without double opt-in"
    assert refusals(consent_sms="pending") == {"consent_sms": reason}
    assert refusals(double_opt_in=True, consent="yes", consent_sms="yes") == {"consent_sms": reason}


def test_implied_consent_to_text_messages_needs_its_day_too() -> None:
    assert set(refusals(consent_sms="yes", consent_sms_basis="implied purchase")) == {"consent_sms_at"}


def test_tags_are_split_and_each_kept_once() -> None:
    assert entry(tags="vip; fair 2026 ,vip|news,,").tags == ["vip", "fair 2026", "news"]


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("email", "", "it is missing"),
        ("email", " \u200b ", "it is missing"),
        ("email", "ann", "An email address must have an @-sign."),
        ("email", "ann@x..example", "two periods in a row"),
        ("email", "jürgen@x.example", "before the @-sign are not supported"),
        ("email", "ann@x.example, bob@x.example", "invalid characters"),
        ("timezone", "Berlin", "'Berlin' is not an IANA time zone such as Europe/Berlin"),
        ("timezone", "../../etc/passwd", "is not an IANA time zone"),
        ("consent", "maybe", "'maybe' is neither yes nor no"),
        ("consent_at", "soon", "'soon' is not a date such as 2026-03-31 or 31.03.2026"),
        ("consent_at", "2026-02-30", "is not a date"),
        ("consent_at", "03/04/2026", "'03/04/2026' could be two different days; write it as 2026-03-31"),
        ("consent_at", "0001-01-01T00:00+14:00", "is out of the calendar"),
        ("phone", "call me", "'call me' has fewer than 5 digits"),
        ("attributes.note", "x" * 1001, "it has 1,001 characters; at most 1,000 are taken"),
    ],
)
def test_what_cannot_be_right_goes_to_quarantine_with_field_and_reason(field: str, text: str, words: str) -> None:
    assert words in refusals(**{field: text})[field]


def test_every_wrong_field_of_a_row_is_named_at_once() -> None:
    assert set(refusals(email="x", consent="perhaps", timezone="Mars")) == {"email", "consent", "timezone"}


def test_a_row_that_could_not_be_read_is_refused_as_a_row() -> None:
    found = entry_of(Row(3, problem="it has 3 values"), KEY)
    assert isinstance(found, list)
    assert (found[0].field, found[0].reason) == ("row", "it has 3 values")


@given(
    st.dictionaries(
        st.sampled_from(["email", "city", "timezone", "consent", "consent_sms", "consent_at", "phone", "tags"]),
        st.text(),
    )
)
def test_any_text_is_an_entry_that_can_be_stored_or_a_reason(values: dict[str, str]) -> None:
    found = entry_of(Row(1, values), KEY)
    if isinstance(found, Entry):
        assert Entry.model_validate_json(found.model_dump_json(exclude_defaults=True)) == found
    else:
        assert all(error.reason for error in found)


@given(st.text(st.characters()))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()
