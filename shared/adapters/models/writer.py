"""The built-in writer: usable copy without any model, composed from the brief alone, the same for the same question."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from shared.adapters.models._phrases import BOOKS, Angle, PhraseBook, Phrases, Purpose, Register
from shared.domain.placeholders import Shelf
from shared.domain.routing import Ability, HomeName, Place, Quality
from shared.domain.scope import Scope
from shared.domain.wording import BUILT_IN_WRITER, TASK, Copy
from shared.ports import Answer, Embedded, ModelUnable, ModelUnavailable, Picture, Question

SUBJECT_LENGTH, HEADLINE_LENGTH, PREHEADER_LENGTH = 60, 64, 100
_REGISTERS: Mapping[Register, str] = {
    "formal": r"formal|professional|serious|sober|sachlich|förmlich|seriös",
    "lively": r"enthusiast|energetic|lively|playful|funny|excit|casual|begeistert|lebhaft|lebendig|locker|per du\b",
    "warm": r"friendl|warm|personal|freundlich|herzlich|persönlich",
}
_PURPOSES: Mapping[Purpose, str] = {
    "attend": r"course|event|webinar|workshop|seminar|invit|regist|attend|kurs\b|veranstalt|einlad|anmeld|teilnehm",
    "talk": r"appointment|meeting|call\b|consult|demo\b|talk|termin|gespräch|beratung|anruf",
    "buy": r"sale|sell|buy|order|shop|purchase|voucher|verkauf|kauf|bestell|gutschein",
}
_COMPANIES = r"b2b|compan|business|team|manager|director|agenc|firm|unternehm|betrieb|geschäftsführ"
_JOINT = re.compile(
    r",\s|\s(?:and|for|or|with|für|mit|oder|und"
    r"|are|brings?|gives?|has|helps?|is|makes?|offers?|starts?|will"
    r"|bietet|bringt|gibt|hat|hilft|ist|macht|sind|startet|wird)\s",
    re.IGNORECASE,
)
_Name = TypeVar("_Name", bound=str)
_SHORTER = r"short|brief|less text|kürz|knapp|weniger text"


class BuiltInWriter:
    """A Model that needs no network and costs nothing. It knows one task, `campaign.draft`, in English and German."""

    name: HomeName = "built-in"
    model = BUILT_IN_WRITER
    place: Place = "local"
    quality: Quality = "basic"
    longest = 1_000_000
    abilities: frozenset[Ability] = frozenset({"structure"})
    tasks: frozenset[str] | None = frozenset({TASK})

    def ask(self, scope: Scope, question: Question) -> Answer:
        """Compose the variant that the question asks for. Raises ModelUnavailable for any other task."""
        if question.tools:
            raise ModelUnable(self.name, "tools")
        if question.schema is None:
            raise ModelUnable(self.name, "text")
        if question.task != TASK:
            raise ModelUnavailable(f"{question.task}: the built-in writer only writes campaigns; set BATON_MODEL_URL")
        return Answer(_compose(_Order.of(question)).model_dump(), BUILT_IN_WRITER)

    def stream(self, scope: Scope, question: Question) -> Generator[str, None, Answer]:
        """Raises ModelUnable: it composes a whole at once."""
        raise ModelUnable(self.name, "stream")

    def embed(self, scope: Scope, texts: Sequence[str]) -> Embedded:
        """Raises ModelUnable."""
        raise ModelUnable(self.name, "embed")

    def draw(self, scope: Scope, wish: str) -> Picture:
        """Raises ModelUnable."""
        raise ModelUnable(self.name, "draw")


@dataclass(frozen=True)
class _Order:
    """The question as the writer understands it; expressions in the texts are put on the shelf."""

    angle: Angle
    book: PhraseBook
    language: str
    register: Register
    purpose: Purpose
    to_companies: bool
    offer: str
    facts: list[str]
    call: str
    sender: str
    notes: list[str]
    seed: int
    shelf: Shelf

    @classmethod
    def of(cls, question: Question) -> _Order:
        brief, wish, shelf = question.data["brief"], question.data.get("change_wish") or "", Shelf()
        language = brief["language"] if brief["language"] in BOOKS else "en"
        order = cls(
            angle=cast(Angle, question.data["variant"]),
            book=BOOKS[language],
            language=language,
            register=_first(_REGISTERS, f"{wish} {brief['tone']}") or "warm",
            purpose=_first(_PURPOSES, f"{brief['goal']} {brief['call_to_action']['text']}") or "read",
            to_companies=bool(re.search(_COMPANIES, brief["audience"], re.IGNORECASE)),
            offer=shelf.put(brief["offer"]),
            facts=[shelf.put(fact) for fact in brief["facts"]],
            call=shelf.put(brief["call_to_action"]["text"]),
            sender=question.data["sender"],
            notes=_language_notes(brief["language"]) + _wish_notes(wish),
            seed=question.seed,
            shelf=shelf,
        )
        return replace(order, angle="D") if re.search(_SHORTER, wish, re.IGNORECASE) else order

    def pick(self, slot: str, options: Phrases) -> str:
        """One of the phrases; the next seed takes the next one."""
        return options[(self.seed + len(slot)) % len(options)]

    def say(self, slot: str, phrases: Mapping[Register, Phrases]) -> str:
        return self.pick(slot, phrases.get(self.register) or phrases["warm"])


def _compose(order: _Order) -> Copy:
    subject, (paragraphs, points, closing) = _subject(order), _body(order)
    copy = Copy(
        subject=subject,
        preheader=_preheader(order, subject),
        headline="" if order.angle == "D" else _short(order.offer, HEADLINE_LENGTH, order.book),
        greeting=order.book.greeting[order.register],
        paragraphs=paragraphs,
        points=points,
        closing=closing,
        sign_off=f"{order.say('sign off', order.book.sign_off)}\n{order.sender}",
        language=order.language,
        notes=order.notes,
    )
    return copy.mapped(order.shelf.restore)


def _subject(order: _Order) -> str:
    if order.angle == "C" and order.facts and len(order.facts[0]) <= SUBJECT_LENGTH:
        return order.facts[0].rstrip(".")
    frame = order.pick("subject", order.book.subject[order.angle])
    return frame.format(short=_short(order.offer, SUBJECT_LENGTH - len(frame) + len("{short}"), order.book))


def _preheader(order: _Order, subject: str) -> str:
    """The second line of the inbox: something that the subject does not say already."""
    candidates = [*order.facts, order.offer, order.call]
    other = next((each for each in candidates if each.rstrip(".") not in subject), order.call)
    return _short(other, PREHEADER_LENGTH, order.book)


def _body(order: _Order) -> tuple[list[str], list[str], str]:
    """Paragraphs, points and closing, in the order that the angle wants."""
    offer, facts = _sentence(order.offer), [_sentence(fact) for fact in order.facts]
    closing = order.say("closing", order.book.closing[order.purpose])
    match order.angle:
        case "B":
            company = order.to_companies
            asked = order.say("question", order.book.question_to_companies if company else order.book.question)
            return [_lower(asked, order), offer], facts, closing
        case "C" if facts:
            return [order.say("opening", order.book.opening["C"])], facts, f"{offer} {closing}"
        case "D":
            return [order.say("opening", order.book.opening["D"]), " ".join([offer, *facts[:1]])], [], closing
        case angle:
            return [order.say("opening", order.book.opening["C" if angle == "C" else "A"]), offer], facts, closing


def _short(text: str, limit: int, book: PhraseBook) -> str:
    """The beginning of a text as a phrase of its own: its first clause, else up to a joint, else a few words and …."""
    clauses = re.split(r"[.!?;:]+(?=\s|$)|\s[\u2013\u2014-]\s", text.strip())
    clause = next((each.strip() for each in clauses if each.strip()), "")
    if len(clause) <= limit:
        return clause
    joint = _JOINT.search(clause, limit // 3)
    if joint and joint.start() <= limit:
        return clause[: joint.start()]
    words = clause[:limit].split()[:-1] or [clause[: limit - 1]]
    while len(words) > 1 and words[-1].lower() in book.dangling.split():
        words.pop()
    return " ".join(words) + "…"


def _sentence(text: str) -> str:
    text = text.strip()
    ended = not text or text[-1] in ".!?…:" or "://" in text.split()[-1]
    return text[:1].upper() + text[1:] + ("" if ended else ".")


def _lower(text: str, order: _Order) -> str:
    """German goes on in lower case after the greeting's comma; the questions begin with a verb."""
    return text[:1].lower() + text[1:] if order.language == "de" else text


def _first(patterns: Mapping[_Name, str], text: str) -> _Name | None:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text, re.IGNORECASE)), None)


def _language_notes(language: str) -> list[str]:
    if language in BOOKS:
        return []
    return [f"The built-in writer knows English and German, not {language!r}: this draft is in English."]


def _wish_notes(wish: str) -> list[str]:
    understood = re.search(_SHORTER, wish, re.IGNORECASE) or _first(_REGISTERS, wish)
    if not wish or understood:
        return []
    return ["The built-in writer cannot follow this wish; it only changes length, tone and wording."]
