"""What can be said against a text in its format: parts, lengths as networks count them, links, hashtags, mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.domain.checks import finding, said_findings
from shared.domain.claims import Source
from shared.domain.draft import Finding
from shared.domain.formats import FORMATS, FormatName, Part, Words, named
from shared.domain.formats_networks import Network, counted
from shared.domain.placeholders import EXPRESSION, URL
from shared.domain.sms import foreign, length
from shared.domain.style_guide import StyleGuide, style_findings

SEGMENTS = 3
"""Of a text message that nobody has a tariff for yet."""
_HASHTAG = re.compile(r"#\w+")
_MENTION = re.compile(r"(?<![\w.])@\w[\w.]*")
_NO_TAG = re.compile(r"[^\w]|^\d+$")


def format_findings(
    format: FormatName, words: Words, language: str, published: str, sources: Sequence[Source], guide: StyleGuide
) -> list[Finding]:
    """Everything against one text. `words` as a stranger reads them (fallbacks in place of personal fields)."""
    shape, parts = FORMATS[format], named(words)
    found = [each for part in shape.parts for each in _part(part, words[part.name])]
    found += said_findings(
        [(where, text) for where, text in parts if not where.startswith("hashtags")], language, sources
    )
    found += style_findings(guide, parts, language)
    if not shape.personal:
        found += _impersonal(parts)
    if shape.network:
        found += _post(shape.network, words, published)
    if format == "sms":
        found += _message(published)
    if format == "blog":
        found += _sections(words)
    return found


def _part(part: Part, said: str | list[str]) -> Iterator[Finding]:
    items = (
        [(f"{part.name}.{n}", text) for n, text in enumerate(said)] if isinstance(said, list) else [(part.name, said)]
    )
    if part.needed and not any(text.strip() for _, text in items):
        yield finding("error", "part-empty", part.name, "is empty")
    if part.items and len(items) > part.items:
        yield finding("error", "part-many", part.name, f"has {len(items)} items; there may be {part.items}")
    for where, text in items:
        if len(text) > part.most:
            yield finding("error", "part-long", where, f"{len(text)} characters; there may be {part.most}")
        if not part.items and part.most <= 160 and "\n" in text.strip():
            yield finding("error", "part-lines", where, "must be one line")


def _impersonal(parts: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    for where, text in parts:
        if EXPRESSION.search(text):
            yield finding("error", "field-in-public", where, "many read this: personal fields cannot stand in it")


def _post(network: Network, words: Words, published: str) -> Iterator[Finding]:
    size = counted(published, network.counting)
    if size > network.most:
        yield finding("error", "post-long", "published", f"counts {size}; the network takes {network.most}")
    hook = str(words["hook"])
    if (seen := counted(hook, network.counting)) > network.fold:
        yield finding("warning", "post-fold", "hook", f"counts {seen}; after {network.fold} readers must open the post")
    tags = _HASHTAG.findall(URL.sub("", published))
    if len(tags) > network.hashtags:
        yield finding("error", "hashtags-many", "hashtags", f"{len(tags)} hashtags; there may be {network.hashtags}")
    elif len(tags) > network.advised:
        yield finding(
            "warning", "hashtags-many", "hashtags", f"{len(tags)} hashtags; up to {network.advised} read well"
        )
    for n, tag in enumerate(words["hashtags"]):
        if _NO_TAG.search(tag):
            yield finding("error", "hashtag-broken", f"hashtags.{n}", f"{tag!r}: letters and digits only, without #")
    for mention in _MENTION.findall(URL.sub("", published)):
        reason = f"{mention!r} names an account" + ("" if network.mentions else ", but here becomes no link to it")
        yield finding("warning", "mention", "published", f"{reason}; is it the right one?")
    if not network.links:
        address = URL.search("\n".join(text for _, text in named(words)))
        if address:
            yield finding(
                "warning", "link-dead", "published", f"{address[0]!r} cannot be tapped in a post of this network"
            )
        reason = "an address in a post cannot be tapped: put the one of the call into the profile"
        yield finding("info", "link-elsewhere", "call", reason)


def _message(published: str) -> Iterator[Finding]:
    taken = length(published)
    if taken.segments > SEGMENTS:
        yield finding("error", "sms-long", "text", f"takes {taken.segments} segments; {SEGMENTS} are the most")
    if strange := foreign(published):
        reason = f"{strange!r} is not in the GSM alphabet: a segment holds 70 characters instead of 160"
        yield finding("warning", "sms-alphabet", "text", reason)


def _sections(words: Words) -> Iterator[Finding]:
    for n, section in enumerate(words["sections"]):
        heading, _, text = section.partition("\n")
        if not text.strip():
            yield finding(
                "error", "section-shape", f"sections.{n}", "needs a heading in its first line and text below it"
            )
        elif len(heading) > 90:
            yield finding(
                "error", "section-shape", f"sections.{n}", f"its heading has {len(heading)} characters; 90 are the most"
            )
