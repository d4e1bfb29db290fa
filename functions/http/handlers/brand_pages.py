"""The page of the brand, and its forms."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.brand import etag, replaced, shown
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.access.upload import uploaded
from shared.agents import brand
from shared.domain.brand import BrandRequest


def show(call: Call) -> Answer[str]:
    """The brand as a form, its logo, and how a mail looks by it."""
    found = shown(call, *brand.read(call.ports, call.scope)).body
    look = brand.mail_look(call.ports, call.scope)
    logo = look.logo.url.removeprefix(call.ports.public_url) if look.logo else None
    return html(call, "brand", here="pieces", brand=found, look=look, logo=logo)


def replace(call: Call) -> Answer[str]:
    """The form as it was filled in, if nobody else changed the brand meanwhile."""
    form = call.form
    given = {"name": form.get("name"), "colours": _part(form, "colours"), "fonts": _part(form, "fonts")}
    try:
        request = BrandRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    replaced(call, request, etag(form["rev"]) if form.get("rev") else None)
    return see("/brand")


def replace_logo(call: Call, body: bytes) -> Answer[str]:
    """The file of the form becomes the logo."""
    file = uploaded(body, call.headers.get("content-type", ""), "logo")
    brand.put_logo(call.ports, call.scope, call.principal, file.data)
    return see("/brand")


def remove_logo(call: Call) -> Answer[str]:
    """Go on without a logo."""
    brand.remove_logo(call.ports, call.scope, call.principal)
    return see("/brand")


def _part(form: dict[str, str], group: str) -> dict[str, str]:
    return {name.removeprefix(f"{group}."): text for name, text in form.items() if name.startswith(f"{group}.")}
