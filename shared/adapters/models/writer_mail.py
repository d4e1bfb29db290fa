"""The built-in writer's mails."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.adapters.models.writer_order import Order, sentence
from shared.domain.wording import Copy

_FIRST = re.compile(
    r"(?:Wir|Ich|Du|Es|Der|Die|Das|Den|Dem|Eine?[mnrs]?|Unsere?[mnrs]?|Deine?[mnrs]?|Am|Im|Ab|An|Auf|Aus|Bei|Bis|Für|In"
    r"|Mit|Nach|Ohne|Seit|Unter|Vom|Von|Vor|Zum|Zur|Zwischen|Jetzt|Heute|Alle[ns]?|Zwei|Drei|Vier|Fünf|Sechs|Sieben|Acht"
    r"|Neun|Zehn|Elf|Zwölf|Wer|Was|Wie|Wo|Wenn|Ob|[A-ZÄÖÜ][a-zäöüß]+e[nrs]?(?=\s[A-ZÄÖÜ]))\b(?<!Ihre)(?<!Ihren)(?<!Ihrer)"
)
"""Words that are no nouns; the last kind is an adjective before its noun."""
SUBJECT_LENGTH, HEADLINE_LENGTH, PREHEADER_LENGTH = 60, 64, 100


def mail(order: Order) -> Copy:
    """One mail, from the brief alone. Its first words are the brief's own: no two businesses begin alike."""
    headline = _headline(order)
    subject, (paragraphs, points, closing) = _subject(order), _body(order, order.beyond(headline))
    greeting = _greeting(order)
    copy = Copy(
        subject=subject,
        preheader=_preheader(order, subject),
        headline=headline,
        greeting=greeting,
        paragraphs=[_going_on(paragraphs[0], order), *paragraphs[1:]],
        points=points,
        closing=closing,
        sign_off=f"{_sign_off(order)}\n{order.sender}",
        language=order.language,
        notes=order.notes,
    )
    return copy.mapped(order.shelf.restore)


def _greeting(order: Order) -> str:
    """The house's own words before the name, if it has any; its mark only where the house exclaims."""
    usual = order.book.greeting[order.register]
    opened, field, rest = usual.partition(" {{")
    greeting = f"{order.voice.greeting or opened}{field}{rest}"
    return greeting.removesuffix("!") + "," if order.voice.exclamations is False and greeting[-1] == "!" else greeting


def _sign_off(order: Order) -> str:
    """English puts a comma after it, German does not."""
    if own := order.voice.sign_off:
        return own.rstrip(",") + ("," if order.language == "en" else "")
    return order.say("sign off", order.book.sign_off)


def _headline(order: Order) -> str:
    """Empty where the first sentence would only say it again."""
    short = "" if order.angle in "CD" else order.headed(HEADLINE_LENGTH)
    return "" if short.endswith("…") or short.rstrip(".!?") == order.offer.rstrip(".!?…") else short


def _subject(order: Order) -> str:
    """The offer in a few words, in a frame if there is room for both."""
    if order.angle == "C" and order.facts and len(order.facts[0]) <= SUBJECT_LENGTH:
        return order.facts[0].rstrip(".")
    short, frame = order.headed(SUBJECT_LENGTH), order.say("subject", order.book.subject[order.angle])
    framed = frame.format(short=short)
    return framed if len(framed) <= SUBJECT_LENGTH else order.pick("subject", _without_room(order, frame, short))


def _without_room(order: Order, frame: str, short: str) -> Sequence[str]:
    """What the subject may be instead; each angle's own, so that variants and versions differ."""
    if order.angle == "A":
        return (short, order.short(order.call, SUBJECT_LENGTH))
    cut = frame.format(short=order.headed(SUBJECT_LENGTH - len(frame) + len("{short}")))
    facts = [fact.rstrip(".") for fact in order.facts if len(fact) <= SUBJECT_LENGTH and "://" not in fact]
    return (cut, facts[-1]) if facts and order.angle == "B" else (cut,)


def _preheader(order: Order, subject: str) -> str:
    """The second line of the inbox: something that the subject does not say already."""
    candidates = [*order.facts, order.offer, order.call]
    other = next((each for each in candidates if each.rstrip(".") not in subject), order.call)
    return order.short(other, PREHEADER_LENGTH)


def _body(order: Order, offer: str) -> tuple[list[str], list[str], str]:
    """Paragraphs, points and closing, in the order that the angle wants."""
    facts = [sentence(fact) for fact in order.facts]
    closing = order.say("closing", order.book.closing[order.purpose])
    match order.angle:
        case "B":
            company = order.to_companies
            asked = order.say("question", order.book.question_to_companies if company else order.book.question)
            return [f"{offer} {asked}"], facts[::-1], closing
        case "C" if facts:
            return [" ".join(facts)], [], offer
        case "D":
            return [" ".join([offer, *facts[:1]])], [], closing
        case _:
            return [offer], facts, closing


def _going_on(text: str, order: Order) -> str:
    """German goes on in lower case after the greeting's comma, if the first word is none that keeps its capital."""
    found = _FIRST.match(text) if order.language == "de" else None
    return text[:1].lower() + text[1:] if found else text
