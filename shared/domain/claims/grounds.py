"""What a claim may rest on: the sources, line by line, as the judge compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from shared.domain.claims.lexicon import all_keys
from shared.domain.claims.sentences import sentences
from shared.domain.grounding import Figure, figures

_FREE = re.compile(
    r"\b(?:without|at no|no|free of)\s+(?:any\s+|extra\s+|additional\s+|further\s+)*(?:costs?|charges?|fees?)\b"
    r"|\b(?:ohne|keine)\s+(?:weiteren?\s+|zusätzlichen?\s+|extra\s+)*(?:kosten|gebühren|mehrkosten)\b",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"\bnot only\b|\bno matter\b|\b(?:don't|do not) (?:hesitate|miss|worry|forget|wait)\b|\bno problem\b|\bwhy not\b"
    r"|\bnicht nur\b|\bkeine sorge\b|\bnicht (?:verpassen|zögern|vergessen|warten)\b|\bkein problem\b|\bwarum nicht\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|without|nobody|nothing|cannot|neither|nor)\b|n't\b"
    r"|\b(?:kein(?:e[rsmn]?)?|nicht|nie|niemals|ohne|nichts|niemand|weder|noch nie)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:–—()]|\s-\s|\b(?:but|and|while|aber|und|sondern|während|jedoch)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|could|planned|expected|probably|presumably|perhaps|maybe|subject to|if possible|voraussichtlich"
    r"|geplant|könnten?|vermutlich|wahrscheinlich|vielleicht|vorbehaltlich|unter vorbehalt|angestrebt)\b"
)
_BOUNDS = {
    "most": r"(?:up to|at most|a maximum of|maximum|max\.?|no more than|bis zu|höchstens|maximal)",
    "least": r"(?:at least|from|a minimum of|minimum|min\.?|mindestens|wenigstens|ab)",
    "more": r"(?:more than|over|above|mehr als|über)",
    "fewer": r"(?:less than|fewer than|under|below|weniger als|unter)",
}
_BOUND = {name: re.compile(rf"\b{form}\s*(?:[€$£]\s*)?$", re.IGNORECASE) for name, form in _BOUNDS.items()}
_CLOCK_OR_DATE = re.compile(
    r"\s*(?:o'clock|uhr|[ap]\.?m\b|\.?\s*(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez))",
    re.IGNORECASE,
)


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
    def keys(self) -> frozenset[str]:
        return all_keys(self.plain) | {f"figure:{figure.number}" for figure in self.figures}

    @cached_property
    def plain(self) -> str:
        """Without idioms that only look like negations; no cost is said in one way."""
        return _IDIOM.sub(" ", _FREE.sub(" kostenlos ", self.text))

    @cached_property
    def figures(self) -> list[Figure]:
        return list(figures(self.text))

    @property
    def hedged(self) -> bool:
        return bool(_HEDGE.search(self.text))

    @cached_property
    def clauses(self) -> list[tuple[frozenset[str], bool]]:
        """The keys of each clause, and whether it is negated."""
        return [(all_keys(clause), bool(_NEGATION.search(clause))) for clause in _CLAUSE.split(self.plain)]

    def bound(self, figure: Figure) -> str:
        """most, least, more or fewer, if the figure is one of these; times and dates have none."""
        if _CLOCK_OR_DATE.match(self.text[figure.end :]) or re.search(r"\d[:.]\d\d$", figure.said):
            return ""
        before = self.text[: figure.start].rstrip() + " "
        return next((name for name, form in _BOUND.items() if form.search(before)), "")

    def kinds(self, figure: Figure) -> frozenset[str]:
        """What the figure counts: its unit, time, or the meanings of the word after it."""
        rest = self.text[figure.end :]
        if figure.unit:
            return frozenset({figure.unit})
        if _CLOCK_OR_DATE.match(rest) or re.search(r"\d:\d\d$", figure.said):
            return frozenset({"time"})
        after = re.match(r"[\s-]*([^\W\d_]+)", rest)
        return frozenset(key for key in all_keys(after[1]) if key.startswith("class:")) if after else frozenset()


class Grounds:
    """All sources together."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.lines = [Said(line, source.id) for source in sources for line in sentences(source.text)]
        self.text = "\n".join(source.text for source in sources)
        self.keys = frozenset().union(*(line.keys for line in self.lines))

    def with_number(self, number: str) -> Iterator[tuple[Said, Figure]]:
        """Every place where a number is said."""
        for line in self.lines:
            for figure in line.figures:
                if figure.number == number:
                    yield line, figure
