"""The form in which every line, price and paragraph of a proposal is edited: its fields as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = ("title", "language", "recommended", "currency", "terms", "answer_by")
_LINE = ("item", "title", "quantity", "unit", "complexity", "price", "vat_rate", "billing")


def content_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What the fields say, for `Content`; empty ones are left out, and so are lines and paragraphs without words. A
    browser ends lines by two characters: a text that nobody changed stays the same."""
    form = {name: text.replace("\r\n", "\n") for name, text in form.items()}
    said = {name: form[name] for name in _PLAIN if name in form}
    recipient = {name: form.get(f"recipient.{name}", "") for name in ("name", "company", "address")}
    return {
        **said,
        "recipient": recipient,
        "paragraphs": [*_paragraphs(form)],
        "options": [*_options(form)],
        "discounts": [*_reductions(form, "")],
    }


def chosen_of(form: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What was chosen of the offer that is named: the items with a quantity."""
    begin = f"choose.{form.get('offer', '')}."
    for name, quantity in form.items():
        if name.startswith(begin) and quantity.strip():
            yield {"item": name.removeprefix(begin), "quantity": _decimal(quantity)}


def _paragraphs(form: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for n in _counted(form, "p"):
        heading, text = form.get(f"p{n}.heading", "").strip(), form.get(f"p{n}.text", "").strip()
        if text or heading:
            yield {"heading": heading, "text": text}


def _options(form: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for n in _counted(form, "o"):
        lines = [*_lines(form, f"o{n}.")]
        if lines:
            yield {
                "id": form.get(f"o{n}.id", "").strip() or f"option-{n + 1}",
                "name": form.get(f"o{n}.name", ""),
                "text": form.get(f"o{n}.text", ""),
                "lines": lines,
            }


def _lines(form: Mapping[str, str], at: str) -> Iterator[dict[str, Any]]:
    for m in _counted(form, f"{at}l"):
        own = {name: form.get(f"{at}l{m}.{name}", "").strip() for name in _LINE}
        if form.get(f"{at}l{m}.drop") or not (own["item"] or own["title"]):
            continue
        line: dict[str, Any] = {name: text for name, text in own.items() if text}
        for name in ("quantity", "price", "vat_rate"):
            if name in line:
                line[name] = _decimal(line[name])
        if line.get("item"):
            line.pop("billing", None)  # the item says so
        yield {**line, "discounts": [*_reductions(form, f"{at}l{m}.")]}


def _reductions(form: Mapping[str, str], at: str) -> Iterator[dict[str, str]]:
    for k in _counted(form, f"{at}d"):
        percent = form.get(f"{at}d{k}.percent", "").strip()
        if percent:
            yield {"name": form.get(f"{at}d{k}.name", "").strip() or "Discount", "percent": _decimal(percent)}


def _counted(form: Mapping[str, str], begin: str) -> list[int]:
    """The numbers that follow the beginning in names of fields."""
    found = (re.match(rf"{re.escape(begin)}(\d{{1,3}})\.", name) for name in form)
    return sorted({int(each[1]) for each in found if each})


def _decimal(text: str) -> str:
    """1.234,50 and 1,234.50 as 1234.50: the last of both is the decimal one."""
    plain = re.sub(r"[\s']", "", text)
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        return f"{re.sub('[.,]', '', plain[:last])}.{plain[last + 1 :]}"
    return plain.replace(",", ".")
