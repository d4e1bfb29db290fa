"""The words and days of a contract: what cannot be kept is refused by its field, what somebody typed is kept."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from shared.agents.propose import contract_sending, contract_templates, contracts
from shared.domain.contract import ContractChange, ContractRequest
from shared.domain.contract_template import ContractTemplate, NewTemplate
from shared.domain.faults import Rejected
from shared.domain.names import Kind
from shared.domain.proposal import ProposalRequest
from shared.ports import Ports

from .conftest import BUYER, DATES, SCOPE, accepted, begun, letters, sent

TEMPLATE: dict[str, Any] = {"id": "own", "name": "Ours", "language": "en", "title": "Order"}


def test_the_last_day_that_can_be_agreed_on_holds_and_none_beyond_it_is_taken(ports: Ports) -> None:
    whole = {"proposal": "p", "client": BUYER, "to": "maja@praxis.example"}
    late = "3000-01-01"
    for wrong in ({"sign_by": late}, {"dates": {**DATES, "monthly_from": late}},
                  {"dates": {"parts": [{"title": "All", "percent": "100", "on": late}]}}):  # fmt: skip
        with pytest.raises(ValidationError, match="2999-12-31"):
            ContractRequest.model_validate({**whole, **wrong})
    asked = {"deal": "d", "to": "a@b.example", "recipient": {"name": "M"}, "title": "T", "like": "p"}
    with pytest.raises(ValidationError, match="2999-12-31"):
        ProposalRequest.model_validate({**asked, "answer_by": late})

    last = "2999-12-31"
    dates = {"parts": [{"title": "All", "percent": "100", "on": last}], "monthly_from": last, "months": 120}
    id = begun(ports, accepted(ports)[1], sign_by=last, dates=dates).id
    sent(ports, id)
    contract_sending.look_after(ports, SCOPE)
    found = contracts.get(ports, SCOPE, id)
    assert (found.standing, found.held, found.planned[-1].on.year) == ("sent", "", 3009)
    assert letters(ports)[-1][0].startswith("Please sign")


def test_a_heading_that_its_fields_break_in_two_is_refused_by_its_name_and_nothing_is_cut(ports: Ports) -> None:
    _, proposal = accepted(ports)
    broken = {"fields": {"x": "one\ntwo"}, "sections": [{"heading": "All"}, {"heading": "A {{ x }}"}]}
    long = {"fields": {"x": "v" * 500}, "sections": [{"heading": "All", "text": "{{ x }}" * 33}]}
    for id, given, field in (("a", broken, "sections[1].heading"), ("b", long, "sections[0].text")):
        made = NewTemplate.model_validate({**TEMPLATE, **given, "id": id})
        contract_templates.begin(ports, SCOPE, "m", made)
        with pytest.raises(Rejected) as told:
            begun(ports, proposal, template=id)
        assert [each.field for each in told.value.errors] == [field]
    assert ports.documents.find(SCOPE, Kind.CONTRACT).documents == []


def test_a_field_follows_its_template_unless_the_contract_says_something_else(ports: Ports) -> None:
    asked = {"fields": {"x": "1", "y": "2", "z": "3"}, "sections": [{"heading": "H", "text": "{{ x }} {{ y }}"}]}
    contract_templates.begin(ports, SCOPE, "m", NewTemplate.model_validate({**TEMPLATE, **asked}))
    id = begun(ports, accepted(ports)[1], template="own", fields={"x": "1", "y": "mine", "z": "mine"}).id
    newer = {**TEMPLATE, **asked, "fields": {"x": "one", "y": "two"}}
    del newer["id"]
    contract_templates.put(ports, SCOPE, "m", "own", ContractTemplate.model_validate(newer))

    def changed(**wished: Any) -> str:
        found = contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate(wished))
        return found.content.sections[0].text

    assert changed(sign_by="2027-03-21") == "one mine", "the field that is gone stops no change"
    assert changed(sections=[{"heading": "H", "text": "Ours"}]) == "Ours"
    assert changed(sign_by="2027-03-22") == "Ours"
    with pytest.raises(Rejected, match="fields"):
        changed(fields={"x": "9"})
    assert changed(anew=True, fields={"x": "9"}) == "9 two"
