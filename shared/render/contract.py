"""A contract as it is read: one outline, set as PDF and shown as the client's page; and the evidence of signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.brand import Brand
from shared.domain.contract import ContractContent, Evidence, Role, Signature
from shared.domain.contract_words import WORDS
from shared.domain.invoice_plan import Instalment
from shared.domain.line_items import billed, totals
from shared.render.document_words import day
from shared.render.invoice import Block, lines_table, look, party, text
from shared.render.invoice_words import INVOICE_WORDS, money_text
from shared.render.typesetting import Folders, typeset, undrawable

Outline = dict[str, Any]


def outline(content: ContractContent, version: int, seal: str, made: date, draft: bool = False) -> Outline:
    """Everything that is signed, as text. A draft says that it is one, and what its template notes."""
    words, language = WORDS[content.language], content.language
    bills = INVOICE_WORDS[language]
    facts = [
        (words["date"], day(made, language)),
        (words["version"], str(version)),
        (words["sign_by"], day(content.sign_by, language)),
    ]
    blocks: list[Block] = [text(words["draft_note"], *([content.note] if content.note else []))] if draft else []
    for n, section in enumerate(content.sections, 1):
        blocks.append({"kind": "heading", "text": f"{n}. {section.heading}"})
        if section.text:
            blocks.append(text(*(each for each in section.text.split("\n\n") if each.strip())))
        if section.show == "scope":
            blocks += _scope(content, bills)
        if section.show == "dates":
            blocks += _dates(content, made)
    return {
        "title": content.title,
        "label": f"{words['contract']} · {words['version']} {version} · {seal[:16]}",
        "sender": party(content.agency, bills),
        "recipient": party(content.client, bills),
        "between": [words["between"], words["agency"], words["and"], words["client"]],
        "facts": facts,
        "blocks": blocks,
        "language": language,
    }


def contract_pdf(said: Outline, brand: Brand, logo: bytes | None = None, fonts: Folders = ()) -> bytes:
    """A4, the same bytes for the same arguments. Raises ValueError if it cannot be set."""
    return typeset("document", {**said, **look(brand, logo, said["language"], fonts)}, "pdf", fonts=fonts)


def evidence_pdf(
    found: Evidence, content: ContractContent, fingerprint: str, zone: str, brand: Brand, logo: bytes | None = None,
    fonts: Folders = (),
) -> bytes:  # fmt: skip
    """The page behind a contract: who signed what, when, from where, by which link; and how it can be checked."""
    words, language = WORDS[content.language], content.language
    bills = INVOICE_WORDS[language]
    parties: Mapping[Role, str] = {"client": found.client, "agency": found.agency}
    blocks = [text(words["about"]), text(found.document)]
    for each in found.signatures:
        blocks.append({"kind": "heading", "text": words["signed_for"].format(party=parties[each.role])})
        blocks.append({"kind": "facts", "rows": [*_signature(each, words, zone, fonts)]})
    blocks += [
        {"kind": "heading", "text": words["how"]},
        text(words["how_text"], words["what"].format(fingerprint=fingerprint)),
    ]
    facts = [
        (words["contract"], found.contract[:16]),
        (words["version"], str(found.version)),
        (words["sealed"], day(found.sealed_at.astimezone(ZoneInfo(zone)).date(), language)),
    ]
    said = {
        "title": words["evidence"],
        "label": f"{words['evidence']} · {found.contract}",
        "sender": party(content.agency, bills),
        "recipient": party(content.client, bills),
        "between": None,
        "facts": facts,
        "blocks": blocks,
    }
    return typeset("document", {**said, **look(brand, logo, language, fonts)}, "pdf", fonts=fonts)


def _scope(content: ContractContent, bills: Mapping[str, str]) -> Iterator[Block]:
    """The lines that are paid once, then those of each month, each with its sums."""
    words = WORDS[content.language]
    kinds = [(kind, lines) for kind in ("once", "monthly") if (lines := billed(content.lines, kind))]
    for kind, lines in kinds:
        yield {"kind": "heading", "text": words[kind]} if len(kinds) > 1 else text(words[kind])
        yield lines_table(lines, content.currency, bills, content.language)
    if content.vat_note and any(line.vat_rate == 0 for line in content.lines):
        yield text(content.vat_note)


def _dates(content: ContractContent, made: date) -> Iterator[Block]:
    """Each part of what is paid once with what will be billed, to the coin; then from when the months run."""
    words, language = WORDS[content.language], content.language
    planned = content.planned(made, words["whole"])
    parts = sorted((each for each in planned if each.key.startswith("part-")), key=_number)
    if parts:
        days = [part.on for part in content.dates.parts] or [None]
        rows = [
            _part(each, words["on_signature"] if on is None else day(on, language), content)
            for each, on in zip(parts, days, strict=True)
        ]
        head = [words[name] for name in ("part", "when", "net", "gross")]
        yield {"kind": "table", "head": head, "rows": rows, "sums": []}
    if billed(content.lines, "monthly"):
        first = content.dates.monthly_from
        told = words["each_month" if first else "from_signature"]
        begins = day(first, language) if first else ""
        yield text(f"{words['monthly']}: {told.format(day=begins, n=content.dates.months)}.")


def _part(each: Instalment, when: str, content: ContractContent) -> list[str]:
    sums = totals(each.lines, content.currency)
    money = [money_text(value, content.currency, content.language) for value in (sums.net, sums.gross)]
    return [each.title, when, *money]


def _legible(name: str, fonts: Folders) -> str:
    """Behind a name that no font here can draw whole stand the numbers of the letters that are missing."""
    missing = undrawable(name, fonts)
    codes = " ".join(f"U+{ord(each):04X}" for each in name if each in missing)
    return f"{name} ({codes})" if codes else name


def _number(each: Instalment) -> int:
    return int(each.key.partition("-")[2])


def _signature(each: Signature, words: Mapping[str, str], zone: str, fonts: Folders) -> Iterator[tuple[str, str]]:
    here = each.at.astimezone(ZoneInfo(zone))
    yield words["name"], _legible(each.name, fonts)
    yield words["at"], f"{here:%Y-%m-%d %H:%M:%S} ({zone}), {each.at:%Y-%m-%d %H:%M:%S} UTC"
    yield words["from"], each.address or words["unknown"]
    if each.agent:
        yield words["with"], each.agent[:160]
    yield words["agreed"], each.consent
    if each.link:
        yield words["link"], each.link
    if each.by:
        yield words["by"], each.by
