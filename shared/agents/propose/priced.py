"""What a version of a proposal costs, and whether it may be sent: the one gate that every way out passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.agents.propose import offers
from shared.domain.derivation import printed
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.floor import below_floor
from shared.domain.line_items import Totals
from shared.domain.named_amounts import amounts, unknown
from shared.domain.names import Kind
from shared.domain.offer import OfferTerms, Reduction
from shared.domain.pricing import Priced, priced
from shared.domain.proposal import Content, PricedOption, Stored
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.card import lacking_words
from shared.render.typesetting import undrawable


class Whole(NamedTuple):
    """A version with the terms that it was priced by, and what each option costs."""

    content: Stored
    terms: OfferTerms
    options: list[PricedOption]


def whole(ports: Ports, scope: Scope, digest: str) -> Whole:
    """Of the version with this digest. Raises Missing."""
    found = ports.documents.get(scope, Kind.PROPOSAL_CONTENT, digest)
    if found is None:
        raise Missing("version", digest)
    content = Stored.model_validate(found.body)
    terms = terms_of(ports, scope, content.offer_terms)
    return Whole(content, terms, price_options(terms, content))


def terms_of(ports: Ports, scope: Scope, digest: str) -> OfferTerms:
    """The terms of an offer that have this digest. Raises Missing."""
    found = ports.documents.get(scope, Kind.OFFER_TERMS, digest)
    if found is None:
        raise Missing("offer", digest)
    return OfferTerms.model_validate(found.body)


def price_options(terms: OfferTerms, content: Content) -> list[PricedOption]:
    """Each option priced. Raises Rejected, its paths within the content."""
    made: list[PricedOption] = []
    wrong: list[FieldError] = []
    for n, option in enumerate(content.options):
        try:
            found = priced(terms, content.currency, option.lines, content.discounts, f"options[{n}].lines")
        except Rejected as error:
            wrong += error.errors
            continue
        text = printed(found, content.language)
        parts = {"once": found.once, "monthly": found.monthly}
        made.append(PricedOption(id=option.id, name=option.name, priced=found, printed=text, **parts))
    if wrong:
        raise Rejected(*dict.fromkeys(wrong))
    return made


def refusals(ports: Ports, scope: Scope, found: Whole) -> list[FieldError]:
    """Why this may not leave: a price below its floor, by the offer that it was priced by or by the newest one; words
    that name another price; a day that is past; what no font can draw."""
    wrong = [*_below(found.terms, found), *_unlike_the_newest(ports, scope, found)]
    wrong += foreign_amounts(found, texts(found.content))
    if ends_at(ports, found.content.answer_by) <= ports.clock.now():
        wrong.append(FieldError("answer_by", f"{found.content.answer_by} is past; name a day that is still to come"))
    for field, text in texts(found.content):
        if lacking := undrawable(text, ports.fonts):
            wrong.append(FieldError(field, lacking_words(lacking)))
    return [*dict.fromkeys(wrong)]


def foreign_amounts(
    found: Whole, said: Sequence[tuple[str, str]], sums: Set[Decimal] = frozenset(), cuts: Set[Decimal] = frozenset()
) -> Iterator[FieldError]:
    """Texts that name a sum or a discount which none of the lines has; `sums` and `cuts` may be named as well."""
    cuts = {*cuts, *(each.percent for each in _reductions(found))}
    return unknown(said, {*_known(found), *sums}, cuts, found.content.currency, "proposal")


def sums_of(total: Totals) -> Iterator[Decimal]:
    """Those that it shows; that nothing is paid once, or each month, is no sum that a text may promise."""
    shown = (total.net, total.gross, total.tax, *(amount for vat in total.vat for amount in (vat.net, vat.tax)))
    return (each for each in shown if each)


def texts(content: Content) -> list[tuple[str, str]]:
    """Everything that a client reads of it as words, by field."""
    said = [("title", content.title), ("terms", content.terms), *_option_texts(content)]
    for n, each in enumerate(content.paragraphs):
        said += [(f"paragraphs[{n}].heading", each.heading), (f"paragraphs[{n}].text", each.text)]
    whom = content.recipient
    said += [("recipient.name", whom.name), ("recipient.company", whom.company), ("recipient.address", whom.address)]
    return [*said, *((f"discounts[{n}].name", each.name) for n, each in enumerate(content.discounts))]


def ends_at(ports: Ports, day: date) -> datetime:
    """The moment at which a day is over, where this home is."""
    zone = ZoneInfo(ports.timezone)
    return datetime.combine(day + timedelta(days=1), time(0), zone)


def _option_texts(content: Content) -> Iterator[tuple[str, str]]:
    for n, option in enumerate(content.options):
        yield f"options[{n}].name", option.name
        yield f"options[{n}].text", option.text
        for m, line in enumerate(option.lines):
            yield f"options[{n}].lines[{m}].title", line.title or ""
            yield f"options[{n}].lines[{m}].unit", line.unit or ""
            yield from ((f"options[{n}].lines[{m}].discounts", each.name) for each in line.discounts)


def _below(terms: OfferTerms, found: Whole) -> Iterator[FieldError]:
    for n, option in enumerate(found.options):
        yield from below_floor(terms, option.priced, f"options[{n}].lines")


def _unlike_the_newest(ports: Ports, scope: Scope, found: Whole) -> list[FieldError]:
    """The prices of this version against the floors of the newest terms: an old version opens no way below them."""
    try:
        newest = offers.get(ports, scope, found.content.offer).terms
        now = price_options(newest, found.content)
    except Missing as gone:
        return [gone.error]
    except Rejected as wrong:
        return [*wrong.errors]
    judged = [_with_floors(old.priced, new.priced) for old, new in zip(found.options, now, strict=True)]
    return [error for n, each in enumerate(judged) for error in below_floor(newest, each, f"options[{n}].lines")]


def _with_floors(old: Priced, new: Priced) -> Priced:
    lines = [each.model_copy(update={"floor": now.floor}) for each, now in zip(old.lines, new.lines, strict=True)]
    return old.model_copy(update={"lines": lines})


def _known(found: Whole) -> Iterator[Decimal]:
    """Every sum that the proposal itself shows, and those of the offer's own words."""
    for option in found.options:
        for line in option.priced.lines:
            yield line.line.unit_net
            yield from (step.result for step in line.steps)
        yield from sums_of(option.once)
        yield from sums_of(option.monthly)
    terms = found.terms
    for text in (terms.terms, terms.text, *(each.text for each in terms.items.values())):
        yield from amounts(text, found.content.currency)


def _reductions(found: Whole) -> Iterator[Reduction]:
    yield from found.content.discounts
    yield from (each for option in found.content.options for line in option.lines for each in line.discounts)
