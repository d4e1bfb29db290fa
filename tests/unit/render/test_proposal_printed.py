"""What a client has in hand, page and PDF, is enough to recompute every sum of it with a pencil."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from shared.domain.brand import Brand, look_of
from shared.domain.campaign import Sender
from shared.domain.derivation import printed
from shared.domain.offer import OfferTerms
from shared.domain.pricing import Chosen, priced
from shared.domain.proposal import Content, Option, PricedOption, Recipient
from shared.render.proposal import outline, proposal_pdf
from shared.render.proposal_page import client_page
from tests.unit.domain.test_pricing import TERMS, by_hand, changed, chosen, coin, number, reduction, reductions

RATES = {**TERMS.model_dump()["rates"], "JPY": {"rate": "163.217", "date": "2026-11-20", "source": "ECB"}}
SENDER = Sender(name="Nordlicht", address="hallo@nordlicht.example", postal_address="Speersort 1, Hamburg")
ROW = re.compile(r'<div class="row"><span>(.*?)<br><small>(.*?) × ([\d.,]+) (\w{3}) .*?</small></span><span>([\d.,]+) ')
SUM = re.compile(r'<div class="sum[ al]*"><span>(.*?)</span><b>([\d.,]+) ')
MONO = re.compile(r'<p class="mono".*?>(.*?)</p>')


def made(lines: list[Chosen], less: list[Any], currency: str, language: Any) -> tuple[Any, list[PricedOption]]:
    """The outline of a proposal with these lines."""
    terms: OfferTerms = changed(rates=RATES)
    found = priced(terms, currency, lines, [reduction(each) for each in less])
    options = [
        PricedOption(id="a", name="A", priced=found, printed=printed(found, language), once=found.once,
                     monthly=found.monthly)
    ]  # fmt: skip
    content = Content(
        title="Site", language=language, recipient=Recipient(name="Maja"), currency=currency,
        options=[Option(id="a", name="A", lines=lines)], answer_by=date(2027, 1, 1),
    )  # fmt: skip
    return outline(content, options, terms, SENDER, 1, "0" * 64, date(2026, 12, 1)), options


@settings(max_examples=40, deadline=None)
@given(
    st.lists(chosen, min_size=1, max_size=5),
    reductions,
    st.sampled_from(["EUR", "CHF", "JPY"]),
    st.sampled_from(["en", "de"]),
)
def test_the_clients_page_is_recomputed_from_its_text_alone(
    lines: list[Chosen], less: list[Any], currency: str, language: Any
) -> None:
    whole = [each.model_copy(update={"price": each.price and each.price.to_integral_value()}) for each in lines]
    said, _ = made(whole, less, currency, language)
    page = client_page(said, look_of(Brand()), "", "", [], "", [], open=False)
    text = unescape(page).replace("\u00a0", " ")
    nets = []
    for _, quantity, unit, _, net in ROW.findall(text):
        units, each = number(quantity, language), number(unit, language)
        assert number(net, language) == coin(units * each, currency, ROUND_HALF_UP), text
        nets.append(number(net, language))
    assert len(nets) == len(lines)
    sums = [(name, number(value, language)) for name, value in SUM.findall(text)]
    shown = {"net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0)}
    for name, value in sums:
        kind = "net" if name.startswith(("Net,", "Netto,")) else "gross" if name.startswith(("With", "Mit")) else "tax"
        shown[kind] += value
    assert shown["net"] == sum(nets), "the rows and no more"
    assert shown["gross"] == shown["net"] + shown["tax"]
    steps = [unescape(each) for each in MONO.findall(page)]
    titles = {line.line.title for line in made(whole, less, currency, language)[1][0].priced.lines}
    assert len([*by_hand(steps, language)]) == len([each for each in steps if each not in titles])
    told = {number(each, language) for step in steps for each in re.findall(r"= ([\d.,]+) ", step)}
    assert told >= {*nets, *(value for _, value in sums)}, "each sum that is shown is derived"


def test_the_pdf_prints_every_step_of_it() -> None:
    lines = [
        Chosen.model_validate({"item": "website", "quantity": "6.5", "complexity": "shop"}),
        Chosen.model_validate({"item": "care", "quantity": "4", "discounts": [{"name": "a", "percent": "3.5"}]}),
    ]
    for language in ("en", "de"):
        said, options = made(lines, [{"name": "Returning client", "percent": "5"}], "CHF", language)
        pages = PdfReader(io.BytesIO(proposal_pdf(said, Brand()))).pages
        text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
        assert [each for each in options[0].printed if re.sub(r"\s", "", each) not in text] == []
