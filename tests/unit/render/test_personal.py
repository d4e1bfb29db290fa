from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.contact import PERSONAL_FIELDS, Contact
from shared.domain.draft import Draft
from shared.render.personal import Personal, fields_of, sample_fields, template_errors, with_fallbacks
from shared.render.sandbox import judge

NAME = '{{ first_name | default("there", true) }}'


def draft(**parts: object) -> Draft:
    body = {"subject": "Hi", "preheader": "", "html": "<p>Hi</p>", "text": "Hi", "links": ["https://a.example/"]}
    return Draft(campaign="c", version=1, variant="A", written_by="x", **{**body, **parts})


def contact(**fields: object) -> Contact:
    body = {"id": "p1", "person": "p", "email": "a@example.com", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    return Contact.model_validate({**body, **fields})


def render(made: Draft, **fields: object):
    return Personal(made).render(
        fields_of(contact(**fields)), ["https://l.example/0?a=1&b=2"], "https://u", "https://o"
    )


def test_a_person_reads_their_own_name_and_a_stranger_the_fallback():
    made = draft(subject=f"Hi {NAME}", text='{{ attributes.plan | default("our plan", true) | upper }}')
    assert render(made, first_name="Anna", attributes={"plan": "gold"})[::3] == ("Hi Anna", "GOLD")
    assert render(made, first_name="")[::3] == ("Hi there", "OUR PLAN")


def test_only_html_is_escaped():
    made = draft(subject=NAME, html=f'<a href="{{{{ links[0] }}}}">{NAME}</a>', text=f"{NAME} {{{{ links[0] }}}}")
    rendered = render(made, first_name='<b>"Tom" & Jo</b>')
    assert rendered.subject == '<b>"Tom" & Jo</b>'
    assert "&lt;b&gt;" in rendered.html
    assert "<b>" not in rendered.html
    assert 'href="https://l.example/0?a=1&amp;b=2"' in rendered.html
    assert rendered.text == '<b>"Tom" & Jo</b> https://l.example/0?a=1&b=2'


def test_a_field_cannot_break_out_of_the_subject_line():
    assert render(draft(subject=f"Hi {NAME}"), first_name="Anna\r\nBcc: all@example.com").subject.count("\n") == 0


def test_a_field_is_never_itself_a_template():
    assert render(draft(text=NAME), first_name="{{ 7 * 7 }}").text == "{{ 7 * 7 }}"


def test_attributes_named_like_methods_are_plain_data():
    made = draft(text='{{ attributes.items | default("none", true) }}')
    assert render(made).text == "none"
    assert render(made, attributes={"items": "3 lamps"}).text == "3 lamps"


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("{{ 'a' * 10**8 }}", "unsafe"),
        ("{% for a in range(900) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}", "unsafe"),
        ("{# hidden #}", "unsafe"),
        ("{{ first_name.__class__ }}", "unsafe"),
        ("{{ attributes.a.b }}", "unsafe"),
        ("{{ first_name['x'] }}", "unsafe"),
        ("{{ cycler('a') }}", "unsafe"),
        ("{{ first_name ~ last_name }}", "unsafe"),
        ("{{ [first_name] }}", "unsafe"),
        ("{{ first_name | default('x', true) | safe }}", "unsafe"),
        ("{{ first_name | default('x', true) | trim('x') }}", "unsafe"),
        ("{{ first_name | default('x', true)" + " | e" * 6 + " }}", "unsafe"),
        ("{{ first_name | default('}}', true) }}", "unsafe"),
        ("{{ first_name | default('" + "x" * 101 + "', true) }}", "unsafe"),
        ("{{ " + "(" * 5000 + "first_name" + ")" * 5000 + " }}", "unsafe"),
        (f"{NAME}" * 201, "unsafe"),
        ("x" * 100_001, "unsafe"),
        ("{{ first_name", "syntax"),
        ("{{ nickname | default('x', true) }}", "unknown"),
        ("{{ unsubscribe }}", "unknown"),
        ("{{ links[0] }}", "unknown"),
        ("{{ first_name }}", "fallback"),
        ("{{ first_name | default('x') }}", "fallback"),
        ("{{ first_name | default(last_name, true) }}", "fallback"),
        ("{{ first_name | title | default('x', true) }}", "fallback"),
    ],
)
def test_what_may_not_run_is_refused_before_anything_is_computed(template, rule):
    began = time.perf_counter()
    assert {finding.rule for finding in judge(template, "text")} == {f"template-{rule}"}
    assert time.perf_counter() - began < 30


def test_errors_name_the_field_of_the_brief():
    (error,) = template_errors("Hello {{ nickname }}", "brief.offer")
    assert error.field == "brief.offer"
    assert "'nickname'" in error.reason


def test_a_draft_may_only_use_the_links_it_has():
    assert "https://l.example/0" in render(draft(text="{{ links[0] }} {{ unsubscribe }} {{ open_pixel }}")).text
    with pytest.raises(ValueError, match=r"text: there is no field 'links\[1\]'"):
        Personal(draft(text="{{ links[1] }}"))


def test_an_oversized_message_is_given_up():
    made = draft(text=NAME * 100)
    with pytest.raises(ValueError, match="text would exceed"):
        render(made, first_name="x" * 2000)


def test_the_sample_person_has_every_field():
    assert set(sample_fields()) == {*PERSONAL_FIELDS, "attributes"}
    assert with_fallbacks(f"Hi {NAME}!") == "Hi there!"


@given(st.text(alphabet=st.sampled_from("{}%#|'\" ()[].,*~+-0x_first_namedefaulttrue\n"), max_size=60))
@example("{{ first_name | default('', true) }}")
def test_whatever_passes_can_be_rendered_for_a_person_without_any_field(template):
    if not judge(template, "text"):
        assert isinstance(with_fallbacks(template), str)


def test_five_thousand_mails_a_second_leave_the_renderer():
    html = ("<p style='margin:0'>" + "word " * 50 + NAME + "</p><a href='{{ links[0] }}'>go</a>") * 22
    made = Personal(draft(subject=f"Hi {NAME}", html=html, text=html))
    person = fields_of(contact(first_name="Anna"))
    assert len(html) > 7000
    began = time.process_time()
    for _ in range(500):
        made.render(person, ["https://l.example/0"], "https://u", "https://o")
    assert 500 / (time.process_time() - began) > 5_000
