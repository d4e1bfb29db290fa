"""A workspace's brand over HTTP."""

from __future__ import annotations

from pydantic import BaseModel

from functions.http.handlers.links import link_of, nowhere
from shared.access.call import Answer, Call
from shared.access.problem import Refusal
from shared.agents import brand
from shared.domain.brand import Brand, BrandRequest
from shared.domain.contrast import contrast
from shared.domain.faults import Missing
from shared.ports import Stale
from shared.render.typesetting import drawn_with, families

_INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Content-Security-Policy of a file that somebody sent."""


class Drawn(BaseModel):
    """The families that a text is really drawn with, in order: what the first lacks the next ones fill in."""

    heading: list[str]
    body: list[str]


class ShownBrand(Brand):
    """The brand, its revision (null: nobody wrote one), its contrasts, and the fonts that there are."""

    rev: str | None
    contrasts: dict[str, float]
    drawn_with: Drawn
    fonts_here: list[str]


def show(call: Call) -> Answer[ShownBrand]:
    """Name, colours, fonts and logo. The ETag is the revision, for If-Match."""
    return shown(call, *brand.read(call.ports, call.scope))


def replace(call: Call, body: BrandRequest) -> Answer[ShownBrand]:
    """Put this in the place of the brand; the logo stays. With If-Match only if it is still at that revision."""
    return shown(call, *replaced(call, body, call.headers.get("if-match")))


def logo(call: Call) -> Answer[bytes]:
    """The cleaned file."""
    found, _ = brand.read(call.ports, call.scope)
    content = brand.logo_file(call.ports, call.scope, found)
    if content is None or found.logo is None:
        raise Missing("brand", "logo")
    return Answer(content, content_type=found.logo.media_type, headers={"Content-Security-Policy": _INERT})


def replace_logo(call: Call, body: bytes) -> Answer[ShownBrand]:
    """Take a PNG or SVG file of at most 500,000 bytes as the logo; what could run or load is taken out of it."""
    return shown(call, *brand.put_logo(call.ports, call.scope, call.principal, body))


def remove_logo(call: Call) -> Answer[ShownBrand]:
    """Go on without a logo."""
    return shown(call, *brand.remove_logo(call.ports, call.scope, call.principal))


def public_logo(call: Call) -> Answer[bytes]:
    """The logo in a mail: under a signed link, the same for everybody, so that fetching it tells nothing."""
    link = link_of(call, brand.PURPOSE)
    try:
        content = call.ports.files.get(link.scope, brand.shown_file(link.campaign)) if link else None
    except FileNotFoundError:
        content = None
    if content is None:
        gone = nowhere()
        return Answer(gone.body.encode(), status=gone.status, content_type=gone.content_type)
    return Answer(content, content_type="image/png", headers={"Cache-Control": "public, max-age=31536000, immutable"})


def replaced(call: Call, body: BrandRequest, wanted: str | None) -> tuple[Brand, str]:
    """Write it, if it is still as `wanted` (an If-Match, RFC 9110 section 13.1.1) says. Raises Refusal (412)."""
    _, present = brand.read(call.ports, call.scope)
    if wanted is not None and not (wanted.strip() == "*" and present) and wanted.strip() != etag(present):
        raise _changed(present)
    try:
        return brand.write(call.ports, call.scope, call.principal, body, present)
    except Stale:
        raise _changed(present) from None


def shown(call: Call, found: Brand, rev: str | None) -> Answer[ShownBrand]:
    """As the API and the page show it."""
    colours, fonts, here = found.colours, found.fonts, call.ports.fonts
    made = ShownBrand(
        **found.model_dump(),
        rev=rev,
        contrasts={
            "text": round(contrast(colours.text, colours.background), 1),
            "on_primary": round(contrast(colours.on_primary, colours.primary), 1),
        },
        drawn_with=Drawn(heading=drawn_with(fonts.heading, here), body=drawn_with(fonts.body, here)),
        fonts_here=families(here),
    )
    return Answer(made, headers={"ETag": etag(rev)} if rev else {})


def etag(rev: str | None) -> str:
    """The revision as a header has it."""
    return f'"{rev}"'


def _changed(rev: str | None) -> Refusal:
    reason = f"the brand has changed since; it is at {etag(rev)} now" if rev else "there is no brand yet"
    return Refusal(412, "changed", "If-Match", reason)
