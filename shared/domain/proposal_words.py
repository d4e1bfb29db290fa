"""What a proposal says of its own to a client, in English and German."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shared.domain.derivation import amount
from shared.domain.offer import Language
from shared.domain.proposal import Content, PricedOption

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "proposal": "Proposal", "for": "For", "from": "From", "version": "Version", "date": "Date",
        "until": "Can be accepted until", "what": "What", "quantity": "Quantity", "price": "Price", "sum": "Sum",
        "once": "paid once", "monthly": "paid each month", "net": "Net", "vat": "VAT {rate} %", "gross": "With VAT",
        "recommended": "We recommend this", "terms": "Terms", "how": "How each price is made", "seal": "Seal",
        "choose": "Which option?", "name": "Your first and last name", "accept": "Accept with obligation to pay",
        "accept_h": "Accept", "decline": "Decline", "decline_h": "Decline", "reason": "Why? It helps us.",
        "ask_h": "Ask, or say what should be otherwise", "text": "Your message",
        "wanted": "A sum that would suit you, net, if the price is the point (everything paid once and one month)",
        "ask": "Send the message", "your_name": "Your name", "pdf": "As PDF", "messages": "Messages",
        "you": "You", "we": "Answer", "yes": "Yes:", "per": "per",
        "agree": "I accept the option “{option}” of “{title}”: {once}, with VAT, to be paid as the terms say.",
        "and": " and ", "each_month": "{sum} each month", "at_once": "{sum} once",
        "s_sent": "Please answer by {day}.", "s_accepted": "Accepted by {name} on {day}. Thank you.",
        "s_declined": "This proposal was declined on {day}. If something changes, write to us below.",
        "s_expired": "The time to accept this proposal was over on {day}. Write to us below, and we make a new one.",
        "s_withdrawn": "We have taken this proposal back. Please write to us by mail if you have questions.",
        "s_newer": "This is an earlier version and can no longer be accepted. The current one is here:",
        "current": "The current version",
        "done_said": "Your message is kept. You get the answer by mail.",
        "late_said": "Your message is kept, although this proposal is closed. You get the answer by mail.",
        "ended": "This has ended", "closed": "It can no longer be answered here. Please write to us by mail.",
        "no_accept": "Not accepted", "no_decline": "Not declined", "thanks": "Thank you",
        "two": "It was accepted already, by {name}. It counts once; nothing else is needed.",
    },
    "de": {
        "proposal": "Angebot", "for": "Für", "from": "Von", "version": "Fassung", "date": "Datum",
        "until": "Annehmbar bis", "what": "Leistung", "quantity": "Menge", "price": "Preis", "sum": "Summe",
        "once": "einmalig", "monthly": "monatlich", "net": "Netto", "vat": "Umsatzsteuer {rate} %",
        "gross": "Mit Umsatzsteuer", "recommended": "Unsere Empfehlung", "terms": "Bedingungen",
        "how": "Wie jeder Preis entsteht", "seal": "Siegel", "choose": "Welche Variante?",
        "name": "Ihr Vor- und Nachname", "accept": "Zahlungspflichtig annehmen", "accept_h": "Annehmen",
        "decline": "Ablehnen", "decline_h": "Ablehnen", "reason": "Warum? Das hilft uns.",
        "ask_h": "Fragen, oder sagen, was anders sein soll", "text": "Ihre Nachricht",
        "wanted": "Eine Summe, die Ihnen passt, netto, wenn es am Preis liegt (alles Einmalige und ein Monat)",
        "ask": "Nachricht senden", "your_name": "Ihr Name", "pdf": "Als PDF", "messages": "Nachrichten",
        "you": "Sie", "we": "Antwort", "yes": "Ja:", "per": "je",
        "agree": "Ich nehme die Variante „{option}“ von „{title}“ an: {once}, mit Umsatzsteuer, zahlbar nach den "
                 "Bedingungen.",
        "and": " und ", "each_month": "{sum} monatlich", "at_once": "{sum} einmalig",
        "s_sent": "Bitte antworten Sie bis zum {day}.", "s_accepted": "Angenommen von {name} am {day}. Vielen Dank.",
        "s_declined": "Dieses Angebot wurde am {day} abgelehnt. Wenn sich etwas ändert, schreiben Sie uns unten.",
        "s_expired": "Dieses Angebot konnte bis zum {day} angenommen werden. Schreiben Sie uns unten, dann machen wir "
                     "ein neues.",
        "s_withdrawn": "Wir haben dieses Angebot zurückgezogen. Bei Fragen schreiben Sie uns bitte per Mail.",
        "s_newer": "Dies ist eine frühere Fassung und kann nicht mehr angenommen werden. Die aktuelle ist hier:",
        "current": "Die aktuelle Fassung",
        "done_said": "Ihre Nachricht ist da. Die Antwort kommt per Mail.",
        "late_said": "Ihre Nachricht ist da, obwohl dieses Angebot beendet ist. Die Antwort kommt per Mail.",
        "ended": "Beendet", "closed": "Hier ist keine Antwort mehr möglich. Bitte schreiben Sie uns per Mail.",
        "no_accept": "Nicht angenommen", "no_decline": "Nicht abgelehnt", "thanks": "Vielen Dank",
        "two": "Es wurde schon angenommen, von {name}. Es zählt einmal; mehr ist nicht nötig.",
    },
}  # fmt: skip


def consent_of(content: Content, option: PricedOption) -> str:
    """The sentence under which a client puts their name: the option and what it costs, with VAT."""
    words = WORDS[content.language]
    parts = [
        words[word].format(sum=money(total.gross, content.currency, content.language))
        for word, total in (("at_once", option.once), ("each_month", option.monthly))
        if total.vat
    ]
    return words["agree"].format(option=option.name, title=content.title, once=words["and"].join(parts))


def money(value: Decimal, currency: str, language: Language) -> str:
    """1,234.50 EUR; in German 1.234,50 EUR."""
    return f"{amount(value, language)}\u00a0{currency}"
