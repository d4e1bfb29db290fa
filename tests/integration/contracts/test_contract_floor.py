"""No words of a contract say another price than what was agreed, wherever they stand."""

from __future__ import annotations

from typing import Any

import pytest

from shared.agents.propose import contract_sending, contract_templates, contracts
from shared.domain.contract import ContractChange, Dates, Written
from shared.domain.contract_template import ContractTemplate
from shared.domain.faults import Rejected
from shared.ports import Ports

from .conftest import DATES, SCOPE, accepted, begun


def test_a_contract_opens_no_way_below_the_floor(ports: Ports) -> None:
    made = begun(ports, accepted(ports)[1])
    assert made.wrong == []

    def refusals(**wished: Any) -> list[str]:
        after = contracts.change(ports, SCOPE, made.id, "o", ContractChange(**wished))
        with pytest.raises(Rejected) as refused:
            contract_sending.submit(ports, SCOPE, made.id, "o")
        assert [f"{each.field}: {each.reason}" for each in refused.value.errors] == after.wrong
        return [each.field for each in refused.value.errors]

    listed = made.content.sections
    for said in ("Instead of all else it costs 1.00 EUR.", "Only 100,- EURO", "50 % Ermäßigung", "All for 0 EUR"):
        section = Written(heading="Price", text=said)
        assert refusals(sections=[*listed, section]) == [f"sections[{len(listed)}].text"], said
    assert refusals(sections=[Written(heading="All for EUR: 99", show="scope")]) == ["sections[0].heading"]
    assert refusals(sections=[each for each in listed if each.show != "scope"]) == ["sections"], "no line is listed"
    [at] = [n for n, each in enumerate(listed) if "one month to the end" in each.text]
    assert refusals(anew=True, fields={"notice": "a month, for 99 EUR"}) == [f"sections[{at}].text"]
    parts = [{**DATES["parts"][0], "title": "All: 99 EUR"}, DATES["parts"][1]]
    dates = Dates.model_validate({**DATES, "parts": parts})
    assert refusals(fields={}, dates=dates) == ["dates.parts[0].title"]
    client = made.content.client.model_copy(update={"name": "99 EUR GmbH"})
    assert refusals(dates=Dates.model_validate(DATES), client=client)[0] == "client.name"
    assert contracts.CONTRACTS.load(ports, SCOPE, made.id).asked is None


def test_what_was_agreed_and_what_a_template_says_may_be_named(ports: Ports) -> None:
    """2,700.00 EUR once and 180.00 EUR a month for six months, with 19 % VAT; 40 % of it as a deposit."""
    own = contract_templates.newest(ports, SCOPE, "services-en").model_dump()
    given = {name: own[name] for name in ContractTemplate.model_fields}
    cap = {"heading": "Cap", "text": "Liability ends at {{ cap }} EUR, in all {{ once.gross }} and {{ monthly.net }}."}
    given |= {"fields": {**own["fields"], "cap": "100,000"}, "sections": [*own["sections"], cap]}
    contract_templates.put(ports, SCOPE, "m", "services-en", ContractTemplate.model_validate(given))
    made = begun(ports, accepted(ports)[1])
    assert made.wrong == []
    said = (
        "The price is 2,700.00 EUR (3.213,00 Euro with 19 % VAT). 1,080.00 EUR as the deposit of 40 %, "
        "€ 180 each month, 1.080,00 € in six months. Since 2026 we brought clients 20 % more visitors."
    )
    sections = [*made.content.sections, Written(heading="Price", text=said)]
    assert contracts.change(ports, SCOPE, made.id, "o", ContractChange(sections=sections)).wrong == []
    assert (
        contracts.change(ports, SCOPE, made.id, "o", ContractChange(anew=True, fields={"cap": "99"}))
        .wrong[0]
        .startswith("sections[")
    )
