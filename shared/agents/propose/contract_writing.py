"""A contract is written from a template and what was agreed; and why a version cannot be sent as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.agents.books import terms as billing
from shared.agents.propose import contract_templates
from shared.agents.propose.agreed import agreed
from shared.agents.propose.contract_sums import foreign
from shared.agents.propose.priced import ends_at
from shared.domain.agreed import Agreed
from shared.domain.billing import Trader
from shared.domain.contract import MOST_WORDS, ContractContent, Dates, Written
from shared.domain.contract_template import TemplateVersion, filled
from shared.domain.contract_words import WORDS
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.line_items import billed, totals
from shared.domain.offer import Language
from shared.domain.scope import Scope
from shared.domain.texts import MOST_LINE
from shared.ports import Ports
from shared.render.card import lacking_words
from shared.render.document_words import day
from shared.render.invoice_words import money_text
from shared.render.typesetting import undrawable

_DAYS = timedelta(days=14)


class Wish(NamedTuple):
    """What a person decides of a contract; the rest follows from template and scope."""

    client: Trader
    to: str
    template: str | None
    fields: Mapping[str, str]
    dates: Dates
    sign_by: date | None


def write(
    ports: Ports, scope: Scope, proposal: str, wish: Wish, sections: list[Written] | None = None
) -> ContractContent:
    """What a version says; `sections` in the place of those of the template. Raises Missing, Conflict while the
    proposal is not accepted or nobody has said who sells, Rejected for a field or date that cannot be."""
    scope_of = agreed(ports, scope, proposal)
    terms = billing.required(ports, scope)
    if wish.template:
        template = contract_templates.newest(ports, scope, wish.template)
    else:
        template = contract_templates.for_language(ports, scope, scope_of.language)
    if unknown := sorted({*wish.fields} - {*template.fields}):
        raise Rejected(
            FieldError(f"fields.{unknown[0]}", f"the template has only {', '.join(template.fields) or 'none'}")
        )
    sign_by = wish.sign_by or (today(ports) + _DAYS)
    values = _values(ports, scope_of, terms.seller, wish, sign_by, terms.payment_days, template.language)
    values |= {**template.fields, **wish.fields}
    made = ContractContent(
        deal=scope_of.deal,
        proposal=proposal,
        proposal_version=scope_of.version,
        scope=scope_of.digest,
        option=scope_of.option_name,
        title=_one_line("title", template.title, values),
        language=template.language,
        agency=terms.seller,
        client=wish.client,
        to=wish.to,
        currency=scope_of.currency,
        lines=[*scope_of.lines],
        vat_note=scope_of.vat_note,
        template=template.template,
        template_version=template.version,
        note=template.note,
        fields={name: text for name, text in wish.fields.items() if text != template.fields[name]},
        sections=sections or _sections(template, values, scope_of),
        own=bool(sections),
        dates=wish.dates,
        sign_by=sign_by,
    )
    made.planned(today(ports), WORDS[made.language]["whole"])
    return made


def wrong(ports: Ports, scope: Scope, content: ContractContent) -> list[FieldError]:
    """Why it cannot be sent, or signed, as it is."""
    other = [*changed(ports, scope, content)]
    named = other or [*foreign(ports, scope, content, today(ports))]
    return [*_late(ports, content), *other, *_unlisted(content), *named, *_undrawable(ports, content)]


def changed(ports: Ports, scope: Scope, content: ContractContent) -> Iterator[FieldError]:
    """Whether something else is agreed on than this was written from."""
    try:
        if agreed(ports, scope, content.proposal).digest != content.scope:
            yield FieldError("proposal", "something else was agreed on since; write the contract anew")
    except (Conflict, Missing):
        yield FieldError("proposal", "it is not accepted any more; write the contract anew when it is")


def _unlisted(content: ContractContent) -> Iterator[FieldError]:
    if all(each.show != "scope" for each in content.sections):
        yield FieldError("sections", "none lists what is agreed with its prices; give one of them show: scope")


def today(ports: Ports) -> date:
    """The day at home."""
    return ports.clock.now().astimezone(ZoneInfo(ports.timezone)).date()


def _late(ports: Ports, content: ContractContent) -> Iterator[FieldError]:
    if ends_at(ports, content.sign_by) <= ports.clock.now():
        yield FieldError("sign_by", f"{content.sign_by} is past; name a day that is still to come")
    for field, each in content.dates.named().items():
        if each < content.sign_by:
            yield FieldError(field, f"{each} is before the last day on which it can be signed, {content.sign_by}")


def _undrawable(ports: Ports, content: ContractContent) -> Iterator[FieldError]:
    texts = {"title": content.title, "client.name": content.client.name, "client.address": content.client.address}
    texts |= {f"sections[{n}]": f"{each.heading}\n{each.text}" for n, each in enumerate(content.sections)}
    for field, text in texts.items():
        if lacking := undrawable(text, ports.fonts):
            yield FieldError(field, lacking_words(lacking))


def _sections(template: TemplateVersion, values: Mapping[str, str], scope_of: Agreed) -> list[Written]:
    there = {"": True, "terms": bool(scope_of.terms)}
    there |= {kind: any(line.billing == kind for line in scope_of.lines) for kind in ("once", "monthly")}
    return [
        Written(
            heading=_one_line(f"sections[{n}].heading", each.heading, values),
            text=_whole(f"sections[{n}].text", each.text, values),
            show=each.show,
        )
        for n, each in enumerate(each for each in template.sections if there[each.when])
    ]


def _one_line(field: str, text: str, values: Mapping[str, str]) -> str:
    said = filled(text, values).strip()
    if len(said.splitlines()) != 1 or len(said) > MOST_LINE:
        raise Rejected(FieldError(field, f"with what its fields say it is not one line of 1 to {MOST_LINE} characters"))
    return said


def _whole(field: str, text: str, values: Mapping[str, str]) -> str:
    """Nothing is cut off: what both sides are to sign is all there, or it is not written."""
    said = filled(text, values).strip()
    if len(said) > MOST_WORDS:
        raise Rejected(
            FieldError(field, f"with what its fields say it has {len(said):,} characters of {MOST_WORDS:,} at most")
        )
    return said


def _values(
    ports: Ports, scope_of: Agreed, agency: Trader, wish: Wish, sign_by: date, days: int, spoken: Language
) -> dict[str, str]:
    once, monthly = (totals(billed(scope_of.lines, kind), scope_of.currency) for kind in ("once", "monthly"))

    def money(value: Decimal) -> str:
        return money_text(value, scope_of.currency, spoken)

    return {
        "title": scope_of.title,
        "agency.name": agency.name,
        "agency.address": ", ".join(agency.address.splitlines()),
        "client.name": wish.client.name,
        "client.address": ", ".join(wish.client.address.splitlines()),
        "option": scope_of.option_name,
        "proposal.version": str(scope_of.version),
        "proposal.day": day(_day(ports, scope_of.accepted_at), spoken),
        "once.net": money(once.net),
        "once.gross": money(once.gross),
        "monthly.net": money(monthly.net),
        "monthly.gross": money(monthly.gross),
        "months": str(wish.dates.months),
        "payment.days": str(days),
        "terms": scope_of.terms,
        "sign.by": day(sign_by, spoken),
    }


def _day(ports: Ports, at: datetime) -> date:
    return at.astimezone(ZoneInfo(ports.timezone)).date()
