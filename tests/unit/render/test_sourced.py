from __future__ import annotations

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from shared.render.sourced import Stated, sourced

MAIL = """<html><head><title>Eight people.</title><style>p { margin: 0 }</style></head><body>
<div class="preheader" style="display: none; opacity: 0">Eight people.</div><p>Hi <b>Ann</b>,</p>
<p>six evenings,
eight &amp; people. It starts on <b>Tuesday</b> at 18:30. Bye</p><p>Eight people.</p></body></html>"""
ADDED = re.compile(
    r'<input class="baton-box"[^>]*>|<label class="baton-[^>]*>|</label>|<span class="baton-source.*?</span>',
    re.DOTALL,
)
STYLE = re.compile(r"<style>\n\.baton.*?</style>", re.DOTALL)


def plain(html: str) -> str:
    return ADDED.sub("", STYLE.sub("", html))


def test_a_sentence_is_marked_where_it_stands_with_what_it_rests_on() -> None:
    html = sourced(
        MAIL, [Stated("six evenings, eight & people.", "fact 1: “<b>”"), Stated("Eight people.", "no", False)]
    )
    assert '<label class="baton-said" for="baton-0">six evenings,\neight &amp; people.</label>' in html
    assert ">fact 1: “&lt;b&gt;”</span>" in html
    assert "<title>Eight people.</title>" in html
    assert '<label class="baton-unsaid" for="baton-1">Eight people.</label>' in html
    assert plain(html) == MAIL


def test_a_sentence_with_a_tag_in_it_is_one_and_one_that_is_not_there_is_none() -> None:
    html = sourced(MAIL, [Stated("It starts on Tuesday at 18:30.", "the offer"), Stated("Ann, six evenings", "x")])
    assert html.count('for="baton-0"') == 3
    assert html.count("baton-box") - html.count(".baton-box") == 1
    assert "baton-1" not in html
    assert plain(html) == MAIL
    assert sourced(MAIL, [Stated("Nowhere.", "x")]) == sourced(MAIL, []) == MAIL


def test_a_sentence_within_another_is_not_marked_twice() -> None:
    html = sourced("<p>One. Two.</p>", [Stated("One. Two.", "a"), Stated("Two.", "b")])
    assert html.count("<label") == 1


WORDS = st.text(st.sampled_from("ab &<>\"'é.;#x1 \n"), max_size=30)


@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=4), WORDS)
def test_nothing_but_marks_is_added_whatever_stands_there(paragraphs: list[str], said: list[str], source: str) -> None:
    mail = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    html = sourced(mail, [Stated(each, source) for each in (*said, *paragraphs)])
    assert plain(html) == mail
    for told in re.findall(r'<span class="baton-source[^>]*>(.*?)</span>', html, re.DOTALL):
        assert unescape(told) == source
        assert "<" not in told
