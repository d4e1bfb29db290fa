"""Claims: which sentences of a text state facts, and which source carries each. English and German.

Read without a model, so that the same text gets the same answer everywhere: what a sentence states beyond the sources
is found by its words, figures, negations and bounds. A sentence that a person knows to be true and no source carries
needs a source (a citation, or a confirmed fact), not a cleverer reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.domain.claims import vocabulary
from shared.domain.claims.grounds import Grounds, Said
from shared.domain.claims.grounds import Source as Source
from shared.domain.claims.lexicon import Language, Word, parts_known, words
from shared.domain.claims.sentences import sentences
from shared.domain.grounding import inventions

READ: tuple[Language, ...] = ("en", "de")
"""The languages that claims are read in."""
Verdict = Literal["supported", "unsupported", "no claim"]
_SOURCES_MOST = 4
_OPINION = re.compile(vocabulary.OPINION, re.IGNORECASE)
_ASKED_AS_FACT = re.compile(vocabulary.ASKED_AS_FACT, re.IGNORECASE)
_CALLS = frozenset(vocabulary.CALLS.split())
_GREETING = re.compile(
    r"^(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten (?:tag|morgen|abend)"
    r"|sehr geehrte[rs]?|moin|servus|grüß gott)\b[^.!?]{0,60}[,!.]?$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^(?:(?:kind|best|warm|many) (?:regards|wishes)|regards|yours(?: \w+)?|sincerely|cheers|thank you|many thanks"
    r"|thanks|see you(?: soon| there)?|until (?:soon|then)|bis (?:bald|dann)|viele grüße|herzlich(?:st)?"
    r"|(?:mit )?(?:freundliche|herzliche|beste|liebe|schöne)[nr]? gr(?:uß|üßen?)"
    r"|all the best|(?:vielen |herzlichen )?dank|ihre?|eure?)\b[^.!?]{0,40}[,!.]?$",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:and|to|so|then|und|um|damit)\b[^.!?]*?\b(?:get|receive|save|win|benefit|gain|erhalten|bekommen|sparen"
    r"|gewinnen|profitieren|sichern|erhältst|bekommst|sparst)\b.*$",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\bam \w{3,}sten\b|\bmost \w+|\bnumber one\b|\bno\. ?1\b|\bnummer eins\b|\bkeine?r? ander\w+|\bno other\b"
    r"|\bnobody else\b|\bonly (?:one|\w+ (?:in|that|who))\b|\b(?:der|die|das) einzige\w*",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:the|this|den|diesen|dem) (?:link|button|knopf)\b", re.IGNORECASE)
_FIRST = re.compile(r"\W*(?:(?:please|bitte|just|simply|einfach|jetzt|now)\s+)?([^\W\d_]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Judgement:
    """What is thought of one sentence: who carries it (ids of sources), or what it says that nobody carries."""

    sentence: str
    verdict: Verdict
    sources: tuple[str, ...] = ()
    reason: str = ""


def judge(text: str, sources: Sequence[Source], language: str) -> list[Judgement]:
    """Every sentence of a text in one of the two languages; of any other language it is read as English."""
    grounds, spoken = Grounds(sources), _language(language)
    return [_judge(sentence, grounds, spoken) for sentence in sentences(text)]


def _judge(sentence: str, grounds: Grounds, language: Language) -> Judgement:
    invented = next(
        (f"{each.said!r} is in no source" for each in inventions(sentence, grounds.text) if each.certain), ""
    )
    if invented:
        return Judgement(sentence, "unsupported", reason=invented)
    claim = _claim_of(sentence)
    if not claim:
        return Judgement(sentence, "no claim")
    said = Said(claim)
    spoken = list(words(said.plain, language))
    if novel := _novel(spoken, grounds, only_hard=bool(_OPINION.search(sentence))):
        return Judgement(sentence, "unsupported", reason=_beyond(novel))
    carried = [word for word in spoken if word.keys & grounds.keys]
    lines = _carriers(carried, said, grounds)
    if not lines:
        return Judgement(sentence, "no claim")
    reason = next(_faults(said, carried, lines, grounds), "")
    if reason:
        return Judgement(sentence, "unsupported", reason=reason)
    return Judgement(sentence, "supported", tuple(dict.fromkeys(line.source for line in lines)))


def _claim_of(sentence: str) -> str:
    """The part that states something: nothing of a greeting, a question or a call, but what a call promises."""
    if _GREETING.search(sentence) or _SIGN_OFF.search(sentence):
        return ""
    if sentence.rstrip("\"'”“»)").endswith("?") and not _ASKED_AS_FACT.search(sentence):
        return ""
    if _calls(sentence):
        promise = _PROMISE.search(sentence)
        return promise[0] if promise else ""
    return sentence


def _calls(sentence: str) -> bool:
    """Does it ask the reader to do something, or point to the link?"""
    first = _FIRST.match(sentence)
    return bool(_LINK.search(sentence) or (first and first[1].lower() in _CALLS))


def _novel(spoken: Sequence[Word], grounds: Grounds, only_hard: bool) -> list[str]:
    """Words that no source has and that assert something."""
    return [
        word.said
        for word in spoken
        if (word.hard or not only_hard)
        and not word.keys & grounds.keys
        and (word.hard or not (word.said[:1].isupper() and parts_known(word.said, grounds.keys)))
    ]


def _carriers(carried: Sequence[Word], said: Said, grounds: Grounds) -> list[Said]:
    """The fewest lines that carry the words and figures, the one that carries most first."""
    left = [*(word.keys for word in carried), *(frozenset({f"figure:{each.number}"}) for each in said.figures)]
    chosen: list[Said] = []
    while left and len(chosen) < _SOURCES_MOST:
        best = max(grounds.lines, key=lambda line: sum(bool(each & line.keys) for each in left))
        rest = [each for each in left if not each & best.keys]
        if len(rest) == len(left):
            break
        chosen.append(best)
        left = rest
    return chosen


def _faults(said: Said, carried: Sequence[Word], lines: Sequence[Said], grounds: Grounds) -> Iterator[str]:
    """What turns the sources' words into something that they do not say."""
    yield from _turned(said, grounds)
    yield from _bounded(said, grounds)
    yield from _counted(said, grounds)
    yield from _exchanged(said, carried, grounds)
    if (found := _SUPERLATIVE.search(said.text)) and not any(_SUPERLATIVE.search(line.text) for line in grounds.lines):
        yield f"{found[0]!r} is in no source"
    if lines and lines[0].hedged and not said.hedged:
        yield f"the source is less certain: {lines[0].text!r}"


def _turned(said: Said, grounds: Grounds) -> Iterator[str]:
    """A negation that the sources do not have, or theirs left out."""
    clauses = [clause for line in grounds.lines for clause in line.clauses]
    for mine, negated in said.clauses:
        theirs = [(len(mine & keys_), other) for keys_, other in clauses if mine & keys_]
        most = max((shared for shared, _ in theirs), default=0)
        if (
            theirs
            and most > max(1, len(mine) // 3)
            and all(other != negated for shared, other in theirs if shared == most)
        ):
            yield "it says the opposite of its source" if negated else "its source says this with a negation"


def _bounded(said: Said, grounds: Grounds) -> Iterator[str]:
    """'up to 12' is not '12', and 'more than 500' is not '500'."""
    for figure in said.figures:
        bounds = {line.bound(theirs) for line, theirs in grounds.with_number(figure.number)}
        mine = said.bound(figure)
        if bounds and mine not in bounds:
            yield f"the sources do not say {mine or 'exactly'} {figure.said!r}"


def _counted(said: Said, grounds: Grounds) -> Iterator[str]:
    """'two days' is not said by 'two trainers': what a figure counts must be what some source counts with it."""
    for figure in said.figures:
        mine = said.kinds(figure)
        theirs = [line.kinds(other) for line, other in grounds.with_number(figure.number)]
        if mine and theirs and all(kinds and not kinds & mine for kinds in theirs):
            yield f"no source counts this with {figure.said!r}"


def _exchanged(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """A figure of one thing said of another, whose own figure the sources name."""
    for figure in said.figures:
        theirs = [line for line, _ in grounds.with_number(figure.number)]
        kinds = said.kinds(figure)
        if not theirs or not kinds:
            continue
        rivals = [
            line
            for line in grounds.lines
            if line not in theirs
            and any(line.kinds(each) & kinds and each.number != figure.number for each in line.figures)
        ]
        for word in carried:
            here = any(word.keys & line.keys for line in theirs)
            there = any(word.keys & line.keys for line in rivals)
            if there and not here:
                yield f"{figure.said!r} is said of something else than {word.said!r}"


def _beyond(novel: Sequence[str]) -> str:
    said = [repr(each) for each in dict.fromkeys(novel)]
    return f"{', '.join(said)} {'is' if len(said) == 1 else 'are'} in no source"


def _language(language: str) -> Language:
    return "de" if language == "de" else "en"
