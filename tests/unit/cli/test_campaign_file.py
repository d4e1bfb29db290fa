from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.cli.campaign_file import CampaignFile
from local.cli.errors import Refused

YAML = """name: Spring
brief:
  goal: Fill it
  facts:
    - first
    - second
window: {start: 2027-03-01T08:00:00Z, hours: [9, 18]}
language: no
"""


def file(folder: Path, text: str, suffix: str = ".yaml") -> Path:
    path = folder / f"c{suffix}"
    path.write_bytes(text.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        CampaignFile(path).request()
    return str(refused.value).removeprefix(str(path))


def test_yaml_becomes_the_request_with_times_and_words_as_written(tmp_path: Path) -> None:
    request = json.loads(CampaignFile(file(tmp_path, YAML)).request())
    assert request["window"] == {"start": "2027-03-01T08:00:00Z", "hours": [9, 18]}
    assert (request["language"], request["brief"]["facts"]) == ("no", ["first", "second"])


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("name", 1),
        ("brief.goal", 3),
        ("brief.facts[1]", 6),
        ("window.hours[0]", 7),
        ("brief.offer", 2),
        ("brief.facts[9]", 4),
        ("name.deeper", 1),
    ],
)
def test_a_field_is_told_with_its_line_or_that_of_what_should_hold_it(tmp_path: Path, field: str, line: int) -> None:
    path = file(tmp_path, YAML)
    assert CampaignFile(path).located(f"{field}: is wrong") == f"{path}:{line}: {field}: is wrong"


def test_what_has_no_place_in_the_file_is_told_without_one(tmp_path: Path) -> None:
    path = file(tmp_path, YAML)
    assert CampaignFile(path).located("sender: is required") == f"{path}: sender: is required"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\nname: b\n", ":2: name: stands here a second time"),
        ("a:\n  b: 1\n  b: 2\n", ":3: b: stands here a second time"),
        ("a: [1", ":1: is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\n---\nb: 2\n", ":2: is not YAML: but found another document"),
        ("", ": must hold a campaign's fields, such as name and brief"),
        ("- a\n", ": must hold a campaign's fields, such as name and brief"),
    ],
)
def test_yaml_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(file(tmp_path, text)) == said


@pytest.mark.parametrize("text", ["a: !!python/object:os.system x", "a: .nan", "? [1, 2]\n: x", "a: !!binary aGk="])
def test_what_json_cannot_say_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(file(tmp_path, text)).startswith(": holds what JSON has no word for: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "a": 2}', ": a: stands in one object a second time"),
        ('{"a": 1\n"b": 2}', ":2: is not JSON: Expecting ',' delimiter"),
        ("[]", ": must hold a campaign's fields, such as name and brief"),
    ],
)
def test_json_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(file(tmp_path, text, ".json")) == said


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(b"name: \xff")
    assert refusal(path) == ": is not UTF-8: byte 6 is 0xff"


@given(st.dictionaries(st.text("abc", min_size=1), st.integers() | st.text("xyz") | st.booleans(), max_size=4))
def test_json_is_handed_on_as_it_is(tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]) -> None:
    path = file(tmp_path_factory.getbasetemp(), json.dumps(content), ".json")
    assert json.loads(CampaignFile(path).request()) == content
