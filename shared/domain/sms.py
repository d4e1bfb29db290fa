"""How long a text message is: what networks carry, and charge for, are segments (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from typing import Literal, NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take two places."""
_ALONE, _JOINED = {"GSM-7": 160, "UCS-2": 70}, {"GSM-7": 153, "UCS-2": 67}
"""Places of a message of one segment, and of each segment of a longer one."""


class Tariff(NamedTuple):
    """What a segment costs, in millionths of a euro, and how many one message may have."""

    segment_micros: int
    most_segments: int


class Length(NamedTuple):
    """`places` are septets, or UTF-16 units where one character is not in the GSM alphabet."""

    encoding: Literal["GSM-7", "UCS-2"]
    places: int
    segments: int


def length(text: str) -> Length:
    """What it takes to send this; characters are never cut in two."""
    plain = all(each in _BASIC or each in _EXTENDED for each in text)
    encoding: Literal["GSM-7", "UCS-2"] = "GSM-7" if plain else "UCS-2"
    widths = [_width(each, plain) for each in text]
    places = sum(widths)
    return Length(encoding, places, 1 if places <= _ALONE[encoding] else _joined(widths, _JOINED[encoding]))


def foreign(text: str) -> str:
    """The first character that is not in the GSM alphabet; empty if all are."""
    return next((each for each in text if each not in _BASIC and each not in _EXTENDED), "")


def _width(character: str, plain: bool) -> int:
    if plain:
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _joined(widths: list[int], room: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments
