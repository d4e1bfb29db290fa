"""What a claim may rest on: the sources, line by line, as the judge compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from shared.domain.claims.equivalents import equivalents
from shared.domain.claims.idioms import plain
from shared.domain.claims.lexicon import all_keys, spoken_keys, spoken_parts, stated
from shared.domain.claims.measures import HOUR, implied, normal
from shared.domain.claims.polarity import Spoken, is_denied, refuses, spoken
from shared.domain.claims.sentences import sentences
from shared.domain.grounding import Figure, figures

_CLAUSE = re.compile(
    r"(?<!\d)[,:]|[,:](?!\d)|[;–—()]|\s-\s"
    r"|\b(?:but|and|while|if|when|because|although|though|unless|until|so that|instead"
    r"|aber|und|sondern|während|jedoch|wenn|falls|weil|obwohl|sobald|damit|statt)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"\b(?:or|oder)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|could|planned|expected|probably|presumably|perhaps|maybe|subject to|if possible|voraussichtlich"
    r"|geplant|könnten?|vermutlich|wahrscheinlich|vielleicht|vorbehaltlich|unter vorbehalt|angestrebt)\b"
)
_BOUNDS = {
    "most": r"(?:up to|as many as|as much as|at most|a maximum of|maximum|max\.?|within|bis zu|höchstens|maximal"
    r"|(?:no|not|never|n't)(?: \w+){0,3} more than|(?:nicht|nie|keine?)(?: \w+)? mehr als"
    r"|mehr als (?=\S+ (?:\w+ ){1,5}nicht\b))",
    "least": r"(?:at least|from(?: age)?|a minimum of|minimum|min\.?|mindestens|wenigstens|ab)",
    "more": r"(?:(?<!no )(?<!not )more than|over|above|(?<!nicht )mehr als|über)",
    "fewer": r"(?:less than|fewer than|under|below|weniger als|unter)",
}
_BOUND = {name: re.compile(rf"\b{form}\s*(?:[€$£]\s*)?$", re.IGNORECASE) for name, form in _BOUNDS.items()}
_CLOCK = re.compile(r"\s*(?:o'clock|uhr|[ap]\.?m\b)", re.IGNORECASE)
_DATE = re.compile(
    r"\s*(?:\.?\s*(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez))",
    re.IGNORECASE,
)


_RANGE = re.compile(rf"^\s*(?:-|–|to|bis|or|oder|by)\s*(?:\d[\d.,]*|(?:{HOUR})\b)")
_FROM = re.compile(r"\d\s*(?:-|–|to|bis|and|und)\s*$")
_PHONE = re.compile(r"0\d{3,}")
_BEFORE = re.compile(r"(?:\W*\w+){0,2}?\W*(?:before|ahead|beforehand|in advance|earlier|vorher|zuvor|vor|davor)\b")
"""How long before: 'until two hours before' is at least two hours."""
_OR_MORE = re.compile(r"(?:\W*\w+)?\W*(?:or|and|oder|und) (?:more|longer|over|older|up|mehr|länger|älter|darüber)\b")
_TIMES = re.compile(r"\s*(?:x|×|mal)\s")
_COUNTED = re.compile(r"[\s-]*([^\W\d_]+)(?:\s([^\W\d_]+))?")


class Clause(NamedTuple):
    """A part of a sentence: the keys of each of its words, all together, and whether it is negated."""

    text: str
    words: list[Spoken]
    keys: frozenset[str]
    negated: bool

    @classmethod
    def of(cls, text: str) -> Clause:
        words = [*spoken(text), *(Spoken(all_keys(word), None) for word in implied(text))]
        return cls(text, words, frozenset[str]().union(*(word.keys for word in words)), is_denied(text))

    def undecided(self) -> Clause:
        """The same, but what it denies cannot be told."""
        return self._replace(words=[Spoken(word.keys, None) for word in self.words])

    def shares(self, other: Clause) -> int:
        """How many of its words the other has too."""
        return sum(not word.keys.isdisjoint(other.keys) for word in self.words)


class Source(NamedTuple):
    """Something people said: a fact of the brief, a passage of the knowledge base, a confirmed fact."""

    id: str
    text: str


@dataclass(frozen=True)
class Said:
    """One sentence, of a source or of a text that is judged, read once."""

    text: str
    source: str = ""

    @cached_property
    def plain(self) -> str:
        """Without turns of phrase, with measures as figures."""
        return plain(self.measured)

    @cached_property
    def measured(self) -> str:
        """As it was said, but with measures as figures."""
        return normal(self.text)

    @cached_property
    def keys(self) -> frozenset[str]:
        meant = frozenset[str]().union(*(all_keys(word) for word in implied(self.plain)))
        return spoken_keys(self.plain) | meant | {f"figure:{figure.number}" for figure in self.figures}

    @cached_property
    def parts(self) -> frozenset[str]:
        """What the parts of its German compounds carry."""
        return spoken_parts(self.plain)

    @cached_property
    def known(self) -> frozenset[str]:
        return self.keys | self.parts

    @cached_property
    def figures(self) -> list[Figure]:
        return list(figures(self.plain))

    @cached_property
    def hedged(self) -> bool:
        return bool(_HEDGE.search(self.text))

    @cached_property
    def clauses(self) -> list[Clause]:
        parts = _CLAUSE.split(self.plain)
        found = [clause for each in parts if (clause := Clause.of(each)).words]
        if len(parts) > 1 and any(refuses(each) for each in parts):
            return [clause.undecided() for clause in found]
        return found

    @cached_property
    def negated(self) -> bool:
        return is_denied(self.plain)

    @cached_property
    def segments(self) -> list[Said]:
        """The clauses, and of these each alternative, as sentences of their own."""
        return [_line(part, self.source) for each in self.clauses for part in _OR.split(each.text) if part.strip()]

    def bounds(self, figure: Figure) -> frozenset[str]:
        """Its bound, and those that a range gives to its ends (6 to 10 is at most 10)."""
        ends = {"most"} if _FROM.search(self.plain[: figure.start]) else set()
        ends |= {"least"} if _RANGE.match(self.plain[figure.end :]) else set()
        return frozenset({self.bound(figure)} | ends)

    def bound(self, figure: Figure) -> str:
        """most, least, more or fewer, if the figure is one of these; times, dates and telephone numbers have none."""
        rest = self.plain[figure.end :]
        if _PHONE.fullmatch(figure.said) or _BEFORE.match(rest):
            return ""
        if _OR_MORE.match(rest):
            return "least"
        if _CLOCK.match(rest) or _DATE.match(rest) or re.search(r"\d[:.]\d\d$", figure.said):
            return ""
        before = self.plain[: figure.start].rstrip() + " "
        return next((name for name, form in _BOUND.items() if form.search(before)), "")

    def kinds(self, figure: Figure) -> frozenset[str]:
        """What the figure counts: its unit, time, or the meanings of the word after it."""
        rest = self.plain[figure.end :]
        if self.plain[figure.end - 1] == "-":
            rest = f"-{rest}"
        if _TIMES.match(rest):
            return frozenset()
        rest = _RANGE.sub("", rest)
        if figure.unit:
            return frozenset({figure.unit})
        if _CLOCK.match(rest) or re.search(r"\d:\d\d$", figure.said):
            return frozenset({"time"})
        if _DATE.match(rest):
            return frozenset({"date"})
        counted = _COUNTED.match(rest)
        found = set[str]()
        for word in counted.groups() if counted else ():
            if not word or word == "a" or (len(word) > 1 and not stated(word)):
                break
            found |= {key for key in all_keys(word) | spoken_parts(word) if key.startswith("class:")}
        return frozenset(found) - _generic()


@cache
def _generic() -> frozenset[str]:
    """The keys of words that count anything."""
    return frozenset(key for word in ("Stück", "piece", "teil") for key in all_keys(word))


def _bare(sentence: str) -> str:
    return " ".join(sentence.split()).rstrip(".!").lower()


@lru_cache(maxsize=64)
def grounds_of(sources: tuple[Source, ...]) -> Grounds:
    """The sources of one draft, read once for all of its sentences."""
    return Grounds(sources)


@lru_cache(maxsize=5_000)
def _line(text: str, source: str) -> Said:
    return Said(text, source)


class Grounds:
    """All sources together."""

    def __init__(self, sources: Sequence[Source]) -> None:
        own = [_line(line, source.id) for source in sources for line in sentences(source.text)]
        self.lines = [*own, *(_line(text, line.source) for line in own for text in equivalents(line.measured))]
        self.text = "\n".join(line.measured for line in self.lines)
        self.keys = frozenset[str]().union(*(line.keys for line in self.lines))
        self.verbatim = {_bare(line.text): line.source for line in self.lines}
        self.clauses = [clause for line in self.lines for clause in line.clauses]
        self.known = frozenset[str]().union(*(line.known for line in self.lines))

    def says(self, sentence: str) -> str:
        """The source that has the sentence word for word, else ""."""
        return self.verbatim.get(_bare(sentence), "")

    def with_number(self, number: str) -> Iterator[tuple[Said, Figure]]:
        """Every place where a number is said."""
        for line in self.lines:
            for figure in line.figures:
                if figure.number == number:
                    yield line, figure
