"""The built-in writer's mails."""

from __future__ import annotations

from shared.adapters.models.writer_order import Order, sentence
from shared.domain.wording import Copy

SUBJECT_LENGTH, HEADLINE_LENGTH, PREHEADER_LENGTH = 60, 64, 100


def mail(order: Order) -> Copy:
    """One mail, from the brief alone."""
    headline = "" if order.angle == "D" else order.short(order.offer, HEADLINE_LENGTH)
    subject, (paragraphs, points, closing) = _subject(order), _body(order, order.beyond(headline))
    copy = Copy(
        subject=subject,
        preheader=_preheader(order, subject),
        headline=headline,
        greeting=order.book.greeting[order.register],
        paragraphs=paragraphs,
        points=points,
        closing=closing,
        sign_off=f"{order.say('sign off', order.book.sign_off)}\n{order.sender}",
        language=order.language,
        notes=order.notes,
    )
    return copy.mapped(order.shelf.restore)


def _subject(order: Order) -> str:
    if order.angle == "C" and order.facts and len(order.facts[0]) <= SUBJECT_LENGTH:
        return order.facts[0].rstrip(".")
    frame = order.say("subject", order.book.subject[order.angle])
    return frame.format(short=order.short(order.offer, SUBJECT_LENGTH - len(frame) + len("{short}")))


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
            return [_lower(asked, order), offer], facts[::-1], closing
        case "C" if facts:
            return [order.say("opening", order.book.opening["C"])], [*facts[1:], facts[0]], f"{offer} {closing}"
        case "D":
            return [order.say("opening", order.book.opening["D"]), " ".join([offer, *facts[:1]])], [], closing
        case angle:
            return [order.say("opening", order.book.opening["C" if angle == "C" else "A"]), offer], facts, closing


def _lower(text: str, order: Order) -> str:
    """German goes on in lower case after the greeting's comma; the questions begin with a verb."""
    return text[:1].lower() + text[1:] if order.language == "de" else text
