"""A logo as it is kept, and as a mail can show it. What cannot be a logo is refused in words."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import Literal

from shared.domain.brand import Logo
from shared.render.svg import clean_svg
from shared.render.typesetting import picture_data, typeset

MOST_BYTES = 500_000
MOST_PIXELS = 4_000_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB")
"""What a picture needs; texts, places and cameras' notes are not kept."""
_HEIGHT, _WIDEST = 44, 260
"""CSS pixels of a logo in a mail; the file has twice as many for fine screens."""


def read_logo(data: bytes) -> tuple[Logo, bytes]:
    """What is known of the logo, and the cleaned file. Raises ValueError with the reason."""
    if not data:
        raise ValueError("is empty; a PNG or SVG file is needed")
    if len(data) > MOST_BYTES:
        raise ValueError(f"has {len(data):,} bytes; at most {MOST_BYTES:,} are taken")
    media_type: Literal["image/png", "image/svg+xml"]
    if data.startswith(_SIGNATURE):
        media_type, (content, width, height, removed) = "image/png", _clean_png(data)
    elif b"<svg" in data or b":svg" in data:
        media_type, (content, width, height, removed) = "image/svg+xml", clean_svg(data)
    else:
        raise ValueError("is neither a PNG nor an SVG file")
    digest = hashlib.sha256(content).hexdigest()
    logo = Logo(media_type=media_type, digest=digest, width=width, height=height, removed=removed)
    picture_for_mail(
        logo, content, "#ffffff"
    )  # a file that cannot be drawn is refused now, not in the midst of a campaign
    return logo, content


def size_in_mail(logo: Logo) -> tuple[int, int]:
    """Width and height in CSS pixels."""
    scale = min(_HEIGHT / logo.height, _WIDEST / logo.width)
    return max(1, round(logo.width * scale)), max(1, round(logo.height * scale))


def picture_for_mail(logo: Logo, content: bytes, ground: str) -> bytes:
    """As PNG on a ground of that colour: mail programs show no SVG, and a logo may be dark on dark.

    Raises ValueError if the file cannot be drawn."""
    width, height = size_in_mail(logo)
    data = {"ground": ground, "width": width, "height": height, "picture": picture_data(content)}
    return typeset("logo", data, "png", ppi=144)


def _clean_png(data: bytes) -> tuple[bytes, float, float, list[str]]:
    chunks = [*_chunks(data)]
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise ValueError("is a PNG file that is cut off or damaged")
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(f"has {width:,} by {height:,} pixels; at most {MOST_PIXELS:,} together are taken")
    kept = b"".join(_chunk(kind, body) for kind, body in chunks if kind in _KEPT)
    removed = [kind.decode("ascii", "replace") for kind, _ in chunks if kind not in _KEPT]
    return _SIGNATURE + kept, width, height, [*dict.fromkeys(removed)]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of each whole chunk."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if at + 12 + length > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
