"""What a message says, read by rules that anybody can follow, in English and German, without a model. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shared.domain.moments import DATE, date_in
from shared.domain.needs import Sort, Statement

QUOTE = 2000
"""Characters of one quotation."""
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]*)*[.!?]*")
_MONEY = r"(?:€|\$|£|EUR|USD|GBP|CHF|euros?|dollars?|pounds?)"
_AMOUNT = re.compile(rf"{_MONEY}\s?(\d[\d.,']*)(\s?k\b)?|(\d[\d.,']*)(\s?k)?\s?{_MONEY}", re.I)
_NUMBER = re.compile(r"()()(\d[\d.,']*)(\s?k\b)?", re.I)
_BY = re.compile(r"\b(by|until|before|no later than|deadline|launch|bis|spätestens|termin|start)\b", re.I)
_NEED = re.compile(
    r"\b(needs?|needed|want|wants|require[sd]?|looking for|must|should|would like|wish|"
    r"brauch\w*|benötig\w*|möchten?|wollen|will|soll\w*|wünsch\w*|suchen)\b",
    re.I,
)
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
_SORTS: Mapping[str, Sort] = {
    "budget": "constraint",
    "date": "constraint",
    "limits": "constraint",
    "process": "process",
}


def read(text: str, message: int) -> Iterator[Statement]:
    """What a message says, in its order."""
    for found in _SENTENCE.finditer(text):
        quote = found[0].strip()[:QUOTE]
        if len(quote) < 3:
            continue
        start = found.start() + (len(found[0]) - len(found[0].lstrip()))
        for n, (sort, topic, inferred, value) in enumerate(_meanings(quote)):
            yield Statement(
                id=f"{message}-{start}-{n}", sort=sort, topic=topic, quote=quote, message=message, start=start,
                end=start + len(quote), inferred=inferred, value=value,
            )  # fmt: skip


def answer(text: str, start: int, end: int, message: int, topic: str, settles: list[str]) -> Statement:
    """What stands there, as the answer to a question about this topic: whoever is asked for a budget need not say that
    it is one."""
    quote = text[start:end][:QUOTE]
    return Statement(
        id=f"{message}-{start}-a", sort=_SORTS.get(topic, "need"), topic=topic, quote=quote, message=message,
        start=start, end=start + len(quote), value=value_of(topic, quote, asked=True), settles=settles,
    )  # fmt: skip


def value_of(topic: str, quote: str, asked: bool = False) -> str:
    """What of a budget or date is compared; "" if it names none. `asked`: a bare number is a sum."""
    if topic == "budget":
        found = _AMOUNT.search(quote) or (_NUMBER.search(quote) if asked else None)
        return _sum(found) if found else ""
    return date_in(quote) if topic == "date" else ""


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
    if DATE.search(quote) and _BY.search(quote) and (value := date_in(quote)):
        yield "constraint", "date", "", value
    if _LAW.search(quote):
        yield "constraint", "limits", "", ""


def _sum(found: re.Match[str]) -> str:
    digits = re.sub(r"[.,]\d{1,2}$", "", (found[1] or found[3]).rstrip(".,'"))
    whole = re.sub(r"\D", "", digits)
    return f"{whole}000" if found[2] or found[4] else whole
