"""The page on which a client reads and pays an invoice."""

from __future__ import annotations

from datetime import date
from html import escape

from shared.domain.invoice import Invoice
from shared.domain.line_items import line_net
from shared.render.document_words import day, plain
from shared.render.invoice_words import INVOICE_WORDS, money_text
from shared.web.plain import plain_page

_SAID = {
    "en": {
        "paid": "It is paid. Thank you.",
        "overpaid": "It is paid, and {over} more than was asked for. We will be in touch about it.",
        "partly_paid": "{paid} has come; {open} is still open, due on {due}.",
        "overdue": "{open} is open. It was due on {due}.",
        "sent": "{open}, due on {due}.",
        "cancelled": "It was cancelled. Please do not pay it.",
        "instead": "{number} comes in its place.",
        "credit_note": "A credit note over {back}.",
        "pdf": "Open as PDF",
        "for": "Reference",
    },
    "de": {
        "paid": "Sie ist bezahlt. Vielen Dank.",
        "overpaid": "Sie ist bezahlt, mit {over} mehr als verlangt. Wir melden uns dazu.",
        "partly_paid": "{paid} sind eingegangen; {open} sind noch offen, fällig am {due}.",
        "overdue": "{open} sind offen. Fällig war sie am {due}.",
        "sent": "{open}, fällig am {due}.",
        "cancelled": "Sie wurde storniert. Bitte zahlen Sie sie nicht.",
        "instead": "{number} tritt an ihre Stelle.",
        "credit_note": "Eine Gutschrift über {back}.",
        "pdf": "Als PDF öffnen",
        "for": "Verwendungszweck",
    },
}
_BUTTON = (
    '<p><a href="{url}" rel="noreferrer" style="display:inline-block;padding:.6rem 1.4rem;border-radius:10px;'
    'background:var(--accent);color:var(--on-accent);text-decoration:none;font-weight:600">{text}</a></p>\n'
)
_ROW = (
    '<tr><td style="padding:.3rem 1rem .3rem 0;vertical-align:top;overflow-wrap:anywhere">{}</td>'
    '<td style="padding:.3rem 0;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums">{}</td></tr>\n'
)


def invoice_page(found: Invoice, today: date, instead: str = "") -> str:
    """What it is about, its lines and sums, and how it is paid. `instead`: the number of what replaced it."""
    words, said, language = INVOICE_WORDS[found.language], _SAID[found.language], found.language

    def money(value: object) -> str:
        return money_text(value, found.currency, language)  # type: ignore[arg-type]

    standing = found.standing(today)
    sentence = said["sent" if standing == "issued" or standing == "draft" else standing].format(
        open=money(found.open), paid=money(found.paid), over=money(-found.open), back=money(-found.totals.gross),
        due=day(found.due_on, language) if found.due_on else "",
    )  # fmt: skip
    if instead:
        sentence += " " + said["instead"].format(number=instead)
    seller = found.terms.seller.name if found.terms else ""
    content = f"<p>{escape(seller)}</p>\n<table style='width:100%;border-collapse:collapse'>\n"
    for line in found.lines:
        title = (
            f"{escape(line.title)}<br><small>{plain(line.quantity, language)} × {money(line.unit_net)}, "
            f"{words['vat_rate']} {plain(line.vat_rate, language)} %</small>"
        )
        content += _ROW.format(title, money(line_net(line, found.currency)))
    for vat in found.totals.vat:
        named = words["vat_of"].format(rate=plain(vat.rate, language), net=money(vat.net))
        content += _ROW.format(escape(named), money(vat.tax))
    content += _ROW.format(f"<b>{words['total']}</b>", f"<b>{money(found.totals.gross)}</b>") + "</table>\n"
    if found.open > 0 and found.terms:
        content += _payable(found, words, said)
    content += f'<p><a href="?format=pdf">{said["pdf"]}</a></p>\n'
    return plain_page(f"{words[found.kind]} {found.number}", sentence, language=language, content=content)


def _payable(found: Invoice, words: object, said: dict[str, str]) -> str:
    assert found.terms is not None
    named = INVOICE_WORDS[found.language]
    button = _BUTTON.format(url=escape(found.pay_url), text=named["online"]) if found.pay_url else ""
    rows = [(named["account"], found.terms.account_holder), (named["iban"], found.terms.iban)]
    rows += [(named["bic"], found.terms.bic)] if found.terms.bic else []
    rows.append((said["for"], found.number))
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd style='margin:0 0 .5rem'><b>{escape(value)}</b></dd>" for name, value in rows
    )
    return f"<h2>{named['payment']}</h2>\n{button}<dl>{listed}</dl>\n"
