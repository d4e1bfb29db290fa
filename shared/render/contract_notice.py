"""The mails by which a client gets a contract, is reminded to sign, and gets it with both signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Literal

from shared.domain.brand import Look
from shared.domain.offer import Language
from shared.render.document_words import day
from shared.render.personal import Rendered

Occasion = Literal["first", "again", "remind", "signed"]
_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
<p>{hello}</p>
<p>{said}</p>
<p><a href="{url}" style="display:inline-block;padding:12px 22px;border-radius:10px;background:{accent};
color:{on_accent};text-decoration:none;font-weight:600">{button}</a></p>
<p>{bye}<br>{sender}</p>
<p style="font-size:13px;opacity:.75">{until}</p>
</div></body></html>
"""
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "first": "Please sign: {title}", "again": "New version to sign: {title}", "remind": "Reminder: {title}",
        "signed": "Signed: {title}", "hello": "Hello,",
        "said_first": "here is the contract “{title}” between {sender} and {client}. You can read it, sign it or "
                      "decline "
                      "it there; nothing is signed by opening it.",
        "said_again": "there is a new version of the contract “{title}”. It takes the place of the earlier one.",
        "said_remind": "the contract “{title}” waits for your signature. Is anything open? Just answer this mail.",
        "said_signed": "both sides have signed the contract “{title}”. The sealed file with the evidence of both "
                       "signatures is there; please keep it.",
        "button": "Read the contract", "button_signed": "Get the sealed contract", "bye": "Kind regards",
        "until": "It can be signed until {day}. The link is yours: whoever has it can sign for you.",
        "until_signed": "The link is yours: whoever has it can read the contract.",
    },
    "de": {
        "first": "Bitte unterschreiben: {title}", "again": "Neue Fassung: {title}", "remind": "Erinnerung: {title}",
        "signed": "Unterschrieben: {title}", "hello": "Guten Tag,",
        "said_first": "hier ist der Vertrag „{title}“ zwischen {sender} und {client}. Sie können ihn dort lesen, "
                      "unterschreiben oder ablehnen; durch das Öffnen ist nichts unterschrieben.",
        "said_again": "es gibt eine neue Fassung des Vertrags „{title}“. Sie ersetzt die frühere.",
        "said_remind": "der Vertrag „{title}“ wartet auf Ihre Unterschrift. Ist etwas offen? Antworten Sie einfach auf "
                       "diese Mail.",
        "said_signed": "beide Seiten haben den Vertrag „{title}“ unterschrieben. Die versiegelte Datei mit dem "
                       "Nachweis "
                       "beider Unterschriften liegt dort; bitte bewahren Sie sie auf.",
        "button": "Vertrag lesen", "button_signed": "Versiegelten Vertrag holen", "bye": "Freundliche Grüße",
        "until": "Er kann bis zum {day} unterschrieben werden. Der Link ist Ihrer: Wer ihn hat, kann für Sie "
                 "unterschreiben.",
        "until_signed": "Der Link ist Ihrer: Wer ihn hat, kann den Vertrag lesen.",
    },
}  # fmt: skip


def contract_notice(
    occasion: Occasion, language: Language, title: str, client: str, sender: str, url: str, until: date, look: Look
) -> Rendered:
    """In the language of the contract and the colours of the brand."""
    words = _WORDS[language]
    done = "_signed" if occasion == "signed" else ""
    parts = {
        "subject": words[occasion].format(title=title),
        "hello": words["hello"],
        "said": words[f"said_{occasion}"].format(title=title, sender=sender, client=client),
        "button": words[f"button{done}"],
        "bye": words["bye"],
        "sender": sender,
        "until": words[f"until{done}"].format(day=day(until, language)),
        "url": url,
        "language": language,
        "accent": look.accent,
        "on_accent": look.on_accent,
    }
    html = _HTML.format(**{key: escape(text) for key, text in parts.items()})
    text = "{hello}\n\n{said}\n\n{button}: {url}\n\n{bye}\n{sender}\n\n{until}\n".format(**parts)
    return Rendered(parts["subject"], "", html, text)
