"""Claims: which sentences of a text state facts, and which source carries each. English and German.

Read without a model, so that the same text gets the same answer everywhere: what a sentence states beyond the sources
is found by its words, figures, negations and bounds. A sentence that a person knows to be true and no source carries
needs a source (a citation, or a confirmed fact), not a cleverer reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.domain.claims import vocabulary
from shared.domain.claims.faults import faults, soon
from shared.domain.claims.grounds import Grounds, Said, grounds_of
from shared.domain.claims.grounds import Source as Source
from shared.domain.claims.lexicon import Word, asked_for, is_light, keys, parts_known, words
from shared.domain.claims.quotes import carries as carries
from shared.domain.claims.retold import retold
from shared.domain.claims.sentences import sentences
from shared.domain.claims.stems import Language
from shared.domain.claims.verbs import SEPARABLE
from shared.domain.grounding import DAYS_AND_MONTHS, inventions

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
_GERMAN_NAME = (
    r"\b(?:Frau|Herrn?|Dr\.|Prof\.|Firma|Familie|in|aus|nach|bei|von|für|gegen|mit|durch|und) {0}\b(?! und| oder)"
    r"|\b{0} (?:GmbH|AG|KG|[A-ZÄÖÜ]\w+)|(?<=[a-zäöüß] )[A-ZÄÖÜ]\w+ {0}\b"
)
_LINK = re.compile(r"\b(?:the|this|den|diesen|dem) (?:link|button|knopf)\b", re.IGNORECASE)
_FIRST = re.compile(r"\W*(?:(?:please|bitte|just|simply|einfach|jetzt|now)\s+)?([^\W\d_]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Judgement:
    """What is thought of one sentence: who carries it (ids of sources), or what it says that nobody carries.

    `unknown`: the words that alone speak against it. No figure, name, negation or strong word does, so that it may be
    the sources' own statement in other words, and somebody who understands both may be asked."""

    sentence: str
    verdict: Verdict
    sources: tuple[str, ...] = ()
    reason: str = ""
    unknown: tuple[str, ...] = ()


def judge(text: str, sources: Sequence[Source], language: str) -> list[Judgement]:
    """Every sentence of a text in one of the two languages; of any other language it is read as English."""
    grounds, spoken = grounds_of(tuple(sources)), _language(language)
    return [_judge(sentence, grounds, spoken) for sentence in sentences(text)]


def _judge(sentence: str, grounds: Grounds, language: Language) -> Judgement:
    said = Said(sentence)
    invented = next(
        (f"{each.said!r} is in no source" for each in inventions(said.measured, grounds.text) if each.certain), ""
    )
    invented = invented or soon(said, grounds)
    if invented:
        return Judgement(sentence, "unsupported", reason=invented)
    claim = _claim_of(sentence)
    if claim and (source := grounds.says(sentence)):
        return Judgement(sentence, "supported", (source,))
    if not claim:
        return Judgement(sentence, "no claim")
    said = said if claim == sentence else Said(claim)
    spoken = words(said.plain, language)
    calls = _calls(sentence) and not _PROMISE.search(sentence)
    novel = _novel(spoken, grounds, only_hard=bool(_OPINION.search(sentence)))
    if language == "de":
        novel = [word for word in novel if word.hard or not _rejoined(word.said, said, grounds)]
    if calls:
        novel = [word for word in novel if word.hard or not asked_for(word.said, language)]
    carried = [word for word in spoken if word.keys & grounds.known]
    lines = _carriers(carried, said, grounds)
    fault = next(faults(said, carried, lines, grounds), "") if lines else ""
    if retold(said, novel, carried, lines, language):
        novel = []
    if novel:
        open_ = lines and not fault and not any(word.hard or _is_name(word.said, said, language) for word in novel)
        unknown = tuple(dict.fromkeys(word.said for word in novel)) if open_ else ()
        return Judgement(sentence, "unsupported", reason=_beyond(novel), unknown=unknown)
    if fault:
        return Judgement(sentence, "unsupported", reason=fault)
    if calls or not lines:
        return Judgement(sentence, "no claim")
    return Judgement(sentence, "supported", tuple(dict.fromkeys(line.source for line in lines)))


def _claim_of(sentence: str) -> str:
    """The part that states something: nothing of a greeting, a question or a call, but what a call promises."""
    if _GREETING.search(sentence) or _SIGN_OFF.search(sentence):
        return ""
    if sentence.rstrip("\"'”“»)").endswith("?") and not _ASKED_AS_FACT.search(sentence):
        return ""
    return sentence


def _calls(sentence: str) -> bool:
    """Does it ask the reader to do something, or point to the link?"""
    first = _FIRST.match(sentence)
    return bool(_LINK.search(sentence) or (first and first[1].lower() in _CALLS))


def _novel(spoken: Sequence[Word], grounds: Grounds, only_hard: bool) -> list[Word]:
    """Words that no source has and that assert something."""
    return [
        word
        for word in spoken
        if not word.light
        and word.said.removesuffix("s") not in DAYS_AND_MONTHS
        and (word.hard or not only_hard)
        and not word.keys & grounds.known
        and (word.hard or not parts_known(word.said, grounds.known))
    ]


def _rejoined(verb: str, said: Said, grounds: Grounds) -> bool:
    """Is it a verb whose prefix stands at the end of its clause (holst … nach), and known with it?"""
    for clause in said.clauses:
        spoken = re.findall(r"\w+", clause.text)
        if len(spoken) > 1 and spoken[-1] in SEPARABLE and verb in spoken:
            whole = spoken[-1] + verb.lower()
            return not keys(whole, "de").isdisjoint(grounds.known) or is_light(whole, "de")
    return False


def _is_name(word: str, said: Said, language: Language) -> bool:
    """May it be the name of somebody or something? In doubt it is: German writes every noun like a name, so there it is
    one beside another such word, or after a title or a bare preposition."""
    if language == "en":
        return any(
            _inside(found.start(), said.plain) for found in re.finditer(rf"\b{word}\b", said.plain) if word[0].isupper()
        )
    inner = any(letter.isupper() for letter in word[1:])
    return inner or bool(word[0].isupper() and re.search(_GERMAN_NAME.format(word), said.plain))


def _inside(start: int, text: str) -> bool:
    return bool(text[:start].strip(" \"'„“«("))


def _carriers(carried: Sequence[Word], said: Said, grounds: Grounds) -> list[Said]:
    """The fewest lines that carry the words and figures, the one that carries most first."""
    left = [*(word.keys for word in carried), *(frozenset({f"figure:{each.number}"}) for each in said.figures)]
    chosen: list[Said] = []
    while left and len(chosen) < _SOURCES_MOST:
        best = max(grounds.lines, key=lambda line: sum(bool(each & line.known) for each in left))
        rest = [each for each in left if not each & best.known]
        if len(rest) == len(left):
            break
        chosen.append(best)
        left = rest
    return chosen


def _beyond(novel: Sequence[Word]) -> str:
    said = [repr(each) for each in dict.fromkeys(word.said for word in novel)]
    return f"{', '.join(said)} {'is' if len(said) == 1 else 'are'} in no source"


def _language(language: str) -> Language:
    return "de" if language == "de" else "en"
