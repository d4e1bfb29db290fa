"""Templates beside Jinja itself, which compiles what we only read; and the encoding of a text in pieces."""

from __future__ import annotations

from binascii import a2b_base64, a2b_qp
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.render.body import Frame, encoded
from shared.render.sandbox import FILTERS, judge
from shared.render.template import Template

fallbacks = st.sampled_from(["", "friend", "<b>", "a & b", "Zoë", "of JAN's"])
filters = st.lists(st.sampled_from(["upper", "lower", "title", "trim", "e", "escape"]), max_size=4)
fields = st.sampled_from(["first_name", "city", "attributes.plan", "attributes.items"])
placed = st.sampled_from(["links[0]", "links[1]", "unsubscribe", "open_pixel"])
personal = st.builds(
    lambda field, fallback, chain: "{{ " + " | ".join((field, f'default("{fallback}", true)', *chain)) + " }}",
    fields, fallbacks, filters,
)  # fmt: skip
links = st.builds(lambda place, chain: "{{- " + " | ".join((place, *chain)) + " -}}", placed, filters)
fixed = st.sampled_from(["", "Dear ", "<p>\n", "  \r\n", "} }", "ü", '"'])
templates = st.lists(fixed | personal | links, max_size=8).map("".join)
words = st.none() | st.text(max_size=20) | st.sampled_from(["<i>&", " ada LOVELACE ", "\r\n", "{{ city }}"])


@given(templates, words, words, st.dictionaries(st.sampled_from(["plan", "items"]), words), st.booleans())
def test_a_template_says_what_jinja_would(
    text: str, name: str | None, city: str | None, attributes: dict[str, str | None], markup: bool
) -> None:
    assert judge(text, "text", links=2) == []
    values: dict[str, Any] = {"first_name": name, "city": city, "attributes": attributes}
    values |= {"links": ["https://a.example/?x=1&y=2", "#"], "unsubscribe": "https://u.example", "open_pixel": ""}
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=markup, keep_trailing_newline=True)
    jinja.filters = {each: jinja.filters[each] for each in FILTERS}
    assert Template(text, markup).fill(values) == jinja.from_string(text).render(
        values | {"attributes": _Plain(attributes)}
    )


class _Plain(dict[str, str | None]):
    """Jinja asks for the attribute first, so a method of dict would hide a field of that name."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("items", "plan"):
            raise AttributeError(name)
        return super().__getattribute__(name)


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), max_size=5), st.text(max_size=90))
@example([("a\n", "\n"), ("", ""), ("", "=FD\n\n")], "\n")
@example([("=FE\t=FF  ", "x" * 150), ("", "x" * 75 + ".")], ".")
def test_pieces_encode_to_what_they_say_together(said: list[tuple[str, str]], last: str) -> None:
    frame = Frame([*(shared for shared, _ in said), last])
    text = frame.filled([own for _, own in said])
    encoding, octets = encoded(text)

    pieces = [*(piece for pair in said for piece in pair), last]
    assert text == "".join(pieces)
    decoded = (a2b_qp if encoding == b"quoted-printable" else a2b_base64)(octets)
    lines = (text.replace("\r\n", "\n").replace("\r", "\n") for text in pieces)
    if encoding == b"quoted-printable":
        assert decoded.replace(b"\r\n", b"\n").decode() == "".join(lines).encode(errors="replace").decode()
    else:
        assert decoded.count(b"\r\n") == decoded.count(b"\n") == decoded.count(b"\r")
    assert all(len(line) <= 76 for line in octets.split(b"\r\n"))
    assert b"  " not in octets
    assert b"\t" not in octets
    assert not any(line.endswith(b" ") for line in octets.split(b"\r\n"))
    assert b"=_" not in octets
    assert octets.isascii()


def test_what_messages_share_is_encoded_alike_in_each() -> None:
    frame = Frame(["Grüße aus Lindau an " * 40, "."])
    first, second = encoded(frame.filled(["Ada"])), encoded(frame.filled(["Zoë"]))
    assert first[1].removesuffix(b"Ada=\r\n=2E") == second[1].removesuffix(b"Zo=C3=AB=\r\n=2E") != b""


def test_every_gap_is_filled() -> None:
    with pytest.raises(ValueError, match="attempt to assign sequence"):
        Frame(["Dear ", "!"]).filled([])
