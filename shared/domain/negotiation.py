"""What can be answered to a counter-offer: the price itself where no floor forbids it, something in return, less for
less, another option. All of it is computed; nothing is below a floor, and a person chooses what is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal

from pydantic import BaseModel

from shared.domain.faults import Rejected
from shared.domain.floor import below_floor
from shared.domain.offer import Language, OfferTerms, Reduction, Trade
from shared.domain.pricing import Chosen, Priced, priced
from shared.domain.proposal import Content, Option
from shared.domain.proposal_words import money

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "price": "The price asked for", "in_return": "in return {what}", "without": "Without {what}",
        "fewer": "{n} instead of {before} {unit}: {what}", "other": "The option “{name}” as it is",
        "agreed": "Agreed price", "can": "The sum asked for is possible.",
        "cannot": "For this scope the sum asked for is below what we can do.",
        "hello": "Thank you for your offer of {sum} for “{option}”.", "options": "What we can do:",
        "none": "We stay with the proposal as it is.", "net": "net", "ask": "Tell us which you prefer.",
    },
    "de": {
        "price": "Der gewünschte Preis", "in_return": "dafür: {what}", "without": "Ohne {what}",
        "fewer": "{n} statt {before} {unit}: {what}", "other": "Die Variante „{name}“, wie sie ist",
        "agreed": "Vereinbarter Preis", "can": "Die gewünschte Summe ist möglich.",
        "cannot": "Für diesen Umfang liegt die gewünschte Summe unter dem, was uns möglich ist.",
        "hello": "Vielen Dank für Ihr Angebot von {sum} für „{option}“.", "options": "Was wir tun können:",
        "none": "Wir bleiben bei unserem Angebot.", "net": "netto", "ask": "Sagen Sie uns, was Ihnen lieber ist.",
    },
}  # fmt: skip


class Alternative(BaseModel):
    """One answer: what changes, why it is possible, what all that is paid once and one month costs then, without VAT;
    `content` is the proposal with it."""

    id: str
    name: str
    engagement: Decimal
    content: Content


class Negotiated(BaseModel):
    """`possible`: the sum asked for is not below a floor. `answer` says all of it to the client, for a person to
    change and to send; it begins with `thanks`, which repeats the sum that was asked for."""

    possible: bool
    thanks: str
    reason: str
    alternatives: list[Alternative]
    answer: str


def negotiated(terms: OfferTerms, content: Content, option: str, wanted: Decimal) -> Negotiated:
    """What can be answered, by the newest terms, to somebody who wants an option for a sum."""
    words = _WORDS[content.language]
    asked = next(each for each in content.options if each.id == option)
    room = _Room(terms, content, asked, wanted)
    price = [*room.price()]
    found = [*price, *room.trades(), *room.smaller(), *room.others()]
    reason = words["can"] if price else words["cannot"]
    thanks = words["hello"].format(sum=money(wanted, content.currency, content.language), option=asked.name)
    answer = "\n".join([thanks, reason, *_told(content, found)])
    return Negotiated(possible=bool(price), thanks=thanks, reason=reason, alternatives=found, answer=answer)


class _Room:
    """The room of one negotiation."""

    def __init__(self, terms: OfferTerms, content: Content, option: Option, wanted: Decimal) -> None:
        self._terms, self._content, self._option, self._wanted = terms, content, option, wanted
        self._words = _WORDS[content.language]
        self._now = self._priced(option.lines, content.discounts)

    def price(self) -> Iterator[Alternative]:
        """The whole scope for what is asked, rounded so that it is not less, if no floor is above that."""
        if self._now is None or self._now.engagement <= self._wanted:
            return
        share = (self._now.engagement - self._wanted) * 100 / self._now.engagement
        percent = share.quantize(Decimal("0.01"), ROUND_DOWN)
        if percent > 0:
            less = [Reduction(name=self._words["agreed"], percent=percent)]
            yield from self._made("price", self._words["price"], self._option.lines, less)

    def trades(self) -> Iterator[Alternative]:
        """Something for something: each trade alone, then all together."""
        lines = [each for line in self._option.lines for each in line.discounts]
        known = {each.name for each in (*self._content.discounts, *lines)}
        left = [each for each in self._terms.trades if each.name not in known]
        for each in left:
            yield from self._trade(each.id, [each])
        if len(left) > 1:
            yield from self._trade("all-trades", left)

    def smaller(self) -> Iterator[Alternative]:
        """Less for less: without an add-on, without all of them, fewer units."""
        lines = self._option.lines
        addons = {each.id for each in self._terms.addons}
        extra = [line for line in lines if line.item in addons or (not line.item and len(lines) > 1)]
        for n, line in enumerate(extra):
            rest = [each for each in lines if each is not line]
            yield from self._made(f"without-{n}", self._words["without"].format(what=self._title(line)), rest)
        if len(extra) > 1:
            what = ", ".join(map(self._title, extra))
            rest = [each for each in lines if each not in extra]
            yield from self._made("without-all", self._words["without"].format(what=what), rest)
        for n, line in enumerate(lines):
            yield from self._fewer(n, line)

    def others(self) -> Iterator[Alternative]:
        """Another option that costs no more than is asked for."""
        for each in self._content.options:
            found = self._priced(each.lines, self._content.discounts) if each.id != self._option.id else None
            if found is not None and found.engagement <= self._wanted and self._sound(found):
                content = self._content.model_copy(update={"recommended": each.id})
                name = self._words["other"].format(name=each.name)
                yield Alternative(id=f"option-{each.id}", name=name, engagement=found.engagement, content=content)

    def _trade(self, id: str, trades: Sequence[Trade]) -> Iterator[Alternative]:
        less = [Reduction(name=each.name, percent=each.percent) for each in trades]
        names = ", ".join(f"{each.name} (− {each.percent} %)" for each in trades)
        what = self._words["in_return"].format(what="; ".join(each.in_return for each in trades))
        yield from self._made(id, f"{names}; {what}", self._option.lines, less)

    def _fewer(self, n: int, line: Chosen) -> Iterator[Alternative]:
        """As many units as the sum asked for pays for, if that is enough of them."""
        item = self._terms.items.get(line.item)
        if item is None or self._now is None or self._now.engagement <= self._wanted:
            return
        found = self._now.lines[n]
        rest = self._now.engagement - found.net
        if not found.line.unit_net:
            return
        units = ((self._wanted - rest) / found.line.unit_net).quantize(Decimal(1), ROUND_FLOOR)
        if item.least <= units < line.quantity:
            fewer = [*self._option.lines]
            fewer[n] = line.model_copy(update={"quantity": units})
            name = self._words["fewer"].format(n=units, before=line.quantity, unit=found.unit, what=self._title(line))
            yield from self._made(f"fewer-{n}", name, fewer)

    def _made(
        self, id: str, name: str, lines: Sequence[Chosen], less: Sequence[Reduction] = ()
    ) -> Iterator[Alternative]:
        """The alternative, if there is one and no floor forbids it; what is taken off is on the lines of this option,
        so that the others stay as they are."""
        if not lines or any(len(each.discounts) + len(less) > 5 for each in lines):
            return
        changed = [each.model_copy(update={"discounts": [*each.discounts, *less]}) for each in lines]
        found = self._priced(changed, self._content.discounts)
        if found is not None and self._sound(found):
            option = self._option.model_copy(update={"lines": changed})
            options = [option if each.id == option.id else each for each in self._content.options]
            content = self._content.model_copy(update={"options": options})
            yield Alternative(id=id, name=name, engagement=found.engagement, content=content)

    def _priced(self, lines: Sequence[Chosen], less: Sequence[Reduction]) -> Priced | None:
        try:
            return priced(self._terms, self._content.currency, lines, less)
        except Rejected:
            return None

    def _sound(self, found: Priced) -> bool:
        return not [*below_floor(self._terms, found)]

    def _title(self, line: Chosen) -> str:
        item = self._terms.items.get(line.item)
        return line.title or (item.name if item else line.item)


def _told(content: Content, found: Sequence[Alternative]) -> list[str]:
    words, language = _WORDS[content.language], content.language
    if not found:
        return [words["none"]]
    sums = [f"– {each.name}: {money(each.engagement, content.currency, language)} {words['net']}" for each in found]
    return [words["options"], *sums, words["ask"]]
