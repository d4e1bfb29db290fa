"""What the built-in writer is asked for, as it understands it; and how it shortens and ends what people gave it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from shared.adapters.models._phrases import BOOKS, Angle, PhraseBook, Phrases, Purpose
from shared.domain.placeholders import Shelf
from shared.domain.voice import Register, Voice
from shared.ports import Question

_REGISTERS: Mapping[Register, str] = {
    "formal": r"formal|professional|serious|sober|sachlich|förmlich|seriös",
    "lively": r"enthusiast|energetic|lively|playful|funny|excit|casual|begeistert|lebhaft|lebendig|locker|per du\b",
    "warm": r"friendl|warm|personal|freundlich|herzlich|persönlich",
}
_PURPOSES: Mapping[Purpose, str] = {
    "attend": r"course|event|webinar|workshop|seminar|invit|regist|attend|kurs\b|veranstalt|einlad|anmeld|teilnehm",
    "talk": r"appointment|meeting|call\b|consult|demo\b|talk|(?:choose|pick) a|visit|review|termin|gespräch|beratung",
    "buy": r"sale|sell|buy|order|shop|purchase|voucher|verkauf|kauf|bestell|gutschein",
}
_COMPANIES = r"b2b|compan|business|team|manager|director|agenc|firm|unternehm|betrieb|geschäftsführ"
_BOUND = (
    r"(?:if|that|which|who|whose|because|when|where|unless|until|but|not"
    r"|ob|dass|wenn|weil|falls|sobald|bis|was|wer|wie|wo|der|die|das|dem|den|deren|dessen|aber|nicht)\b"
)
_JOINT = re.compile(rf",\s+(?!{_BOUND})", re.IGNORECASE)
"""Where a phrase may end. Not before what binds the promise: "ready in a day, if you bring it by nine"."""
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|without|\w+n't|nicht|nie|niemals|nichts|niemand|ohne|kein\w*)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:[!?;:]|(?<!\d)\.)+(?=\s|$)|\s[\u2013\u2014-]\s")
"""Ends of clauses; a full stop after a figure may make it an ordinal (12. Juni)."""
_SENTENCE = re.compile(r"(?<=[!?…])\s+(?=[^\sa-zäöüß])|(?<=[^\d\s]\.)\s+(?=[^\sa-zäöüß])|\s*\n\s*")
_Name = TypeVar("_Name", bound=str)
_Pick = TypeVar("_Pick")
SHORTER = r"short|brief|less text|kürz|knapp|weniger text"


@dataclass(frozen=True)
class Order:
    """The question as the writer understands it; expressions in the texts are put on the shelf."""

    angle: Angle
    book: PhraseBook
    language: str
    register: Register
    voice: Voice
    purpose: Purpose
    to_companies: bool
    offer: str
    facts: list[str]
    call: str
    url: str
    sender: str
    notes: list[str]
    seed: int
    shelf: Shelf

    @classmethod
    def of(cls, question: Question) -> Order:
        data, shelf = question.data, Shelf()
        brief, wish = data["brief"], data.get("change_wish") or ""
        language = brief["language"] if brief["language"] in BOOKS else "en"
        voice = Voice.model_validate(data.get("style_guide", {}).get("voice", {}))
        points = [*data["points"], *(each.text for each in question.outside)] if "points" in data else None
        order = cls(
            angle=cast(Angle, data.get("variant", "A")),
            book=BOOKS[language],
            language=language,
            register=_register(brief["tone"], wish, voice, data.get("address"), language),
            voice=voice,
            purpose=_first(_PURPOSES, f"{brief['goal']} {brief['call_to_action']['text']}") or "read",
            to_companies=bool(re.search(_COMPANIES, data.get("audience") or brief["audience"], re.IGNORECASE)),
            offer=shelf.put(data.get("message") or brief["offer"]),
            facts=[shelf.put(fact) for fact in (brief["facts"] if points is None else points)],
            call=shelf.put(data.get("call") or brief["call_to_action"]["text"]),
            url=str(brief["call_to_action"].get("url", "")),
            sender=data["sender"],
            notes=_language_notes(brief["language"]) + _wish_notes(wish),
            seed=question.seed,
            shelf=shelf,
        )
        return replace(order, angle="D") if re.search(SHORTER, wish, re.IGNORECASE) else order

    def pick(self, slot: str, options: Sequence[_Pick]) -> _Pick:
        """One of the phrases; the next seed takes the next one."""
        return options[(self.seed + len(slot)) % len(options)]

    def say(self, slot: str, phrases: Mapping[Register, Phrases]) -> str:
        """A phrase in the register of the text; a calm one where the house does without exclamation marks."""
        said = self.pick(slot, phrases.get(self.register) or phrases["warm"])
        return said.replace("!", ".") if self.voice.exclamations is False else said

    def short(self, text: str, limit: int) -> str:
        """The beginning as a phrase of its own: its first clause, else up to a joint, else a few words and …."""
        return shortened(text, limit, self.book)

    def headed(self, limit: int) -> str:
        """The offer in a few words; where they would mean something else than all of it, a fact or the call."""
        for each in (self.offer, *self.facts):
            if _as_meant(each, short := self.short(each, limit)):
                return short
        return self.short(self.call, limit)

    def beyond(self, short: str) -> str:
        """The offer as a sentence: only what comes after the colon if a heading has said what is before it."""
        head, colon, rest = self.offer.partition(": ")
        return sentence(rest if colon and rest.strip() and head.strip() == short else self.offer)

    def sentences(self, text: str, limit: int) -> str:
        """As many whole sentences as fit; if not even the first does, its beginning."""
        said = sentence(text)
        if len(said) <= limit:
            return said
        kept = ""
        for each in _SENTENCE.split(said):
            if len(kept) + len(each) + 1 > limit:
                break
            kept = f"{kept} {each}".strip()
        return kept or ended(self.short(said, limit - 1))


def shortened(text: str, limit: int, book: PhraseBook) -> str:
    """The beginning of a text as a phrase of its own: its first clause, else up to the last joint, else words and …."""
    clause = next((each.strip().rstrip(".") for each in _CLAUSE.split(text.strip()) if each.strip()), "")
    if len(clause) <= limit:
        return clause
    ends = (each.start() for each in _JOINT.finditer(clause) if limit // 3 <= each.start() <= limit)
    if end := next((end for end in sorted(ends, reverse=True) if _whole(clause[:end])), 0):
        return clause[:end]
    words = clause[:limit].split()[:-1] or [clause[: limit - 1]]
    while len(words) > 1 and words[-1].lower() in book.dangling.split():
        words.pop()
    return " ".join(words) + "…"


def _whole(phrase: str) -> bool:
    """Is what follows its last comma more than one item of a list that goes on?"""
    return "," not in phrase or len(phrase.rpartition(",")[2].split()) > 2


def _as_meant(text: str, short: str) -> bool:
    """Is no negation lost that the whole has?"""
    return bool(_NEGATION.search(short)) or not _NEGATION.search(text)


def sentence(text: str) -> str:
    """With a capital and a mark at its end; an address at its end stays whole."""
    text = text.strip()
    return text[:1].upper() + ended(text[1:]) if text else ""


def ended(text: str) -> str:
    """With a mark at its end, and never two."""
    if not text.strip() or text[-1] in ".!?…:" or "://" in text.split()[-1]:
        return text
    return text + "."


def filled(limit: int, parts: Sequence[str]) -> str:
    """The first parts that fit together, in order, always the first one."""
    kept = parts[0] if parts else ""
    for each in parts[1:]:
        if len(kept) + 1 + len(each) <= limit:
            kept = f"{kept} {each}"
    return kept


def _register(said: str, wish: str, voice: Voice, address: Any, language: str) -> Register:
    """What is wished, else the house's own voice, else the brief's tone; in German it decides between du and Sie,
    unless the style guide does."""
    register = _first(_REGISTERS, wish) or voice.tone or _first(_REGISTERS, said) or "warm"
    if language != "de" or address is None:
        return register
    if address == "du":
        return "lively"
    return "warm" if register == "lively" else register


def _first(patterns: Mapping[_Name, str], text: str) -> _Name | None:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text, re.IGNORECASE)), None)


def _language_notes(language: str) -> list[str]:
    if language in BOOKS:
        return []
    return [f"The built-in writer knows English and German, not {language!r}: this draft is in English."]


def _wish_notes(wish: str) -> list[str]:
    understood = re.search(SHORTER, wish, re.IGNORECASE) or _first(_REGISTERS, wish)
    if not wish or understood:
        return []
    return ["The built-in writer cannot follow this wish; it only changes length, tone and wording."]
