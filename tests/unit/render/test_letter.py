from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.brand import STANDARD, Brand, Look, Picture, look_of
from shared.domain.campaign import CampaignRequest
from shared.domain.draft import Draft
from shared.domain.placeholders import clean
from shared.domain.wording import Copy
from shared.render.letter import lay_out
from shared.render.personal import Personal, draft_findings, sample_fields

NAME = "{{ first_name | default(\"a < b & 'c'\", true) }}"
BRIEF = {
    "goal": "g",
    "offer": "o",
    "audience": "a",
    "call_to_action": {"text": "Book & come", "url": "https://shop.example/?a=1&b=2"},
}


def laid(
    language: str = "en", by: str = "model", brief: dict[str, Any] | None = None, look: Look = STANDARD, **words: Any
) -> Draft:
    copy = Copy.model_validate(
        {
            "subject": "Hello",
            "preheader": "",
            "headline": "",
            "greeting": f"Hi {NAME},",
            "paragraphs": ["Text."],
            "points": [],
            "closing": "Bye.",
            "sign_off": "Best,\nTom",
            "language": language,
            "notes": [],
            **words,
        }
    )
    request = CampaignRequest.model_validate(
        {
            "name": "n",
            "brief": brief or BRIEF,
            "segment": {"all": True},
            "sender": {"name": "Tom & Co", "address": "hi@tom.co", "postal_address": "1 Mill Road\nLeeds"},
        }
    )
    return lay_out(copy, request, campaign="c", version=1, variant="A", written_by=by, look=look)


def seen(draft: Draft, **fields: Any):
    links = [f"https://l.example/{n}" for n in range(len(draft.links))]
    placed = "https://u.example/", "https://o.example/", "https://p.example/"
    return Personal(draft).render({**sample_fields(), **fields}, links, *placed)


class Tags(HTMLParser):
    """Every tag with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_fallback_with_special_characters_survives_escaping_and_inlining():
    mail = seen(laid(), first_name=None)
    assert "Hi a < b & 'c'," in mail.text
    assert "Hi a &lt; b &amp; &#39;c&#39;," in mail.html


def test_markup_in_the_copy_is_shown_not_obeyed():
    mail = seen(laid(paragraphs=["<script>x</script> & <b>"], headline="<i>", preheader="<u>"))
    assert "<script" not in mail.html
    assert "&lt;script&gt;x&lt;/script&gt; &amp; &lt;b&gt;" in mail.html
    assert "<script>x</script> & <b>" in mail.text


def test_the_call_to_action_is_the_first_link_and_each_address_has_one_place():
    draft = laid(
        paragraphs=["See https://a.example/x?y=1&z=2, then (https://b.example)."],
        points=["Again: https://a.example/x?y=1&z=2"],
    )
    assert draft.links == [
        "https://shop.example/?a=1&b=2",
        "https://a.example/x?y=1&z=2",
        "https://b.example",
    ]
    mail = seen(draft)
    hrefs = [attrs["href"] for tag, attrs in Tags(mail.html).found if tag == "a"]
    numbers = (1, 2, 1, 0)
    assert hrefs == [*(f"https://l.example/{n}" for n in numbers), "https://u.example/", "https://p.example/"]
    assert "See https://l.example/1, then (https://l.example/2)." in mail.text
    assert ">a.example/x</a>, then (" in mail.html


def test_a_long_address_is_shown_short():
    draft = laid(points=["https://a.example/" + "x" * 100])
    assert ">a.example/" + "x" * 37 + "…</a>" in draft.html
    assert len(draft.links[1]) == 118


def test_the_layout_is_a_complete_mail_with_its_styles_inlined():
    tags = Tags(seen(laid(points=["One", "Two"], headline="Hello")).html).found
    assert tags[0] == ("html", {"lang": "en"})
    assert [attrs["bgcolor"] for tag, attrs in tags if "bgcolor" in attrs] == ["#0b6e5f"]
    assert all("style" in attrs for tag, attrs in tags if tag in ("p", "h1", "a", "td"))
    assert next(attrs for tag, attrs in tags if tag == "img")["src"] == "https://o.example/"
    assert all("alt" in attrs for tag, attrs in tags if tag == "img")
    assert all(attrs.get("role") == "presentation" for tag, attrs in tags if tag == "table")


def test_dark_and_narrow_screens_keep_their_rules():
    html = laid().html
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 480px" in html
    assert html.index('charset="utf-8"') < 100


@pytest.mark.parametrize(
    ("language", "by", "disclosure", "unsubscribe"),
    [
        ("en", "model", "Written with AI", "Unsubscribe"),
        ("de", "model", "Mit KI geschrieben", "Abmelden"),
        ("de", "built-in writer", "Geschrieben vom eingebauten Texter von Baton", "Abmelden"),
        ("fr", "model", "Rédigé avec l'IA", "Se désinscrire"),
        ("pt", "model", "Written with AI", "Unsubscribe"),
    ],
)
def test_the_footer_speaks_the_readers_language(language: str, by: str, disclosure: str, unsubscribe: str):
    text = seen(laid(language, by)).text
    assert disclosure in text
    assert f"{unsubscribe}: https://u.example/" in text
    assert "Tom & Co, 1 Mill Road, Leeds" in text


def test_a_sender_named_like_a_template_is_found_before_anyone_gets_it():
    assert draft_findings(laid(greeting="Hi {{ nobody }}"))


words = st.text(max_size=80).map(clean).filter(lambda text: "{" not in text)


@given(words, words, st.lists(words, max_size=3))
def test_whatever_is_written_arrives_as_text(headline: str, paragraph: str, points: list[str]):
    draft = laid(headline=headline, paragraphs=[paragraph], points=points)
    assert draft_findings(draft) == []
    blank = laid(headline=headline and "x", paragraphs=["x"], points=["x"] * len(points))
    assert structure(draft) == structure(blank)


def structure(draft: Draft) -> list[str]:
    """Its tags, but for line breaks and the anchors of addresses."""
    return [tag for tag, _ in Tags(draft.html).found if tag not in ("br", "a")]


def test_a_brand_gives_a_mail_its_colours_and_its_logo() -> None:
    brand = Brand.model_validate({"name": "Nordlicht", "colours": {"primary": "#1d4e89", "background": "#fff8ee"}})
    logo = Picture(url="https://x.example/api/b/t", alt='Nord "licht" <b>', width=220, height=44)
    draft = laid(look=look_of(brand, logo))
    html = seen(draft).html
    assert "#0b6e5f" not in html
    for colour in ("#1d4e89", "#fff8ee"):
        assert colour in html
    pictures = [given for tag, given in Tags(html).found if tag == "img"]
    assert (pictures[0]["src"], pictures[0]["alt"]) == (logo.url, logo.alt)
    assert (pictures[0]["width"], pictures[0]["height"]) == ("220", "44")
    assert draft.text == laid().text
    assert draft.links == laid().links
