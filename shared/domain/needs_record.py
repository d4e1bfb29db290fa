"""What follows from what was said: contradictions, questions, and whose turn it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, islice

from shared.domain.moments import agree, is_over
from shared.domain.needs import (
    AskedQuestion,
    Contradiction,
    Language,
    Needs,
    OpenQuestion,
    Record,
    Statement,
    Turn,
)
from shared.domain.needs_words import QUESTIONS, TOPICS

_SHOWN = 20
"""Contradictions at most: each is a question to somebody."""
_COMPARED = 200
"""Needs that are compared with each other, the newest."""
_NEED = re.compile(
    r"\b(needs?|needed|want|wants|require[sd]?|looking for|must|should|would like|wish|"
    r"brauch\w*|benötig\w*|möchten?|wollen|will|soll\w*|wünsch\w*|suchen)\b",
    re.I,
)
_NOT = re.compile(r"\b(no|not|never|without|don't|doesn't|n't|kein\w*|nicht|ohne|nie)\b", re.I)


def record(needs: Needs, today: date) -> Record:
    """With its contradictions, and what is to be asked because it is missing, contradicts, or is over."""
    contradictions = [*islice(_contradictions(_standing(needs), today), _SHOWN)]
    open = [*_questions(needs, contradictions, today)]
    read = any(each.by_model for each in needs.messages)
    return Record(
        **needs.model_dump(exclude={"id", "waits", "changed_at"}),
        contradictions=contradictions,
        questions=open,
        turn=_turn(needs, open),
        method="rules and model" if read else "rules",
    )


def worded(needs: Needs, question: OpenQuestion, language: Language) -> AskedQuestion:
    """The question as it is put to the client."""
    return AskedQuestion(id=question.id, topic=question.topic, text=_text(needs, question.id, language))


def settled_by(question: str) -> list[str]:
    """The statements between which the answer to this question decides."""
    kind, _, rest = question.partition("-")
    parts = rest.split("-")
    if kind == "over":
        return [rest]
    return ["-".join(parts[:3]), "-".join(parts[3:])] if kind == "which" and len(parts) == 6 else []


def _standing(needs: Needs) -> list[Statement]:
    settled = {id for each in needs.statements for id in each.settles}
    return [each for each in needs.statements if each.id not in settled]


def _contradictions(statements: Sequence[Statement], today: date) -> Iterator[Contradiction]:
    budgets = [each for each in statements if each.topic == "budget" and each.value]
    dates = [each for each in statements if each.topic == "date" and each.value and not is_over(each.value, today)]
    for same in (budgets, dates):
        first = {each.value: each for each in reversed(same)}
        for one, other in combinations(sorted(first.values(), key=_place), 2):
            if not agree(one.value, other.value):
                yield Contradiction(topic=one.topic, one=one.id, other=other.id)
    said = [each for each in statements if each.sort == "need"][-_COMPARED:]
    needs = [(each, _words(each.quote), bool(_NOT.search(each.quote))) for each in said]
    for (one, words, no), (other, others, also_no) in combinations(needs, 2):
        if no != also_no and words and others and len(words & others) * 10 >= 6 * min(len(words), len(others)):
            yield Contradiction(topic="need", one=one.id, other=other.id)


def _place(each: Statement) -> tuple[int, int]:
    return each.message, each.start


def _words(quote: str) -> frozenset[str]:
    """What it is about: the longer words, without those that say that it is a need, or none."""
    bare = _NOT.sub(" ", _NEED.sub(" ", quote.casefold()))
    return frozenset(word for word in re.findall(r"\w+", bare) if len(word) > 3)


def _questions(needs: Needs, contradictions: Sequence[Contradiction], today: date) -> Iterator[OpenQuestion]:
    said, answered = {each.topic for each in needs.statements}, needs.answered()
    dates = [each for each in _standing(needs) if each.topic == "date" and each.value]
    over = [each for each in dates if is_over(each.value, today)]
    last = over[-1] if over and len(over) == len(dates) else None
    found = [OpenQuestion(id=topic, topic=topic, why="missing", text="") for topic in TOPICS if topic not in said]
    found += [
        OpenQuestion(id=f"which-{each.one}-{each.other}", topic=each.topic, why="contradicts", text="")
        for each in contradictions
    ]
    found += [OpenQuestion(id=f"over-{last.id}", topic="date", why="past", text="")] if last else []
    asked = {question.id: each for each in needs.askings for question in each.questions}
    for each in found:
        if each.id in answered:
            continue
        put = asked.get(each.id)
        waits = put is not None and put.answered_at is None and put.mail in ("", "accepted", "delivered")
        yield each.model_copy(
            update={
                "text": _text(needs, each.id, "en"),
                "waits_for": "client" if waits else "you",
                "asked_at": put.at if put else None,
            }
        )


def _text(needs: Needs, id: str, language: Language) -> str:
    kind, words = id.partition("-")[0], QUESTIONS[language]
    quotes = {each.id: each.quote[:200] for each in needs.statements}
    about = [quotes.get(each, "…") for each in settled_by(id)]
    return words[kind].format(one=about[0], other=about[-1]) if about else words[id]


def _turn(needs: Needs, open: Sequence[OpenQuestion]) -> Turn:
    """The client has it as long as they were asked and have not answered; what they ask themselves comes first."""
    last = max((each.at for each in needs.askings if each.mail), default=None)
    newer = {each.id for each in needs.messages if last is None or each.at > last}
    theirs = sum(each.sort == "asked" and each.message in newer for each in needs.statements)
    waiting = [each for each in open if each.waits_for == "client"]
    unasked = len(open) - len(waiting)
    if theirs:
        return Turn(who="you", says=f"You: they ask {_n(theirs, 'question')} that nobody has answered.")
    if waiting:
        on = max(each.asked_at for each in waiting if each.asked_at)
        doubt = "; whether the mail left is not known yet" if any(not each.mail for each in needs.askings) else ""
        says = f"The client: asked {_n(len(waiting), 'question')} on {on:%-d %B %Y}{doubt}."
        return Turn(who="client", says=says)
    if unasked:
        return Turn(who="you", says=f"You: {_n(unasked, 'question')} to ask.")
    return Turn(who="nobody", says="Nobody: nothing is open.")


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
