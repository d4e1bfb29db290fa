"""The built-in writer's text messages, posts, blog posts and landing pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from shared.adapters.models._phrases_public import PUBLIC, PublicBook
from shared.adapters.models.writer_mail import mail
from shared.adapters.models.writer_order import Order, ended, filled, sentence
from shared.domain.formats import FORMATS, FormatName, Part, Words
from shared.domain.formats_layout import published
from shared.domain.formats_networks import counted
from shared.domain.wording import BUILT_IN_WRITER


def piece(order: Order, format: FormatName) -> dict[str, object]:
    """The parts of one text, the language it is in, and notes."""
    words = _BY_FORMAT.get(format, _post)(_Desk(order, format))
    return {**_restored(words, order.shelf.restore), "language": order.language, "notes": order.notes}


class _Desk:
    """An order, with the phrases and the room that its format has."""

    def __init__(self, order: Order, format: FormatName) -> None:
        self.order, self.format = order, format
        self.book: PublicBook = PUBLIC[order.language]
        self._parts: Mapping[str, Part] = {part.name: part for part in FORMATS[format].parts}
        self.offer = sentence(order.offer)
        self.facts = [sentence(fact) for fact in order.facts]

    def most(self, part: str) -> int:
        return self._parts[part].most

    def items(self, part: str) -> int:
        return self._parts[part].items

    def framed(self, part: str, slot: str = "", spare: int = 0) -> str:
        """The offer in a few words, opened as the angle wants."""
        frame = self.order.say(slot or part, self.book.hook[self.order.angle])
        room = self.most(part) - spare - len(frame) + len("{short}")
        return frame.format(short=self.order.headed(room))

    def summary(self, said: str) -> str:
        """What a title does not say already, in one line."""
        offer = [] if self.said_whole(said) else [self.offer]
        room, texts = (
            self.most("description"),
            [" ".join(text.split()) for text in (*offer, *self.facts) if "://" not in text],
        )
        whole = [text for text in texts if len(text) <= room]
        return filled(room, whole) or self.order.sentences(" ".join(self.offer.split()), room)

    def fitting(self, part: str, texts: list[str]) -> list[str]:
        found = [self.order.sentences(text, self.most(part)) for text in texts if text]
        return found[: self._parts[part].items]

    def closing(self) -> str:
        return self.order.say("closing", self.book.closing[self.order.purpose])

    def opening(self) -> str:
        return self.order.say("opening", self.book.opening[self.order.angle])

    def said_whole(self, text: str) -> bool:
        """Is all of the offer in it already?"""
        return self.offer.rstrip(".!?…") in text


def _message(desk: _Desk) -> Words:
    order, room = desk.order, desk.most("text")
    short = _short(desk, room)
    facts = [fact for fact in desk.facts if len(fact) <= room and "://" not in fact]
    match order.angle:
        case "B":
            question = order.say("question", desk.book.question)
            return {"text": filled(room, [question, _short(desk, room - len(question) - 1), *facts])}
        case "C" if facts:
            return {"text": filled(room, [*facts, short])}
        case "D":
            return {"text": ended(_plain(desk.framed("text", "hook", spare=3)))}
        case _:
            return {"text": filled(room, [short, *facts])}


def _short(desk: _Desk, room: int) -> str:
    return ended(_plain(desk.order.headed(room - 3)))


def _plain(text: str) -> str:
    """In the alphabet of text messages, in which … costs more than half of the room."""
    return text.replace("…", "...")


def _post(desk: _Desk) -> Words:
    facts = [fact for fact in desk.facts if "://" not in fact]
    hook = desk.framed("hook")
    if desk.order.angle == "C" and facts and len(facts[0]) <= desk.most("hook") and "\n" not in facts[0]:
        hook = facts.pop(0)
    words: Words = {
        "hook": hook,
        "paragraphs": [],
        "call": desk.order.short(desk.order.call, desk.most("call")),
        "hashtags": _tags(desk.order.sender, desk.most("hashtags")),
    }
    offer = [] if desk.said_whole(hook) else [desk.order.beyond(desk.order.short(desk.order.offer, desk.most("hook")))]
    for paragraphs in _shorter_and_shorter(desk, offer, facts):
        tried = words | {"paragraphs": desk.fitting("paragraphs", paragraphs)}
        if len(paragraphs) <= desk.items("paragraphs") and _fits(desk, tried):
            return tried
    return words | {"hashtags": []}


def _shorter_and_shorter(desk: _Desk, offer: list[str], facts: list[str]) -> Iterator[list[str]]:
    """The paragraphs below the first line: all of them, then without what only leads in and out, then fewer facts. The
    one address of a post is the call's."""
    closing = [desk.closing()] if desk.order.angle in "AB" else []
    opening = [desk.opening()] if desk.order.angle == "A" and offer else []
    yield [*opening, *_told(desk, offer, facts), *closing]
    yield [*_told(desk, offer, facts), *closing]
    for n in range(len(facts), -1, -1):
        yield _told(desk, offer, facts[:n])
    yield []


def _told(desk: _Desk, offer: list[str], facts: list[str]) -> list[str]:
    roomy = len(offer) + len(facts) < desk.items("paragraphs")
    match desk.order.angle:
        case "B":
            return [*offer, *(facts[::-1] if roomy else [" ".join(facts[::-1])])]
        case "C" if facts:
            return [*offer, "\n".join(f"• {fact}" for fact in facts)]
        case "D":
            return [" ".join([*offer, *facts[:1]])]
        case _:
            return [*offer, " ".join(facts)]


def _fits(desk: _Desk, words: Words) -> bool:
    """Does the network take it as it will be published?"""
    network, order = FORMATS[desk.format].network, desk.order
    assert network, "only posts are counted"
    whole = published(
        desk.format, _restored(words, order.shelf.restore), sender=order.sender, call=order.call, url=order.url,
        language=order.language, written_by=BUILT_IN_WRITER,
    )  # fmt: skip
    return counted(whole, network.counting) <= network.most


def _blog(desk: _Desk) -> Words:
    order, book = desk.order, desk.book
    title = desk.framed("title")
    about, details = order.pick("headings", book.headings)
    facts = desk.facts[::-1] if order.angle == "B" else desk.facts
    offer = order.beyond(order.short(order.offer, desk.most("title")))
    texts = [(about, offer), (details, "\n\n".join(facts))]
    if order.angle == "C" and facts:
        texts.reverse()
    if order.angle == "D":
        texts = [(about, " ".join([offer, *desk.facts[:2]]))]
    sections = [f"{heading}\n{_whole(text, desk)}" for heading, text in texts if text]
    return {
        "title": title,
        "description": desk.summary(title),
        "paragraphs": [order.say("lead", book.lead[order.angle])],
        "sections": sections,
        "closing": desk.closing(),
    }


def _whole(text: str, desk: _Desk) -> str:
    """Paragraphs as they are, as long as there is room for all of them together."""
    room, kept = desk.most("sections") - 100, list[str]()
    for each in text.split("\n\n"):
        said = desk.order.sentences(each, room)
        room -= len(said) + 2
        kept.append(said)
        if room < 100:
            break
    return "\n\n".join(kept)


def _landing(desk: _Desk) -> Words:
    order = desk.order
    headline = order.short(order.offer, desk.most("headline"))
    facts = desk.facts[::-1] if order.angle == "B" else desk.facts
    short_facts = [fact for fact in facts if len(fact) <= desk.most("subheadline") and "\n" not in fact]
    above = short_facts[0] if order.angle == "C" and short_facts else ""
    question = order.say("question", desk.book.question) if order.angle == "B" else desk.opening()
    text = [question] if desk.said_whole(headline) else [question, order.beyond(headline)]
    points = [] if order.angle == "D" else [fact for fact in facts if fact != above]
    return {
        "title": order.short(order.offer, desk.most("title")),
        "description": desk.summary(headline),
        "headline": headline,
        "subheadline": above,
        "paragraphs": desk.fitting("paragraphs", text),
        "points": desk.fitting("points", points),
        "closing": desk.closing(),
    }


def _mail(desk: _Desk) -> Words:
    return mail(desk.order).model_dump(exclude={"language", "notes"})


def _tags(sender: str, room: int) -> list[str]:
    """The sender's name as a hashtag: the only one that is right for any brief."""
    words = re.findall(r"[^\W_]+", sender)
    tag = "".join(word[:1].upper() + word[1:] for word in words)
    return [tag] if tag and len(tag) <= room and not tag.isdigit() else []


def _restored(words: Words, restore: Callable[[str], str]) -> Words:
    return {name: [*map(restore, said)] if isinstance(said, list) else restore(said) for name, said in words.items()}


_BY_FORMAT: Mapping[FormatName, Callable[[_Desk], Words]] = {
    "email": _mail,
    "sms": _message,
    "blog": _blog,
    "landing": _landing,
}
