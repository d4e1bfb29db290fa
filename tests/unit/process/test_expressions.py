"""Expressions: what they come to, what they name, and that nobody gets out of them."""

from __future__ import annotations

import json
import resource
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.process.expressions import resolve
from shared.process.template import ExpressionError, parse

NAMES: dict[str, Any] = {
    "inputs": {"count": 3, "name": "May", "flag": True, "none": None, "items": [1, 2, 3], "letter": "x" * 1000},
    "steps": {"read": {"state": "done", "outputs": {"rows": 12, "files": [{"name": "a.csv"}], "get": "an entry"}}},
    "item": {"path": "in/a.csv"},
    "run": {"id": "r1", "date": "2026-11-21", "attempt": 1},
    "secrets": {},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${{ inputs.count }}", 3),
        (" ${{ inputs.items }} ", [1, 2, 3]),
        ("n=${{ inputs.count }}", "n=3"),
        ("${{ inputs.flag }}, ${{ inputs.none }}, ${{ inputs.items }}", "true, null, [1, 2, 3]"),
        ("${{ steps.read.outputs.rows * 2 + 1 }}", 25),
        ("${{ steps.read.outputs['files'][0].name }}", "a.csv"),
        ("${{ steps.read.outputs.get }}", "an entry"),
        ("${{ 'yes' if inputs.flag and not inputs.none else 'no' }}", "yes"),
        ("${{ inputs.count in [1, 2, 3] and 'a' in 'abc' }}", True),
        ("${{ default(steps.gone.outputs.x, 'none') }}", "none"),
        ("${{ default(inputs.none, inputs.count) }}", 3),
        ("${{ upper(trim(' a ')) + lower('B') }}", "Ab"),
        ("${{ add_days(run.date, 10) }}", "2026-12-01"),
        ("${{ days_between(run.date, '2026-12-24') }}", 33),
        ("${{ format_date(run.date, '%d.%m.%Y') }}", "21.11.2026"),
        ("${{ format('{} of {}', inputs.count, 'x') }}", "3 of x"),
        ("${{ join(split('a;b', ';'), '+') }}", "a+b"),
        ("${{ round(2.345, 1) }} ${{ round(2.7) }} ${{ number('4') }}", "2.3 3 4"),
        ("${{ stem(item.path) }}", "a"),
        ("${{ '}}' }} and '${{ \"it's\" }}'", "}} and 'it's'"),
        ("${{ [inputs.count, true, null] }}", [3, True, None]),
        ("${{ inputs.items[-1] }}${{ inputs.name[0:2] }}", "3Ma"),
    ],
)
def test_what_an_expression_comes_to(text: str, value: Any) -> None:
    assert resolve({"a": [text]}, NAMES) == {"a": [value]}


HOSTILE = [
    "9**9**9", "'a'*10**9", "'a' * 1000000000", "[1] * 1000000000", "'%1000000000d' % 1", "10 ** 10", "1 << 1000",
    "().__class__.__bases__[0].__subclasses__()", "inputs.__class__", "inputs.items.append(4)", "inputs['__class__'].x",
    "inputs.get('count')", "''.join(['a'])", "'{0.__class__}'.format(1)", "format('{0.__class__}', 1)",
    "format('{:>1000000000}', 1)", "f'{inputs}'", "[x for x in inputs.items]", "{x for x in [1]}", "lambda: 1",
    "(lambda f: f(f))(lambda f: f(f))", "__import__('os').system('id')", "open('/etc/passwd')", "eval('1')", "exec",
    "getattr(inputs, 'x')", "type(1)", "len", "upper(lower)", "(y := 5)", "*inputs.items", "{**inputs}", "b'x'", "1j",
    "...", "1 if", "await x", "yield 1", "inputs.count = 4", "1; 2", "import os", "steps.read.outputs.rows()",
    "inputs.items[::0]", "inputs.items[9]", "inputs.flag + 1", "1 / 0", "1e999", "9" * 400, "9" * 5000, "2**53 * 2",
    "9007199254740992 * 9007199254740992", "number('1e999')", "number('nan')", "number('9' )  * 'a'", "round(1.5, 999)",
    "replace('a', '', inputs.letter) + 'b'[9]", "format_date(run.date, '%100000000d')", "format_date(run.date, '%')",
    "add_days(run.date, 10000000000)", "add_days('no date', 1)", "default(1)", "upper('a', 'b')", "upper(text='a')",
    "inputs.count.real", "inputs.name.upper", "'a' < 1", "not", "inputs.", "a" * 3000, "\x00", "\\", "'\\d", "",
    "(" * 500 + ")" * 500, "-" * 1900 + "1", "not " * 400 + "1", "[" * 90 + "]" * 90, "1" + "+1" * 400,
    "inputs" + "[0]" * 300, "inputs" + ".a" * 300, "'a' if " * 200 + "1" + " else 1" * 200, "&&", "inputs.a && 1",
    "self", "globals()", "secrets.gone", "event", "𝘦𝘷𝘢𝘭(1)", "ｌｅｎ.x", "print(1)", "inputs['a' 'b']", "'\\ud800'",
]  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_hostile_or_wrong_is_an_error_and_costs_nothing(source: str) -> None:
    began, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExpressionError):
        resolve("${{ " + source + " }}", NAMES)
    assert time.process_time() - began < 5, "it took seconds of the processor"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200_000, "it took 200 MB"


def test_doubling_stops_at_a_bound() -> None:
    big = {"inputs": {"x": "x" * 600_000}}
    with pytest.raises(ExpressionError, match="more than"):
        resolve("${{ inputs.x + inputs.x }}", big)
    with pytest.raises(ExpressionError, match="more than"):
        resolve("${{ inputs.x }}${{ inputs.x }}", big)
    with pytest.raises(ExpressionError, match="more than"):
        resolve("${{ replace(inputs.x, 'x', 'yyy') }}", big)
    with pytest.raises(ExpressionError, match="more than"):
        resolve("${{ join([inputs.x, inputs.x], '') }}", big)


@pytest.mark.parametrize(
    "text", ["${{ inputs.a", "${{ 'a }}", "a ${{ 'x ${{ inputs.a }}", "${{" * 5000, "${{ '" * 5000]
)
def test_what_is_not_closed_is_an_error_at_its_place(text: str) -> None:
    with pytest.raises(ExpressionError, match="not closed") as raised:
        parse(text)
    assert raised.value.offset == text.index("${{")


def test_the_place_of_an_error_and_of_a_reference() -> None:
    text = "${{ inputs.a }} and ${{ upper(steps.b['outputs'].c) + inputs.d[inputs.e] + uper(1) }}"
    with pytest.raises(ExpressionError, match="no function `uper`") as raised:
        parse(text)
    assert text[raised.value.offset :].startswith("uper")
    found = parse(text.replace("uper", "len")).references
    assert [str(each) for each in found] == ["inputs.a", "steps.b.outputs.c", "inputs.d", "inputs.e"]
    assert [text[each.offset :][:8] for each in found] == ["inputs.a", "steps.b[", "inputs.d", "inputs.e"]


def test_an_error_names_the_value_it_is_in() -> None:
    with pytest.raises(ExpressionError, match=r"there is no `steps\.read\.outputs\.x`") as raised:
        resolve({"rows": [{"a": "fine"}, {"a": "${{ steps.read.outputs.x }}"}]}, NAMES)
    assert raised.value.path == ("rows", 1, "a")


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_a_value_passes_through_an_expression_unchanged(value: Any) -> None:
    assert resolve("${{ inputs.x }}", {"inputs": {"x": value}}) == value
    written = json.dumps(value, ensure_ascii=False).replace("{", "[").replace("}", "]").replace(":", ",")
    assert resolve("${{ " + written + " }}", {}) == json.loads(written)


@given(plain.filter(lambda value: "${{" not in json.dumps(value)))
def test_what_has_no_expression_stays_as_it_is(value: Any) -> None:
    assert resolve(value, {}) == value


@settings(max_examples=200)
@given(st.text(alphabet="${}'\"\\ ab.1[]()+-*,inputs", max_size=60))
def test_any_text_comes_to_plain_json_or_an_error(text: str) -> None:
    try:
        value = resolve(text, {"inputs": {"a": 1}})
    except ExpressionError:
        return
    assert json.loads(json.dumps(value)) == value
