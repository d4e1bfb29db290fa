"""A stranger's HTML made safe to parse: text in a known encoding, and no tag with more attributes than any page has.

The parser compares each attribute of a tag with all before it, so that one tag with 200,000 of them takes minutes."""

from __future__ import annotations

import codecs
import re

from shared.adapters._http.wire import Answer

MOST_ATTRIBUTES = 200
"""Of one tag; where it goes on, it is ended there, and the rest is text."""
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_KNOWN = ("utf-8", "utf-16", "iso8859-", "cp125", "cp932", "cp949", "koi8-", "gb", "big5", "euc_", "shift_jis")
"""Beginnings of encodings that are read: each takes no longer than the page is long."""
_LAST_RESORT = "cp1252"
_BLANK = r"[\t\n\f\r ]"
_NAME = r"(?>=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
_VALUE = r"(?>\"[^\"]*+\"?+|'[^']*+'?+|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)"
_ATTRIBUTE = rf"(?>[\t\n\f\r /]*+{_NAME}(?:{_BLANK}*+={_BLANK}*+{_VALUE}?+)?+)"
_TAG = re.compile(rf"</?+[a-zA-Z][^\t\n\f\r />]*+{_ATTRIBUTE}{{0,{MOST_ATTRIBUTES}}}+[\t\n\f\r /]*+")
"""A tag as the tokenizer of the HTML standard reads it (13.2.5), without its end, and with at most so many attributes.
Whatever it begins it takes: no part of a page is read twice."""
_SHORT = 10_000
"""Characters in which no tag can have enough attributes to matter."""


def markup(answer: Answer, body: bytes) -> str:
    """The page as text."""
    return markup_of(answer.headers.get("content-type", ""), body)


def markup_of(content_type: str, body: bytes) -> str:
    """The same of a page of which no more than its type is known."""
    text = body.decode(_encoding(content_type, body), "replace")
    return text if len(text) < _SHORT else _TAG.sub(_ended, text)


def _ended(tag: re.Match[str]) -> str:
    goes_on = tag.end() < len(tag.string) and tag.string[tag.end()] != ">"
    return f"{tag[0]}>" if goes_on else tag[0]


def _encoding(content_type: str, body: bytes) -> str:
    """UTF-8 where it is that; else the header's word, else the page's own; what is no charset counts as none."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)  # a character may be cut off at the end
        return "utf-8"
    except UnicodeDecodeError:
        pass
    said = content_type, body[:2048].decode("latin-1")
    named = (found[1] for each in said if (found := _CHARSET.search(each)))
    return next((known for each in named if (known := _known(each))), _LAST_RESORT)


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return _LAST_RESORT if found == "iso8859-1" else found if found.startswith(_KNOWN) else None
