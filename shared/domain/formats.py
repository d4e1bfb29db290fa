"""Formats are data: which parts a text has, how long each may be, and how a network counts the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from shared.domain.formats_networks import NETWORKS, Network

FormatName = Literal["email", "sms", "linkedin", "x", "facebook", "instagram", "mastodon", "blog", "landing"]
Words = dict[str, str | list[str]]
"""The parts of one text by name; of a list each item is a part of its own (`paragraphs.2`)."""


class Part(NamedTuple):
    """One part: at most `most` characters, each of at most `items` if it is a list. `about` is for writers."""

    name: str
    most: int
    about: str
    items: int = 0
    needed: bool = True


class Format(NamedTuple):
    """One kind of text. `personal`: it goes to one reader, so personal fields may stand in it."""

    title: str
    parts: tuple[Part, ...]
    personal: bool = False
    network: Network | None = None


_EMAIL = (
    Part("subject", 60, "one line, true to the content"),
    Part("preheader", 100, "the second line of the inbox; it adds to the subject"),
    Part("headline", 64, "above the text", needed=False),
    Part("greeting", 120, "one line"),
    Part("paragraphs", 900, "the text", items=12),
    Part("points", 300, "short facts, shown as a list", items=20, needed=False),
    Part("closing", 400, "leads to the button"),
    Part("sign_off", 200, "a greeting and, on its own line, the sender's name"),
)
_SMS = (Part("text", 100, "all that it says; the sender's name and the address of the call are added"),)
_BLOG = (
    Part("title", 70, "one line"),
    Part("description", 155, "what search engines show below the title"),
    Part("paragraphs", 1200, "the beginning, before the first heading", items=6),
    Part("sections", 3000, "each: its heading in the first line, its text in the lines after it", items=10),
    Part("closing", 400, "leads to the call to action"),
)
_LANDING = (
    Part("title", 60, "of the page, as search engines show it"),
    Part("description", 155, "what search engines show below the title"),
    Part("headline", 80, "the promise in one line"),
    Part("subheadline", 160, "what it is about, in a sentence", needed=False),
    Part("paragraphs", 700, "the text", items=6),
    Part("points", 200, "short facts, shown as a list", items=12, needed=False),
    Part("closing", 300, "leads to the button"),
)


def _post(hook: int, paragraph: int, items: int) -> tuple[Part, ...]:
    return (
        Part("hook", hook, "the first line; it is all that is seen before a reader opens the post"),
        Part("paragraphs", paragraph, "the text, plain, no markup", items=items, needed=False),
        Part("call", 80, "what to do; the address is added"),
        Part("hashtags", 40, "without # and spaces", items=30, needed=False),
    )


FORMATS: Mapping[FormatName, Format] = {
    "email": Format("E-mail", _EMAIL, personal=True),
    "sms": Format("Text message", _SMS, personal=True),
    "linkedin": Format("LinkedIn", _post(200, 700, 8), network=NETWORKS["linkedin"]),
    "x": Format("X", _post(120, 140, 2), network=NETWORKS["x"]),
    "facebook": Format("Facebook", _post(200, 600, 6), network=NETWORKS["facebook"]),
    "instagram": Format("Instagram", _post(125, 500, 6), network=NETWORKS["instagram"]),
    "mastodon": Format("Mastodon", _post(160, 250, 3), network=NETWORKS["mastodon"]),
    "blog": Format("Blog post", _BLOG),
    "landing": Format("Landing page", _LANDING),
}


def named(words: Words) -> list[tuple[str, str]]:
    """Every text in it, as (part, text), in reading order."""
    found: list[tuple[str, str]] = []
    for name, said in words.items():
        items = [(f"{name}.{n}", text) for n, text in enumerate(said)] if isinstance(said, list) else [(name, said)]
        found += items
    return found


def ordered(format: FormatName, words: Words) -> Words:
    """The parts in the format's order, whatever order a store or a model gave them in. Raises ValueError, naming the
    part, for one that is missing, not the format's or of another shape."""
    parts = FORMATS[format].parts
    if strange := sorted({*words} - {part.name for part in parts}):
        raise ValueError(f"{strange[0]}: {format} has no such part")
    for part in parts:
        said = words.get(part.name)
        if not isinstance(said, list if part.items else str):
            raise ValueError(f"{part.name}: must be {'a list of texts' if part.items else 'a text'}")
    return {part.name: words[part.name] for part in parts}


def exchanged(words: Words, where: str, text: str) -> Words:
    """The same words with one part (`subject`, `paragraphs.2`) said otherwise. Raises KeyError if there is none."""
    if where not in dict(named(words)):
        raise KeyError(where)
    name, _, item = where.partition(".")
    said = words[name]
    if isinstance(said, list):
        return words | {name: [*said[: int(item)], text, *said[int(item) + 1 :]]}
    return words | {name: text}


def schema_of(format: FormatName) -> dict[str, object]:
    """The JSON schema of what a writer hands in: the parts, the language it is really in, notes for the approver."""
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    parts = {part.name: texts | {"maxItems": part.items} if part.items else text for part in FORMATS[format].parts}
    properties = {**parts, "language": text, "notes": texts}
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
