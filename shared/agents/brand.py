"""A workspace's brand: read it, change it, its logo, and how mails look by it."""

from __future__ import annotations

from shared.domain.brand import BRAND, Brand, BrandRequest, Logo, Look, Picture, look_of
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.links import Link, Purpose, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale
from shared.render.logo import picture_for_mail, read_logo, size_in_mail
from shared.render.typesetting import families

PURPOSE: Purpose = "b"
"""Of the signed link under which mail programs fetch the logo."""


def read(ports: Ports, scope: Scope) -> tuple[Brand, str | None]:
    """The brand and its revision; one without a name, and None, where nobody wrote any."""
    found = ports.documents.get(scope, Kind.BRAND, BRAND)
    return (Brand.model_validate(found.body), found.rev) if found else (Brand(), None)


def write(ports: Ports, scope: Scope, by: str, request: BrandRequest, rev: str | None) -> tuple[Brand, str]:
    """Put this in the place of revision `rev` (None: of nothing); the logo stays.

    Raises Rejected for a font that is not here, Stale if the brand is at another revision by now."""
    there = families(ports.fonts)
    wrong = [
        FieldError(f"fonts.{use}", f"{family!r} is not among the fonts here: {', '.join(there)}")
        for use, family in request.fonts.model_dump().items()
        if family not in there
    ]
    if wrong:
        raise Rejected(*wrong)
    present, _ = read(ports, scope)
    return _put(ports, scope, by, Brand(**request.model_dump(), logo=present.logo), rev)


def put_logo(ports: Ports, scope: Scope, by: str, data: bytes) -> tuple[Brand, str]:
    """Clean and keep this file as the logo. Raises Rejected if it cannot be one, Conflict if there is no name."""
    if read(ports, scope)[0].name is None:
        raise Conflict("logo", "name the brand first: the name is read out where pictures are not shown")
    try:
        logo, content = read_logo(data)
    except ValueError as error:
        raise Rejected(FieldError("logo", str(error))) from None
    ports.files.put(scope, logo.file, content)
    return _with_logo(ports, scope, by, logo)


def remove_logo(ports: Ports, scope: Scope, by: str) -> tuple[Brand, str]:
    """Without a logo from now on; the file stays for what was approved with it. Raises Missing."""
    if read(ports, scope)[0].logo is None:
        raise Missing("brand", "logo")
    return _with_logo(ports, scope, by, None)


def logo_file(ports: Ports, scope: Scope, brand: Brand) -> bytes | None:
    """The cleaned file."""
    return ports.files.get(scope, brand.logo.file) if brand.logo else None


def mail_look(ports: Ports, scope: Scope) -> Look:
    """Colours and logo of mails. A draft keeps those that it was written with: the logo has a link of its own."""
    brand, _ = read(ports, scope)
    if brand.logo is None:
        return look_of(brand)
    ground = look_of(brand).paper
    name = f"{brand.logo.digest[:32]}-{ground[1:]}"
    if ports.files.size(scope, shown_file(name)) is None:
        content = ports.files.get(scope, brand.logo.file)
        ports.files.put(scope, shown_file(name), picture_for_mail(brand.logo, content, ground))
    url = f"{ports.public_url}/api/b/{sign(Link(PURPOSE, scope, name, 0, ''), ports.keys.link)}"
    width, height = size_in_mail(brand.logo)
    return look_of(brand, Picture(url=url, alt=brand.name or "", width=width, height=height))


def shown_file(name: str) -> str:
    """Where the picture of a signed link lies."""
    return f"brand/mail-{name}.png"


def _with_logo(ports: Ports, scope: Scope, by: str, logo: Logo | None) -> tuple[Brand, str]:
    while True:
        present, rev = read(ports, scope)
        try:
            return _put(ports, scope, by, present.model_copy(update={"logo": logo}), rev)
        except Stale:  # somebody changed something else meanwhile
            continue


def _put(ports: Ports, scope: Scope, by: str, brand: Brand, rev: str | None) -> tuple[Brand, str]:
    made = ports.documents.put(scope, Kind.BRAND, BRAND, brand.model_dump(mode="json"), rev)
    said = {"logo": brand.logo.digest if brand.logo else None, **brand.colours.model_dump()}
    ports.journal.append(scope, "policy", ports.clock.now(), by, "brand", said)
    return brand, made.rev
