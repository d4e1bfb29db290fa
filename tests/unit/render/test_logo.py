from __future__ import annotations

import struct
import zlib

import pytest

from shared.render.logo import MOST_BYTES, picture_for_mail, read_logo, size_in_mail

SHAPES = b'<rect width="50" height="20" fill="#1d4e89"/>'


def svg(inner: bytes = SHAPES, attributes: bytes = b'viewBox="0 0 100 20"') -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" %b>%b</svg>' % (
        attributes,
        inner,
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 40, height: int = 20, *more: bytes) -> bytes:
    rows = b"".join(b"\0" + b"\x1d\x4e\x89" * width for _ in range(height)) if width * height < 10_000 else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *more, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")])


def test_a_plain_picture_is_kept_and_can_be_shown_in_a_mail() -> None:
    for data, media_type, sides in ((svg(), "image/svg+xml", (100, 20)), (png(), "image/png", (40, 20))):
        logo, content = read_logo(data)
        assert (logo.media_type, (logo.width, logo.height), logo.removed) == (media_type, sides, [])
        assert SHAPES in content or content == data
        file = picture_for_mail(logo, content, "#f4f2ec")
        assert file.startswith(b"\x89PNG")
        width, height = size_in_mail(logo)
        assert (width, height) == ((220, 44) if media_type == "image/svg+xml" else (88, 44))
        assert struct.unpack(">II", file[16:24]) == (2 * width, 2 * height)
        assert picture_for_mail(logo, content, "#f4f2ec") == file
    assert read_logo(svg())[0].digest == read_logo(svg())[0].digest


@pytest.mark.parametrize(
    ("inner", "gone"),
    [
        (b"<script>alert(1)</script>", "script"),
        (b"<script/>", "script"),
        (b'<rect onclick="x()" width="1" height="1"/>', "onclick"),
        (b'<rect ONLOAD="x()" width="1" height="1"/>', "ONLOAD"),
        (b'<foreignObject><x:body xmlns:x="http://x.example">alert</x:body></foreignObject>', "foreignObject"),
        (b'<image href="http://x.example/pixel.png" width="1" height="1"/>', "image"),
        (b'<image xlink:href="file:///etc/passwd" width="1" height="1"/>', "image"),
        (b'<image href="data:image/png;base64,AAAA" width="1" height="1"/>', "image"),
        (b'<a xlink:href="javascript:alert(1)"><text>x</text></a>', "a"),
        (b'<use xlink:href="http://x.example/x.svg#a"/>', "href"),
        (b'<use href="other.svg#a"/>', "href"),
        (b"<style>@import url(http://x.example/x.css);</style>", "style"),
        (b"<style>rect{fill:url( 'http://x.example')}</style>", "style"),
        (b"<style>r\\65 ct{fill:red}</style>", "style"),
        (b'<rect style="fill:url(//x.example)" width="1" height="1"/>', "style"),
        (b'<rect fill="url(http://x.example#a)" width="1" height="1"/>', "fill"),
        (b'<rect width="1" height="1"><animate attributeName="href" to="javascript:x"/></rect>', "animate"),
        (b'<rect width="1" height="1"><set attributeName="onload" to="x"/></rect>', "set"),
        (b'<filter id="f"><feImage href="http://x.example"/></filter>', "filter"),
        (b'<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>', "script"),
        (b'<pattern id="p"><rect width="1" height="1"/></pattern>', "pattern"),
        (b'<rect xml:base="http://x.example/" width="1" height="1"/>', "base"),
    ],
)  # fmt: skip
def test_what_could_run_or_load_is_taken_out_and_named(inner: bytes, gone: str) -> None:
    logo, content = read_logo(svg(SHAPES + inner))
    assert logo.removed == [gone]
    assert SHAPES in content
    for bad in (b"script", b"x.example", b"onclick", b"ONLOAD", b"file:", b"import", b"alert"):
        assert bad not in content


DOCTYPE = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
NESTED = b"".join(b'<g id="g%d">%b</g>' % (n, b'<use href="#g%d"/>' % (n - 1) * 10 if n else SHAPES) for n in range(12))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"GIF89a....", "neither a PNG nor an SVG"),
        (b"<html><svg/></html>", "outermost element"),
        (b"<svg>", "cannot|can be read"),
        (DOCTYPE + svg(b"<text>&x;</text>"), "document type or entities"),
        (svg(b"<text>&a;</text>"), "can be read"),
        (svg(attributes=b""), "does not say its size"),
        (svg(attributes=b'viewBox="0 0 1e9 1e9"'), "does not say its size"),
        (svg(attributes=b'viewBox="0 0 nan 5"'), "does not say its size"),
        (svg(attributes=b'width="0" height="10"'), "does not say its size"),
        (svg(NESTED + b'<use href="#g11"/>'), "uses parts that use parts"),
        (svg(b'<g id="a"><use href="#a"/></g>'), "uses parts that use parts"),
        (svg(b"<g/>" * 1_001), "more than 1,000 elements"),
        (svg(b"<text>" + b"W" * 400_000 + b"</text>"), "400,000 letters"),
        (svg(b"<style>" + b"rect>rect{fill:red}" * 20_000 + b"</style>"), "characters of style sheets"),
        (svg(b"<g>" * 300 + b"</g>" * 300), "can be read|cannot be drawn"),
        (svg().decode().encode("utf-16"), "neither a PNG nor an SVG"),
        (png()[:60], "cut off or damaged"),
        (png(100_000, 100_000), "at most 4,000,000"),
        (png(0, 5), "at most 4,000,000"),
        (png(200, 200), "cannot be drawn"),  # says more than it brings
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_logo(data)


def test_a_large_file_is_refused_unread() -> None:
    for data in (svg(b" " * 50_000_000), b"\x89PNG\r\n\x1a\n" + bytes(50_000_000)):
        with pytest.raises(ValueError, match=f"at most {MOST_BYTES:,} are taken"):
            read_logo(data)


def test_what_a_camera_noted_is_not_kept() -> None:
    logo, content = read_logo(png(40, 20, chunk(b"tEXt", b"Author\0Ann"), chunk(b"eXIf", b"GPS 53.5 N")))
    assert logo.removed == ["tEXt", "eXIf"]
    assert b"Ann" not in content
    assert b"GPS" not in content
    assert logo.digest == read_logo(png())[0].digest
