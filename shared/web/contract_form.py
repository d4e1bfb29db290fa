"""The forms of contracts: their fields as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TRADER = ("name", "address", "country", "vat_id", "email")
_PLAIN = ("proposal", "to", "template", "sign_by")


def contract_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What the fields say, for `ContractRequest` and `ContractChange`; empty ones are left out."""
    said: dict[str, Any] = {name: form[name].strip() for name in _PLAIN if form.get(name, "").strip()}
    client = {name: form.get(f"client.{name}", "").strip() for name in _TRADER}
    said["client"] = {name: text for name, text in client.items() if text}
    said["dates"] = {"parts": [*_parts(form)], **_months(form)}
    if fields := {name[6:]: text.strip() for name, text in form.items() if name.startswith("field.") and text.strip()}:
        said["fields"] = fields
    if sections := [*_sections(form)]:
        said["sections"] = sections
    if form.get("seen", "").strip():
        said["seen"] = form["seen"]
    return said


def _parts(form: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    for n in _counted(form, "d"):
        title, percent, on = (form.get(f"d{n}.{name}", "").strip() for name in ("title", "percent", "on"))
        if title or percent:
            yield {"title": title, "percent": percent.replace(",", "."), "on": on or None}


def _months(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form[name].strip() for name in ("monthly_from", "months") if form.get(name, "").strip()}


def _sections(form: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Only if somebody wants the words as they stand in the form, and not those of the template."""
    if form.get("own_words") != "yes":
        return
    for n in _counted(form, "s"):
        said = {name: form.get(f"s{n}.{name}", "").strip() for name in ("heading", "text", "show")}
        if said["heading"]:
            yield said


def _counted(form: Mapping[str, str], at: str) -> list[int]:
    found = {int(match[1]) for name in form if (match := re.match(rf"{at}(\d{{1,3}})\.", name))}
    return sorted(found)
