"""A stranger's markup: whatever stands there, no tag comes to the parser with more attributes than a page has."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from shared.adapters._http.wire import Answer
from shared.adapters.sources._markup import MOST_ATTRIBUTES, markup

UNITS = st.text(alphabet="x ='\"></a!-&;\t\v\0", min_size=1, max_size=12)
REPEATED = 4_000


def widest(text: str) -> int:
    tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True))
    return max(len(each.attrib) for each in tree.iter() if isinstance(each.tag, str))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["<a ", "<a", "</p ", "<a x='", '<body y="', "<script>", "<!--", "<svg "]), UNITS)
@example("<a ", " x=1")
@example("<a ", "x='>'")
@example("<a ", " x\v='>'")
@example("<a ", ' =="><a"x')
@example("<a ", "/x=>")
@example("<a x='", "'x=\"'\"")
def test_no_tag_has_more_attributes_than_a_page_has_however_it_is_spelt(begins: str, unit: str) -> None:
    soup = "<p>so</p>" + begins + "".join(unit.replace("x", f"x{n}x") for n in range(REPEATED))
    assert widest(markup(Answer(200, {}, b""), soup.encode())) <= MOST_ATTRIBUTES + 1


def test_what_a_page_says_is_left_as_it_is() -> None:
    many = " ".join(f'data-{n}="{n}>"' for n in range(MOST_ATTRIBUTES - 1))
    script = '<script>if (a<b && c=="x") { d = \'<p title="\' }</script>'
    page = f"<html><body {many}>{script}<img src=\"data:{'x' * 50_000}\"><p title='>'>Grüße</p></body></html>"
    assert markup(Answer(200, {}, b""), page.encode()) == page


@pytest.mark.parametrize(
    ("said", "body", "read"),
    [
        ("text/html", "Müller".encode(), "Müller"),
        ("text/html; charset=iso-8859-1", "Müller – x".encode("cp1252"), "Müller – x"),
        ("text/html", b'<meta charset="koi8-r">' + "Да".encode("koi8-r"), '<meta charset="koi8-r">Да'),
        ("text/html; charset=utf-16", "Müller\ud83d".encode("utf-16", "replace"), "Müller?"),
        ("text/html; charset=punycode", b"\xff-a", "ÿ-a"),
        ("text/html; charset=hex", b"\xffab", "ÿab"),
        ("text/html; charset=no-such", b"\xffab", "ÿab"),
    ],
)
def test_a_page_is_read_in_its_encoding_if_that_is_one(said: str, body: bytes, read: str) -> None:
    assert markup(Answer(200, {"content-type": said}, body), body) == read
