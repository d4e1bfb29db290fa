"""From text to plan: everything that is wrong is told at once, at its place, with what to do about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.process.load import load
from shared.process.problems import Invalid, PlanProblem

WRONG = Path(__file__).parent / "plans/wrong.yaml"
GOOD = """\
process: copy_it
title: "2026"
inputs:
  file: {type: file}
  start: 12:30
  country: {default: NO}
steps:
- id: a
  type: files.copy
  with:
    source: ${{ inputs.file }}
    target: ${{ inputs.country }}.csv
- id: b
  type: script
  needs: [a]
  foreach: {items: "${{ split(inputs.country, ',') }}"}
  with:
    with: {rows: "${{ steps.a.outputs.rows }}", of: "${{ item }}", key: "${{ secrets.key }}"}
outputs:
  all: ${{ steps.b.outputs.anything }}
""".replace("  start: 12:30\n", "")


def problems(text: str | bytes, file: str = "p.yaml") -> list[PlanProblem]:
    with pytest.raises(Invalid) as raised:
        load(text.encode() if isinstance(text, str) else text, file)
    return raised.value.problems


def loaded(text: str) -> list[PlanProblem]:
    try:
        load(text.encode())
    except Invalid as invalid:
        return invalid.problems or pytest.fail("invalid, but nothing is wrong")
    return []


def test_a_plan_in_yaml_and_in_json_is_the_same_plan() -> None:
    plan = load(GOOD.encode())
    assert (plan.title, plan.inputs["country"].default, plan.steps[1].needs) == ("2026", "NO", ["a"])
    text = plan.model_dump_json(by_alias=True, exclude_defaults=True)
    assert load(text.encode(), "p.json") == load(text.encode()) == plan
    assert load(json.dumps({**json.loads(text), "title": "😀"}).encode()).title == "😀"


def test_everything_that_is_wrong_is_told_at_its_place() -> None:
    found = problems(WRONG.read_bytes(), "wrong.yaml")
    told = [f"{each.line}:{each.column} {each.message} [{each.suggestion or ''}]" for each in found]
    expected = (WRONG.with_suffix(".txt")).read_text().splitlines()
    assert told == expected


@pytest.mark.parametrize(
    ("text", "place", "message", "suggestion"),
    [
        (b"process: a\ntitle: \xff", (2, 8), "is not UTF-8", "save the file as UTF-8"),
        ("steps:\n\t- id: a", (2, 1), "is indented with a tab", "use spaces"),
        ("a: {b: ${{ inputs.x }}}", (1, 9), "cannot be read", "put `${{ … }}` in quotes"),
        ("a: [1,", (2, 1), "cannot be read", ""),
        ("", (1, 1), "is empty", ""),
        ("just text", (1, 1), "must have fields", ""),
        ("a: 1\n---\nb: 2", (2, 1), "more than one document", "a file of its own"),
        ("a: \x07", (1, 4), "U+0007", ""),
        ("[" * 9999, (1, 26), "nested more than 24", ""),
        ("? [a]\n: b", (1, 3), "must be a text", ""),
        ('{"a": ]}', (1, 7), "is no JSON", ""),
        ('{"a": NaN}', (1, 1), "NaN is no number", ""),
        ("a: " + "x" * 1_000_001, (1, 1), "is larger than 1,000,000 bytes", ""),
    ],
    ids=range(13),
)
def test_a_text_of_broken_form_is_one_problem(
    text: str | bytes, place: tuple[int, int], message: str, suggestion: str
) -> None:
    first = problems(text)[0]
    assert (first.line, first.column) == place
    assert message in first.message
    assert suggestion in (first.suggestion or "")


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("title:", "title: x\ntitle:", (3, 1), "`title` stands here twice; first in line 2"),
        ("file: {type: file}", "file: &f {type: file}\n  g: *f", (4, 9), "an anchor (`&`) cannot stand in a plan"),
        ("file: {type: file}", "file: &f {type: file}\n  g: *f", (5, 6), "an alias (`*`) cannot stand in a plan"),
        ('"2026"', "!!python/name:os.system x", (2, 8), "the tag tag:yaml.org,2002:python/name:os.system cannot"),
        ('"2026"', "2026", (2, 8), "must be a text"),
        ("NO}", "no, optional: yes}", (5, 36), "must be true or false"),
        ("NO}", "99999999999999999999}", (5, 22), "is too great a number"),
        ("[a]", "[]", (17, 23), "`b` does not wait for `a`, so this is not there yet"),
        ("steps.b.outputs", "steps.b.output", (19, 12), "a step has outputs and state, no `output`"),
        ("  with:\n    source", "  given:\n    source", (9, 3), "there is no field `given` in steps[0]"),
        ("foreach", "#", (17, 58), "`item` is known within a step with `foreach`"),
    ],
    ids=range(11),
)
def test_one_fault_is_told_at_its_place(old: str, new: str, place: tuple[int, int], message: str) -> None:
    found = problems(GOOD.replace(old, new, 1))
    assert [each for each in found if (each.line, each.column) == place and message in each.message], found


def test_a_key_twice_in_json_is_told() -> None:
    (found,) = problems('{"process": "a", "title": "b",\n "steps": [{"id": "a", "type": "script"}], "title": "c"}')
    assert (found.line, found.column, found.field) == (2, 44, "title")


SECRETS = [
    "https://me:pa55word@example.org", "AKIAABCDEFGHIJKLMNOP", "ghp_" + "a1" * 18, "xoxb-123456789012-abc",
    "-----BEGIN RSA PRIVATE KEY-----", "Bearer abcdefghijklmnop1234", "sk-proj-abcdefghijklmnop1234",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abcd1234==;", "AGE-SECRET-KEY-1ABCDEFGHIJKLMNOPQRSTUV",
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_a_secret_in_plain_text_is_told_and_not_repeated(secret: str) -> None:
    text = GOOD.replace("rows:", f"x: {json.dumps(secret)}, rows:")
    (found,) = problems(text)
    assert "a secret stands here in plain text" in found.message
    assert secret not in found.model_dump_json()


@pytest.mark.parametrize("harmless", ["keys: 5", "token_count: x", "note: 'a password is asked for'", "id: sk-1"])
def test_what_is_no_secret_is_left_alone(harmless: str) -> None:
    load(GOOD.replace("rows:", f"{harmless}, rows:").encode())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_text_is_a_plan_or_problems_within_it(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([GOOD, WRONG.read_text()]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 40, len(text))))
    mutated = text[:start] + data.draw(st.text(alphabet="${}[]:-'\"\n\t ab,.0&*!#", max_size=8)) + text[end:]
    lines = [*mutated.split("\n"), ""]
    for each in loaded(mutated):
        assert 1 <= each.line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1]) + 1


def test_of_very_many_mistakes_500_are_told_each_with_what_was_meant() -> None:
    """A name is not compared, letter by letter, with each of a thousand others."""
    names = [f"{word}_{n}" for word in ("read", "check", "write") for n in range(300)]
    steps = [
        f"- {{id: {name}, type: script, needs: [{names[n - 1]}x, {names[n - 1]}y]}}" for n, name in enumerate(names)
    ]
    found = problems("process: a\ntitle: A\nsteps:\n" + "\n".join(steps))
    assert len(found) == 500
    assert [each for each in found if not (each.suggestion or "").startswith("did you mean `")] == []
    assert found[3].suggestion == "did you mean `read_0`?"


def test_inputs_in_a_list_are_told_not_stumbled_over() -> None:
    assert problems("process: a\ntitle: A\ninputs: [{default: secret}]\nsteps: [{id: a, type: wait}]")
