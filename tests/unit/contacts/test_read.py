"""Files as people send them: encodings, delimiters, quotes, line numbers, and clear words for what cannot be read."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.agents.contacts import read
from shared.agents.contacts.read import opened
from shared.domain.faults import Rejected


def rows(data: bytes | str, content_type: str = "text/csv") -> list[tuple[int, dict[str, str] | str]]:
    data = data.encode() if isinstance(data, str) else data
    with opened([data], content_type) as upload:
        if upload.problem:
            raise upload.problem
        return [(row.line, row.problem or dict(row.values)) for row in upload.rows()]


def reason(data: bytes | str, content_type: str = "text/csv") -> str:
    with pytest.raises(Rejected) as caught:
        rows(data, content_type)
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_every_way_a_spreadsheet_saves_is_read_alike(delimiter: str, newline: str, encoding: str) -> None:
    text = f'E-Mail{delimiter}City{newline}a@x.example{delimiter}"Köln{newline}Süd"{newline}b@x.example{delimiter}Bonn'
    assert rows(text.encode(encoding)) == [
        (2, {"email": "a@x.example", "city": f"Köln{newline}Süd"}),
        (4, {"email": "b@x.example", "city": "Bonn"}),
    ]


def test_headings_are_known_in_any_case_and_with_synonyms_and_the_rest_are_attributes() -> None:
    headings = "e-MAIL,First name,Nachname,Time_Zone,Consent At,Schuhgröße (EU),,Ключ"
    assert list(dict(rows(headings + "\na@x.example,,,,,,1,2")[0][1])) == [
        "email",
        "first_name",
        "last_name",
        "timezone",
        "consent_at",
        "attributes.schuhgrosse_eu",
        "attributes.column_7",
        "attributes.column_8",
    ]


def test_consent_to_each_channel_has_columns_of_its_own() -> None:
    headings = (
        "email,Consent,SMS consent,consent_sms_at,SMS consent date (webhook),Webhook Opt-In,E-Mail consent source"
    )
    assert list(dict(rows(headings + "\na@x.example,,,,,,1")[0][1])) == [
        "email",
        "consent",
        "consent_sms",
        "consent_sms_at",
        "attributes.sms_consent_date_webhook",
        "consent_webhook",
        "consent_source",
    ]
    assert "have the same meaning" in reason("email,sms_consent,consent sms\na@x.example,yes,no")


def test_the_delimiter_is_the_one_that_finds_most_columns() -> None:
    assert rows('"email";"last, first"\na@x.example;"Lee, Ann"')[0][1] == {
        "email": "a@x.example",
        "attributes.last_first": "Lee, Ann",
    }


def test_a_space_before_a_quote_does_not_split_the_value() -> None:
    assert rows('email, city\na@x.example, "Bonn, Germany"')[0][1] == {"email": "a@x.example", "city": "Bonn, Germany"}


def test_blank_lines_are_no_rows_but_count_as_lines() -> None:
    assert [line for line, _ in rows("\n\nemail,city\n\na@x.example,\n,\n \nb@x.example,")] == [5, 8]


def test_a_quote_that_is_never_closed_costs_one_row_only() -> None:
    found = rows('email,city\n"a@x.example,Bonn\nb@x.example,Ulm\nc@x.example,"Köln"\n')
    assert found[0][0] == 2
    assert "quotes" in found[0][1]
    assert found[1:] == [
        (3, {"email": "b@x.example", "city": "Ulm"}),
        (4, {"email": "c@x.example", "city": "Köln"}),
    ]


def test_too_many_values_are_the_rows_problem_and_too_few_are_blanks() -> None:
    found = rows("email,city\na@x.example,Bonn,extra\nb@x.example\nc@x.example,Ulm,,\n")
    assert found[0] == (2, "it has 3 values; there are 2 columns")
    assert found[1:] == [(3, {"email": "b@x.example"}), (4, {"email": "c@x.example", "city": "Ulm"})]


def test_a_value_of_absurd_length_costs_one_row_only() -> None:
    found = rows(f'email,city\na@x.example,"{"x" * 200_000}"\nb@x.example,Ulm\n')
    assert "cannot be read" in found[0][1]
    assert found[1] == (3, {"email": "b@x.example", "city": "Ulm"})


def test_quotes_that_swallow_the_rest_again_and_again_are_given_up() -> None:
    line = "a" * 10_000 + '","\n'  # ends inside quotes, whether it began inside or outside
    assert reason("email,city\n" + line * 2_000) == "body: too many of its quotes are not in pairs"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "body: the file is empty"),
        (b"\xef\xbb\xbf \r\n", "body: the file is empty"),
        ("\u2003\n".encode(), "body: the file is empty"),
        (b"name,city\nAnn,Bonn\n", "email: there is no e-mail column; the columns are 'name', 'city'"),
        (b"email,E-Mail\n", "email: columns 1 and 2 ('E-Mail') have the same meaning"),
        (b"email,Shoe size,shoe_SIZE\n", "attributes.shoe_size: columns 2 and 3 ('shoe_SIZE') have the same meaning"),
        (b"email\na\0@x.example\n", "body: this is no text file: byte 8 is NUL"),
        (b'"email', "body: the quotes of the heading are not in pairs"),
        (b"email,Email Address", "email: columns 1 and 2 ('Email Address') have the same meaning"),
        ("email," + ",".join(f"x{n}" for n in range(100)), "body: there are 101 columns; at most 100 are taken"),
        (",".join(f"x{n}" for n in range(200_000)), "body: there are 200000 columns; at most 100 are taken"),
        (b"PK\x03\x04\x14\0", "body: this is no archive (ZIP, tar.gz), or a broken one: BadZipFile"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "body: this is no text file: it is an old workbook (.xls)"),
        (b"%PDF-1.7", "body: this is no text file: it is a PDF"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_place_and_reason(data: bytes | str, words: str) -> None:
    assert reason(data) == words


def test_bytes_that_are_not_of_the_files_encoding_cost_their_row_only() -> None:
    found = rows(b"email,city\na@x.example,M\xc3\xbcnster\nb@x.example,\xff\xff\nc@x.example,Ulm\n")
    assert found[1] == (3, "it has bytes that are not utf-8")
    assert [line for line, _ in found] == [2, 3, 4]


def test_nul_deep_in_a_file_costs_its_row_only() -> None:
    found = rows("email,city\n" + "a@x.example,Ulm\n" * 70_000 + "b@x.example,U\0lm\n")
    assert found[-1] == (70_002, "it has NUL in it: this is no text")


def test_more_rows_than_can_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_ROWS", 2)
    assert reason("email\n" + "a@x.example\n" * 3) == "body: there are more than 2 rows; split the file"


def test_a_json_list_is_read_with_the_line_of_each_object() -> None:
    text = (
        '[\n  {"email": "a@x.example", "tags": ["a", "b"],\n   "Size": 4.50},\n\n  {"consent": true, "city": null}]\n'
    )
    assert rows(text, "application/json; charset=utf-8") == [
        (2, {"email": "a@x.example", "tags": "a, b", "attributes.size": "4.50"}),
        (5, {"consent": "true", "city": ""}),
    ]


def test_json_elements_that_are_no_rows_cost_themselves_only() -> None:
    found = rows('[1, {"email": {}}, {"email": "a", "E-Mail": "b"}, {"city": "Ulm"}]', "application/json")
    assert found[0] == (1, "must be an object")
    assert str(found[1][1]).startswith("every value must be a text")
    assert found[2] == (1, "email: columns 1 and 2 ('E-Mail') have the same meaning")
    assert found[3] == (1, {"city": "Ulm"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"email": "a"}', "body: must be a JSON list of objects"),
        ('[{"email": "a"}', "body: not JSON at line 1, column 16: expected ',' or the end of the list"),
        ('[{"email": "a"}\n{}]', "body: not JSON at line 2, column 1: expected ',' or the end of the list"),
        ("[{},]", "body: not JSON at line 1, column 5: Expecting value"),
        ("[\n{'a': 1}]", "body: not JSON at line 2, column 2: Expecting property name enclosed in double quotes"),
        ("[] x", "body: not JSON at line 1, column 2: expected ',' or the end of the list"),
        ("[" + '{"a":' * 100_000, "body: not JSON at line 1, column 2: nested too deeply"),
        (b'["M\xfcller"]', "body: byte 4 (line 1, 0xfc) is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_is_not_a_json_list_is_refused_with_its_place(text: str | bytes, words: str) -> None:
    assert reason(text, "application/json") == words


@given(st.binary(max_size=300), st.sampled_from(["text/csv", "application/json"]))
@example(b"[1e999999,-Infinity]", "application/json")
@example(b"email\n\x81", "text/csv")
def test_any_bytes_are_read_or_refused_but_never_crash(data: bytes, content_type: str) -> None:
    with suppress(Rejected):
        rows(data, content_type)


@given(st.text(alphabet='a,;"\t\r\n é@', max_size=80))
def test_no_row_is_read_twice_or_out_of_order(text: str) -> None:
    lines = [line for line, _ in rows("email,x\n" + text)]
    assert lines == sorted(set(lines))


@given(st.lists(st.dictionaries(st.sampled_from(["email", "city", "note"]), st.text(max_size=8), min_size=1)))
def test_every_json_object_is_one_row(people: list[dict[str, str]]) -> None:
    assert len(rows(json.dumps(people), "application/json")) == len(people)
