"""A text as its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATIONS = (
    r"(?<!\bz\.B)(?<!\bd\.h)(?<!\bu\.a)(?<!\bca)(?<!\bbzw)(?<!\binkl)(?<!\bzzgl)(?<!\bNr)(?<!\bStr)(?<!\bDr)(?<!\bMr)(?<!\bMs)"
    r"(?<!\bMrs)(?<!\bProf)(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)(?<!\bSt)(?<!\bevtl)(?<!\bmax)(?<!\bmin)(?<!\bTel)"
)
_END = re.compile(
    rf"(?:{_ABBREVIATIONS}(?<!\b\d)(?<!\b\d\d)\.|[!?…]|(?<=\d{{4}})\.)[\"'”“»)]*(?=\s+[\"'„“«(]?[^\sa-zäöüß]|\s*$)|\s*\n\s*"
)
"""A full stop after a figure of one or two digits is a German ordinal (am 3. Mai) unless the text ends there."""


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in order, with their marks; line ends end a sentence as well."""
    start = 0
    for end in _END.finditer(text):
        if said := text[start : end.end()].strip():
            yield said
        start = end.end()
    if said := text[start:].strip():
        yield said
