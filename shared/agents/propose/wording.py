"""The text of a proposal without a model: the client's own words, what the offer says, facts that somebody vouches for.
Nothing else is told, so nothing is invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.domain.faults import FieldError, Rejected
from shared.domain.offer import Language, OfferTerms
from shared.domain.pricing import Chosen
from shared.domain.proposal import MOST_OPTION_LINES, MOST_PROSE, Option, Paragraph
from shared.domain.proposal_text import FRAMES, HEADINGS

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"gets": "You get", "good": "Good", "better": "Better", "best": "Best"},
    "de": {"gets": "Sie bekommen", "good": "Gut", "better": "Besser",
           "best": "Am besten"},
}  # fmt: skip


def paragraphs(
    terms: OfferTerms, options: Sequence[Option], needs: Sequence[str], facts: Sequence[str], language: Language
) -> list[Paragraph]:
    """Needs quoted, what each chosen item is, what is in it, and confirmed facts. Raises Rejected for more of one of
    them than a paragraph holds."""
    words, headings = _WORDS[language], HEADINGS[language]
    chosen = {line.item for option in options for line in option.lines}
    items = [item for id, item in terms.items.items() if id in chosen]
    what = [f"{item.name}: {item.text}" for item in items] or [terms.text]
    gets = [f"• {each}" for item in items for each in item.includes]
    made = [
        ("needs", headings["situation"], _told(needs, language) if needs else []),
        ("chosen", headings["approach"], [*what, *([f"{words['gets']}:", *gets] if gets else [])]),
        ("facts", headings["why"], [*facts]),
    ]
    return [_paragraph(field, heading, "\n".join(lines)) for field, heading, lines in made if lines]


def situation(needs: Sequence[str], language: Language) -> Paragraph:
    """The client's own words. Raises Rejected for more of them than a paragraph holds."""
    return _paragraph("needs", HEADINGS[language]["situation"], "\n".join(_told(needs, language)))


def begins_with_quotes(paragraph: Paragraph, language: Language) -> bool:
    """Does it tell what a client said, as it was begun?"""
    return paragraph.text.startswith(FRAMES[language]["told"])


def _told(needs: Sequence[str], language: Language) -> list[str]:
    return [FRAMES[language]["told"], *(f"“{each}”" for each in needs)]


def _paragraph(field: str, heading: str, text: str) -> Paragraph:
    if len(text) > MOST_PROSE:
        raise Rejected(
            FieldError(field, f"together are {len(text):,} characters; a paragraph has at most {MOST_PROSE:,}")
        )
    return Paragraph(heading=heading, text=text)


def options(terms: OfferTerms, first: Option, language: Language, tiers: bool) -> list[Option]:
    """What was chosen; with `tiers` also better (one add-on more) and best (every add-on and retainer that goes with
    it), where these are something else. Raises Rejected for more lines than an option has."""
    if not tiers:
        return [first]
    words = _WORDS[language]
    more = [*_more(terms, {each.item for each in first.lines})]
    if len(first.lines) + len(more) > MOST_OPTION_LINES:
        raise Rejected(FieldError("tiers", f"with every add-on there are more than {MOST_OPTION_LINES} lines"))
    sets = {"good": first.lines, "better": [*first.lines, *more[:1]], "best": [*first.lines, *more]}
    made: list[Option] = []
    for id, lines in sets.items():
        if not made or len(lines) > len(made[-1].lines):
            made.append(Option(id=id, name=words[id], lines=[*lines]))
    return made


def _more(terms: OfferTerms, chosen: set[str]) -> Iterator[Chosen]:
    for addon in terms.addons:
        fits = not addon.goes_with or chosen & {*addon.goes_with}
        if addon.id not in chosen and addon.price is not None and fits:
            yield Chosen(item=addon.id, quantity=addon.least)
    for package in terms.packages:
        if package.billing == "monthly" and package.id not in chosen and package.price is not None:
            yield Chosen(item=package.id, quantity=package.least)
