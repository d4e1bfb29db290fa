"""A business document from its data: one outline of blocks, set as PDF by typst and written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.brand import Brand
from shared.domain.document import Contract, Invoice, Item, Offer, Party
from shared.domain.faults import FieldError
from shared.render.card import lacking_words
from shared.render.document_words import WORDS, amount, day, plain
from shared.render.markdown import safe, safe_line, table
from shared.render.typesetting import Folders, drawn_with, picture_data, typeset, undrawable

Data = Offer | Contract | Invoice
Outline = dict[str, Any]
"""title, label, sender, recipient, facts as (name, value), blocks, each of a kind: text, heading, list, table, sign."""


def outline(data: Data) -> Outline:
    """What the document says, in its order."""
    made = _contract(data) if isinstance(data, Contract) else _priced(data)
    return {**made, "label": WORDS[data.language]["label"], "language": data.language}


def document_pdf(data: Data, brand: Brand, logo: bytes | None = None, fonts: Folders = ()) -> bytes:
    """A4, the same bytes for the same arguments. Raises ValueError if it cannot be set."""
    words = WORDS[data.language]
    look = {
        "primary": brand.colours.primary,
        "heading": drawn_with(brand.fonts.heading, fonts),
        "body": drawn_with(brand.fonts.body, fonts),
        "logo": picture_data(logo) if logo else None,
        "page": words["page"],
        "of": words["of"],
    }
    return typeset("document", {**outline(data), **look}, "pdf", fonts=fonts)


def document_markdown(data: Data) -> str:
    """The same as CommonMark with tables; what people wrote is text in it, never markup."""
    said = outline(data)
    parts = [
        f"*{said['label']}*",
        f"# {safe(said['title'])}",
        *_markdown_parties(said),
        _markdown_facts(said["facts"]),
    ]
    for block in said["blocks"]:
        parts.append(_MARKDOWN[block["kind"]](block))
    return "\n\n".join(part for part in parts if part) + "\n"


def drawing_errors(data: Data, fonts: Folders) -> Iterator[FieldError]:
    """Texts that no font here can draw, by their field."""
    for path, text in _texts(data.model_dump(mode="json"), "data"):
        if lacking := undrawable(text, fonts):
            yield FieldError(path, lacking_words(lacking))


def _priced(data: Offer | Invoice) -> Outline:
    words, language = WORDS[data.language], data.language
    kind = "offer" if isinstance(data, Offer) else "invoice"
    facts = [(words["number"], data.number), (words["date"], day(data.date, language))]
    if isinstance(data, Offer):
        facts.append((words["valid_until"], day(data.valid_until, language)))
    else:
        facts += [(words["due"], day(data.due, language)), (words["period"], data.period)]
    blocks: list[Outline] = [_text(data.introduction), _table(data)]
    if data.tax_note:
        blocks.append(_text(data.tax_note))
    if isinstance(data, Offer):
        blocks += [{"kind": "heading", "text": words["terms"]}, _text(data.terms)]
    else:
        total = amount(data.net + data.tax, data.currency, language)
        told = words["pay"].format(total=total, due=day(data.due, language), number=data.number)
        blocks += [{"kind": "heading", "text": words["payment"]}, _text(told)]
        account = [(words["account"], data.account_holder), (words["iban"], data.iban), (words["bank"], data.bank)]
        blocks.append({"kind": "facts", "rows": account})
    blocks += [_text(data.closing), _text(data.sender.name)]
    title = f"{words[kind]}: {data.subject}"
    party = {"sender": _party(data.sender, words), "recipient": _party(data.recipient, words)}
    return {"title": title, **party, "facts": facts, "blocks": blocks, "between": None}


def _contract(data: Contract) -> Outline:
    words, language = WORDS[data.language], data.language
    until = {
        "start": day(data.start, language),
        "end": day(data.end, language) if data.end else "",
        "days": data.notice_days,
    }
    fee = {
        "fee": amount(data.fee, data.currency, language),
        "unit": words.get(data.fee_for, ""),
        "percent": plain(data.tax_percent, language),
        "days": data.payment_days,
    }
    sections: list[tuple[str, list[Outline]]] = [
        (
            words["service"],
            [_text(data.service), _text(words["deliverables"]), {"kind": "list", "items": data.deliverables}],
        ),
        (words["term"], [_text(words["from_to" if data.end else "open"].format(**until))]),
        (words["fee"], [_text(words["fee_project" if data.fee_for == "project" else "fee_text"].format(**fee))]),
        (words["secret"], [_text(words["secret_text"])]),
        *((clause.title, [_text(clause.text)]) for clause in data.clauses),
        (words["law"], [_text(words["law_text"].format(law=data.law, court=data.court))]),
    ]
    blocks: list[Outline] = []
    for number, (title, inner) in enumerate(sections, start=1):
        blocks += [{"kind": "heading", "text": f"{number}. {title}"}, *inner]
    where = words["signed"].format(place=data.place, date=day(data.date, language))
    names = [(data.provider.name, words["provider"]), (data.client.name, words["client"])]
    blocks.append({"kind": "sign", "where": where, "names": names})
    return {
        "title": words["contract"],
        "sender": _party(data.provider, words),
        "recipient": _party(data.client, words),
        "between": [words["between"], words["provider"], words["and"], words["client"]],
        "facts": [(words["number"], data.number), (words["date"], day(data.date, language))],
        "blocks": blocks,
    }


def _party(party: Party, words: Mapping[str, str]) -> list[str]:
    """Its lines, the name first."""
    lines = [party.name, *(line.strip() for line in party.address.splitlines() if line.strip())]
    lines += [party.email] if party.email else []
    return lines + ([f"{words['tax_id']}: {party.tax_id}"] if party.tax_id else [])


def _table(data: Offer | Invoice) -> Outline:
    words, language = WORDS[data.language], data.language

    def row(item: Item) -> list[str]:
        quantity = f"{plain(item.quantity, language)} {item.unit}".strip()
        return [
            item.description, quantity, amount(item.unit_price, data.currency, language),
            amount(item.net, data.currency, language),
        ]  # fmt: skip

    tax = words["tax"].format(percent=plain(data.tax_percent, language))
    sums = [(words["net"], data.net), (tax, data.tax), (words["total"], data.net + data.tax)]
    return {
        "kind": "table",
        "head": [words[name] for name in ("what", "quantity", "price", "sum")],
        "rows": [row(item) for item in data.items],
        "sums": [(name, amount(value, data.currency, language)) for name, value in sums],
    }


def _text(text: str) -> Outline:
    paragraphs = [each.strip() for each in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if each.strip()]
    return {"kind": "text", "paragraphs": [each.splitlines() for each in paragraphs]}


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield path, value
        case list():
            for n, each in enumerate(value):
                yield from _texts(each, f"{path}[{n}]")
        case dict():
            for name, each in value.items():
                yield from _texts(each, f"{path}.{name}")


def _markdown_parties(said: Outline) -> list[str]:
    sender, recipient = ("\\\n".join(map(safe_line, said[side])) for side in ("sender", "recipient"))
    if said["between"] is None:
        return [sender, recipient]
    between, provider, and_, client = said["between"]
    return [between, f"{sender}\\\n({provider})", and_, f"{recipient}\\\n({client})"]


def _markdown_facts(rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"* {safe(name)}: {safe(value)}" for name, value in rows)


def _markdown_table(block: Outline) -> str:
    sums = [["", "", name, value] for name, value in block["sums"]]
    return table(block["head"], [*block["rows"], *sums], "---:")


def _markdown_sign(block: Outline) -> str:
    lines = (f"{safe(name)} ({role}): \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_" for name, role in block["names"])
    return "\n\n".join([safe(block["where"]), *lines])


_MARKDOWN: Mapping[str, Any] = {
    "text": lambda block: "\n\n".join("\\\n".join(map(safe_line, lines)) for lines in block["paragraphs"]),
    "heading": lambda block: f"## {safe(block['text'])}",
    "list": lambda block: "\n".join(f"* {safe_line(' '.join(each.split()))}" for each in block["items"]),
    "facts": lambda block: _markdown_facts(block["rows"]),
    "table": _markdown_table,
    "sign": _markdown_sign,
}
