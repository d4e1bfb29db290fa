"""The forms of contracts: their fields as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.contract import ContractContent
from shared.domain.faults import FieldError, Rejected

_TRADER = ("name", "address", "country", "vat_id", "tax_number", "email")
_PLAIN = ("proposal", "to", "template", "sign_by")


def contract_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What the fields say, for `ContractRequest`; empty ones are left out."""
    said: dict[str, Any] = {name: form[name].strip() for name in _PLAIN if form.get(name, "").strip()}
    client = {name: form.get(f"client.{name}", "").strip() for name in _TRADER}
    said["client"] = {name: text for name, text in client.items() if text}
    said["dates"] = {"parts": [*_parts(form)], **_months(form)}
    if form.get("seen", "").strip():
        said["seen"] = form["seen"]
    return said


def change_of(form: Mapping[str, str], before: ContractContent, fields: Mapping[str, str]) -> dict[str, Any]:
    """For `ContractChange`, of a form that showed `before` with these fields: words and fields are in it only if
    somebody changed them. Raises Rejected if they did, and chose another template: one of both would be lost."""
    form = {name: _lines(text) for name, text in form.items()}
    said = {**contract_of(form), "anew": form.get("anew") == "yes"}
    shown = [{**each.model_dump(), "text": _lines(each.text)} for each in before.sections]
    if (sections := [*_sections(form)]) and sections != shown:
        said["sections"] = sections
    typed = {name[6:]: text.strip() for name, text in form.items() if name.startswith("field.")}
    if typed and typed != {name: _lines(text) for name, text in fields.items()}:
        said["fields"] = {name: text for name, text in typed.items() if text}
    if said.get("template", before.template) != before.template and said.keys() & {"sections", "fields"}:
        raise Rejected(
            FieldError("template", "another one was chosen, and words of this one were changed; do one after the other")
        )
    return said


def _lines(text: str) -> str:
    """As they are kept: a browser ends them by two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parts(form: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    for n in _counted(form, "d"):
        title, percent, on = (form.get(f"d{n}.{name}", "").strip() for name in ("title", "percent", "on"))
        if title or percent:
            yield {"title": title, "percent": percent.replace(",", "."), "on": on or None}


def _months(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form[name].strip() for name in ("monthly_from", "months") if form.get(name, "").strip()}


def _sections(form: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A section without heading and text is taken out."""
    for n in _counted(form, "s"):
        said = {name: form.get(f"s{n}.{name}", "").strip() for name in ("heading", "text", "show")}
        if said["heading"] or said["text"]:
            yield said


def _counted(form: Mapping[str, str], at: str) -> list[int]:
    found = {int(match[1]) for name in form if (match := re.match(rf"{at}(\d{{1,3}})\.", name))}
    return sorted(found)
