from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import ValidationError

from shared.domain.brand import Brand
from shared.domain.document import TEMPLATES, Invoice, Offer, TemplateName
from shared.domain.document_examples import EXAMPLES
from shared.render.document import Data, document_markdown, document_pdf, drawing_errors
from tests.unit.render.test_logo import svg

BRAND = Brand.model_validate({"name": "Nordlicht", "colours": {"primary": "#1d4e89"}})


def example(template: TemplateName, **changed: Any) -> Data:
    return TEMPLATES[template].data.model_validate({**EXAMPLES[template], **changed})


def pdf_text(data: Data) -> str:
    pages = pypdf.PdfReader(io.BytesIO(document_pdf(data, BRAND, svg()))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_template_says_all_its_data_in_both_languages_and_forms(template: TemplateName, language: str) -> None:
    data = example(template, language=language)
    pdf, markdown = pdf_text(data), document_markdown(data)
    assert document_pdf(data, BRAND, svg()) == document_pdf(data, BRAND, svg())
    label = "Sample, not legal advice" if language == "en" else "Muster, keine Rechtsberatung"
    for said in (pdf, markdown):
        assert label in said
        assert data.number in said
        assert "None" not in said
        assert "{" not in said
    for text in ("Nordlicht Studio", "Mühlenweg 1", "22089 Hamburg"):
        assert text in pdf
        assert text in markdown


def test_sums_are_rounded_by_line_and_add_up() -> None:
    items = [{"description": "a", "quantity": "3", "unit_price": "0.35"},
             {"description": "b", "quantity": "0.333", "unit_price": "10.00"}]  # fmt: skip
    data = example("offer", items=items, tax_percent="7.5")
    assert isinstance(data, Offer)
    assert (data.net, data.tax) == (Decimal("4.38"), Decimal("0.33"))  # 1.05 + 3.33; 0.3285
    assert "4.71 EUR" in document_markdown(data).replace("\u00a0", " ")
    german = document_markdown(example("invoice")).replace("\u00a0", " ")
    assert "1.725,50 EUR" in german
    assert "30. April 2027" in german


MISSING = [(name, field) for name, each in TEMPLATES.items() for field, info in each.data.model_fields.items()
           if info.is_required()]  # fmt: skip


@pytest.mark.parametrize(("template", "field"), MISSING)
def test_a_missing_or_empty_field_is_an_error_that_names_it(template: TemplateName, field: str) -> None:
    whole = dict(EXAMPLES[template])
    for wrong in ({name: value for name, value in whole.items() if name != field}, {**whole, field: ""}):
        with pytest.raises(ValidationError) as refused:
            TEMPLATES[template].data.model_validate(wrong)
        assert {each["loc"][0] for each in refused.value.errors() if each["loc"]} >= {field}


@pytest.mark.parametrize(
    ("template", "changed", "reason"),
    [
        ("offer", {"valid_until": "2027-02-01"}, "must not be before date, 2027-03-01"),
        ("offer", {"tax_percent": 0}, "tax_note must say why"),
        ("offer", {"items": []}, "at least 1 item"),
        ("offer", {"items": [{"description": "x", "unit_price": "-1"}]}, "greater than or equal to 0"),
        ("offer", {"items": [{"description": "x", "unit_price": "1.234"}]}, "decimal places"),
        ("offer", {"items": [{"description": "x", "unit_price": "NaN"}]}, "finite"),
        ("offer", {"discount": 5}, "Extra inputs"),
        ("offer", {"introduction": "a\x1bb"}, "control character"),
        ("invoice", {"iban": "DE89 3704 0044 0532 0130 01"}, "check digits"),
        ("invoice", {"iban": "nonsense"}, "is not an IBAN"),
        ("invoice", {"due": "2027-04-01"}, "must not be before date"),
        ("invoice", {"sender": {"name": "N", "address": "Am Kai 4"}}, "sender.tax_id is required"),
        ("contract", {"end": "2027-03-01"}, "must not be before start"),
        ("contract", {"language": "fr"}, "'en' or 'de'"),
    ],
)
def test_data_that_contradict_themselves_are_refused(template: TemplateName, changed: Any, reason: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(reason)):
        example(template, **changed)


HOSTILE = '#panic("x") $x^2$ *b* _i_ `r` @l <img src=x onerror=y> [a](javascript:x) | # - \\ {{ x }} ]]'


def test_what_looks_like_markup_is_text_in_both_forms() -> None:
    data = example("offer", subject=HOSTILE, introduction=f"- {HOSTILE}\n1. {HOSTILE}\n===", terms=HOSTILE,
                   items=[{"description": HOSTILE, "unit_price": 1}])  # fmt: skip
    squeezed = "".join(pdf_text(data).split())
    assert squeezed.count("".join(HOSTILE.split())) == 5
    html = MarkdownIt("commonmark").enable("table").render(document_markdown(data))
    shown = re.sub(r"<[^>]+>", "", html)
    for bad in ("<img", "<a ", "<em>b", "<code", "<ol", "<strong"):
        assert bad not in html
    assert shown.count("[a](javascript:x) | # - \\ {{ x }} ]]") == 5
    assert html.count("<table>") == 1
    assert html.count("<h1>") == 1


@settings(max_examples=10, deadline=None)
@given(st.text(st.sampled_from("aWé שع|*#-\n$"), min_size=1, max_size=300).filter(str.strip), st.integers(1, 40))
def test_any_text_and_any_number_of_lines_are_set(text: str, lines: int) -> None:
    items = [{"description": text, "quantity": "1000000", "unit_price": "10000000.00"}] * lines
    assert document_pdf(example("offer", items=items, terms=text, closing=text), Brand())


def test_what_no_font_has_is_named_by_its_path() -> None:
    items = [{"description": "ok", "unit_price": 1}, {"description": "宴会", "unit_price": 1}]
    errors = [*drawing_errors(example("offer", items=items), ())]
    assert [each.field for each in errors] == ["data.items[1].description"]
    assert "宴 (U+5BB4)" in errors[0].reason


def test_an_iban_is_written_in_groups() -> None:
    data = example("invoice", iban="de89370400440532013000")
    assert isinstance(data, Invoice)
    assert data.iban == "DE89 3704 0044 0532 0130 00"
