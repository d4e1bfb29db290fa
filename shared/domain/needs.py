"""What somebody needs, as they said it: read out of their messages by rules that anybody can follow, without a model.

Every statement is a quotation with its message and place, or is marked as inferred from one. What contradicts is shown
as contradicting; what nobody has said becomes a question. Nothing in a message is ever an instruction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.texts import Line, Plain

LONGEST = 900_000
"""Characters of one message: some 300 pages."""
MOST = 500
"""Statements that are kept of one deal; further ones are counted."""
MESSAGES = 200
Sort = Literal["need", "implicit", "constraint", "process", "asked"]
"""need: they say so; implicit: inferred from what they complain of; constraint: budget, date, law; process: how and by
whom it is decided; asked: a question of theirs."""


class Heard(BaseModel):
    """The body of POST /api/v1/deals/{id}/needs: what they said, as they said it."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), Plain]
    said_by: Line | Literal[""] = ""


class Message(BaseModel):
    """One message; its text lies in Files."""

    model_config = ConfigDict(extra="forbid")

    id: int
    at: datetime
    by: str
    said_by: str = ""
    characters: int
    file: str
    """Where it lies as it came."""


class Statement(BaseModel):
    """`quote` stands in message `message` from `start` to `end` (characters)."""

    model_config = ConfigDict(extra="forbid")

    id: str
    sort: Sort
    topic: str = ""
    quote: str
    message: int
    start: int
    end: int
    inferred: str = ""
    """Of an implicit need: what follows from the quotation, by our rules; nobody said it."""
    value: str = ""
    """Of a budget or date: what is compared."""


class Contradiction(BaseModel):
    """Two statements that cannot both hold; which one does, somebody has to ask."""

    model_config = ConfigDict(extra="forbid")

    topic: str
    one: str
    other: str


class Needs(BaseModel):
    """The document: one a deal, under its id."""

    model_config = ConfigDict(extra="forbid")

    id: str
    messages: list[Message] = Field(default_factory=list)
    statements: list[Statement] = Field(default_factory=list)
    beyond: int = 0
    """Statements that were found and not kept."""
    changed_at: datetime


class Record(BaseModel):
    """The needs with what follows from them."""

    messages: list[Message]
    statements: list[Statement]
    beyond: int
    contradictions: list[Contradiction]
    questions: list[str]
    method: Literal["rules"] = "rules"


_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]*)*[.!?]*")
_MONEY = r"(?:€|\$|£|EUR|USD|GBP|CHF|euros?|dollars?|pounds?)"
_AMOUNT = re.compile(rf"{_MONEY}\s?(\d[\d.,']*)(\s?k\b)?|(\d[\d.,']*)(\s?k)?\s?{_MONEY}", re.I)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "januar|februar|märz|mai|juni|juli|oktober|dezember"
)
_DAY = r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.(?:\d{4})?"
_DATE = re.compile(rf"\b({_DAY}|(?:\d{{1,2}}\.? )?(?:{_MONTHS})(?: \d{{4}})?)\b", re.I)
_BY = re.compile(r"\b(by|until|before|no later than|deadline|launch|bis|spätestens|termin|start)\b", re.I)
_NEED = re.compile(
    r"\b(needs?|needed|want|wants|require[sd]?|looking for|must|should|would like|wish|"
    r"brauch\w*|benötig\w*|möchten?|wollen|will|soll\w*|wünsch\w*|suchen)\b",
    re.I,
)
_NOT = re.compile(r"\b(no|not|never|without|don't|doesn't|n't|kein\w*|nicht|ohne|nie)\b", re.I)
_LAW = re.compile(r"\b(GDPR|DSGVO|WCAG|accessib\w*|barrierefrei\w*|ISO \d+|HIPAA)\b", re.I)
_DECIDES = re.compile(
    r"\b(decid\w*|decision|sign[- ]?off|approv\w*|the board|entscheid\w*|geschäftsführ\w*|freigabe|vorstand)\b", re.I
)
_BUDGET = re.compile(r"\b(budget|spend|cost|price|kosten|preis|ausgeben)\w*\b", re.I)
_IMPLIED: Mapping[str, re.Pattern[str]] = {
    inferred: re.compile(rf"\b({said})\b", re.I)
    for inferred, said in {
        "a site that answers faster": "too slow|so slow|slow site|slow website|lädt ewig|zu langsam",
        "a site that is up to date": "outdated|looks old|veraltet|altbacken",
        "more inquiries": "too few (?:customers|inquiries|leads)|zu wenige? (?:kunden|anfragen)",
        "pages that work on a telephone": "on (?:my|the|a) (?:phone|mobile)|am handy|auf dem handy",
        "a way to change texts themselves": "every time we (?:want to )?change|cannot change|selbst ändern",
    }.items()
}
_QUESTIONS: Mapping[str, str] = {
    "need": "What should be different for you when this is done?",
    "budget": "Which budget have you set aside for it?",
    "date": "By when do you need it, and why then?",
    "process": "Who decides about it, and how?",
}


def read(text: str, message: int) -> Iterator[Statement]:
    """What a message says, in its order. Pure."""
    for found in _SENTENCE.finditer(text):
        quote = found[0].strip()
        if len(quote) < 3:
            continue
        start = found.start() + (len(found[0]) - len(found[0].lstrip()))
        for n, (sort, topic, inferred, value) in enumerate(_meanings(quote[:2000])):
            yield Statement(
                id=f"{message}-{start}-{n}",
                sort=sort,
                topic=topic,
                quote=quote[:2000],
                message=message,
                start=start,
                end=start + len(quote[:2000]),
                inferred=inferred,
                value=value,
            )


def record(needs: Needs) -> Record:
    """With its contradictions, and the questions that what is missing asks."""
    contradictions = list(_contradictions(needs.statements))
    return Record(
        messages=needs.messages,
        statements=needs.statements,
        beyond=needs.beyond,
        contradictions=contradictions,
        questions=list(_questions(needs.statements, contradictions)),
    )


def _meanings(quote: str) -> Iterator[tuple[Sort, str, str, str]]:
    if quote.endswith("?"):
        yield "asked", "", "", ""
        return
    constraint = list(_constraints(quote))
    yield from constraint
    if _DECIDES.search(quote):
        yield "process", "process", "", ""
    elif _NEED.search(quote) and not any(topic == "budget" for _, topic, _, _ in constraint):
        yield "need", "need", "", ""
    for inferred, said in _IMPLIED.items():
        if said.search(quote):
            yield "implicit", "", inferred, ""


def _constraints(quote: str) -> Iterator[tuple[Sort, str, str, str]]:
    amount = _AMOUNT.search(quote)
    if amount and (_BUDGET.search(quote) or _NEED.search(quote)):
        yield "constraint", "budget", "", _sum(amount)
    if (date := _DATE.search(quote)) and _BY.search(quote):
        yield "constraint", "date", "", date[0].casefold()
    if _LAW.search(quote):
        yield "constraint", "law", "", ""


def _sum(found: re.Match[str]) -> str:
    digits = re.sub(r"[.,]\d{1,2}$", "", (found[1] or found[3]).rstrip(".,'"))
    whole = re.sub(r"\D", "", digits)
    return f"{whole}000" if found[2] or found[4] else whole


def _contradictions(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    for topic in ("budget", "date"):
        first = {each.value: each for each in reversed(statements) if each.topic == topic and each.value}
        for one, other in combinations(sorted(first.values(), key=lambda each: (each.message, each.start)), 2):
            yield Contradiction(topic=topic, one=one.id, other=other.id)
    needs = [(each, _words(each.quote), bool(_NOT.search(each.quote))) for each in statements if each.sort == "need"]
    for (one, words, no), (other, others, also_no) in combinations(needs, 2):
        if no != also_no and words and others and len(words & others) * 10 >= 6 * min(len(words), len(others)):
            yield Contradiction(topic="need", one=one.id, other=other.id)


def _words(quote: str) -> frozenset[str]:
    """What it is about: the longer words, without those that say that it is a need, or none."""
    bare = _NOT.sub(" ", _NEED.sub(" ", quote.casefold()))
    return frozenset(word for word in re.findall(r"\w+", bare) if len(word) > 3)


def _questions(statements: Iterable[Statement], contradictions: Iterable[Contradiction]) -> Iterator[str]:
    statements = list(statements)
    topics = {each.topic for each in statements}
    yield from (question for topic, question in _QUESTIONS.items() if topic not in topics)
    quotes = {each.id: each.quote[:200] for each in statements}
    for each in contradictions:
        yield f"You said “{quotes[each.one]}” and “{quotes[each.other]}”: which of the two holds?"
