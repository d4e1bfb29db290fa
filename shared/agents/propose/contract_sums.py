"""No words of a contract say another price than what was agreed: the same gate that proposals pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal

from shared.agents.propose import contract_templates
from shared.agents.propose.agreed import agreed
from shared.agents.propose.priced import sums_of, whole
from shared.domain.agreed import Agreed
from shared.domain.contract import ContractContent
from shared.domain.contract_template import FIELDS, ContractTemplate, filled
from shared.domain.faults import FieldError, Missing
from shared.domain.line_items import billed, totals
from shared.domain.named_amounts import amounts, reductions, unknown
from shared.domain.scope import Scope
from shared.ports import Ports


def foreign(ports: Ports, scope: Scope, content: ContractContent, today: date) -> Iterator[FieldError]:
    """Texts that name a sum or a discount which was not agreed. May be named: what is agreed and what it is billed in,
    and what the accepted words and the template, which is a manager's, say themselves. Raises Missing, Conflict."""
    scope_of = agreed(ports, scope, content.proposal)
    template = _template(ports, scope, content)
    own = [scope_of.title, scope_of.option_name, scope_of.terms, *_said_by(template)]
    sums = {*_agreed(content), *_billed(content, today), *_zeros(content, template)}
    sums |= {each for text in own for each in amounts(text, content.currency)}
    cuts = {*_cuts(ports, scope, scope_of), *(each for text in own for each in reductions(text))}
    return unknown(_texts(content), sums, cuts, content.currency, "contract")


def _texts(content: ContractContent) -> list[tuple[str, str]]:
    """Every word of it that somebody chose, by field."""
    said = [("title", content.title), ("client.name", content.client.name), ("client.address", content.client.address)]
    for n, each in enumerate(content.sections):
        said += [(f"sections[{n}].heading", each.heading), (f"sections[{n}].text", each.text)]
    return [*said, *((f"dates.parts[{n}].title", each.title) for n, each in enumerate(content.dates.parts))]


def _agreed(content: ContractContent) -> Iterator[Decimal]:
    once, monthly = (totals(billed(content.lines, kind), content.currency) for kind in ("once", "monthly"))
    yield from (each for line in content.lines for each in (line.unit_net, totals([line], content.currency).net))
    yield from (*sums_of(once), *sums_of(monthly))
    months = content.dates.months
    yield from (monthly.net * months, monthly.gross * months)
    yield from (once.net + monthly.net * months, once.gross + monthly.gross * months)


def _billed(content: ContractContent, today: date) -> Iterator[Decimal]:
    for each in content.planned(today, content.title):
        yield from sums_of(totals(each.lines, content.currency))


def _template(ports: Ports, scope: Scope, content: ContractContent) -> ContractTemplate | None:
    with suppress(Missing):
        return contract_templates.of_version(ports, scope, content.template, content.template_version)
    return None


def _zeros(content: ContractContent, template: ContractTemplate | None) -> Iterator[Decimal]:
    """Where nothing is paid once, or each month, a template that names the sum says 0."""
    for kind in ("once", "monthly"):
        if not billed(content.lines, kind) and any(f"{kind}." in text for text in _words(template)):
            yield Decimal(0)


def _said_by(template: ContractTemplate | None) -> list[str]:
    """What a template says by itself, with the fields that it declares as it declares them."""
    if template is None:
        return []
    values = {**dict.fromkeys(FIELDS, "…"), **template.fields}
    return [*(filled(text, values) for text in _words(template)), *template.fields.values()]


def _words(template: ContractTemplate | None) -> list[str]:
    if template is None:
        return []
    return [template.title, *(text for each in template.sections for text in (each.heading, each.text))]


def _cuts(ports: Ports, scope: Scope, scope_of: Agreed) -> Iterator[Decimal]:
    """The discounts of the option that was accepted."""
    with suppress(Missing):
        content = whole(ports, scope, scope_of.digest).content
        yield from (each.percent for each in content.discounts)
        for option in content.options:
            if option.id == scope_of.option:
                yield from (each.percent for line in option.lines for each in line.discounts)
