"""The mails by which a client gets a proposal, is reminded of it, and is answered: plain text beside HTML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Literal

from shared.domain.brand import Look
from shared.domain.offer import Language
from shared.render.document_words import day
from shared.render.personal import Rendered

Occasion = Literal["first", "again", "remind", "answer"]
_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
<p>{hello}</p>
<p style="white-space:pre-line">{said}</p>
<p><a href="{url}" style="display:inline-block;padding:12px 22px;border-radius:10px;background:{accent};
color:{on_accent};text-decoration:none;font-weight:600">{button}</a></p>
<p>{bye}<br>{sender}</p>
<p style="font-size:13px;opacity:.75">{until}</p>
</div></body></html>
"""
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "first": "Proposal: {title}", "again": "New version: {title}", "remind": "Reminder: {title}",
        "answer": "Your question about: {title}", "hello": "Hello {name},",
        "said_first": "here is our proposal “{title}”. You can read it, ask about it, and accept or decline it there.",
        "said_again": "there is a new version of our proposal “{title}”. It takes the place of the earlier one.",
        "said_remind": "our proposal “{title}” waits for your answer. Is anything open? Ask us there.",
        "button": "Read the proposal", "bye": "Kind regards",
        "until": "It can be accepted until {day}. The link is yours: whoever has it can answer for you.",
    },
    "de": {
        "first": "Angebot: {title}", "again": "Neue Fassung: {title}", "remind": "Erinnerung: {title}",
        "answer": "Ihre Frage zu: {title}", "hello": "Guten Tag {name},",
        "said_first": "hier ist unser Angebot „{title}“. Sie können es dort lesen, nachfragen, annehmen oder ablehnen.",
        "said_again": "es gibt eine neue Fassung unseres Angebots „{title}“. Sie ersetzt die frühere.",
        "said_remind": "unser Angebot „{title}“ wartet auf Ihre Antwort. Ist etwas offen? Fragen Sie uns dort.",
        "button": "Angebot lesen", "bye": "Freundliche Grüße",
        "until": "Es kann bis zum {day} angenommen werden. Der Link ist Ihrer: Wer ihn hat, kann für Sie antworten.",
    },
}  # fmt: skip


def proposal_notice(
    occasion: Occasion, language: Language, title: str, name: str, sender: str, url: str, until: date, look: Look,
    answer: str = "",
) -> Rendered:  # fmt: skip
    """In the language of the proposal and the colours of the brand; `answer` is what somebody wrote to the client."""
    words = _WORDS[language]
    subject = words[occasion].format(title=title)
    told = answer if occasion == "answer" else words[f"said_{occasion}"].format(title=title)
    parts = {
        "hello": words["hello"].format(name=name),
        "said": told,
        "button": words["button"],
        "bye": words["bye"],
        "sender": sender,
        "until": words["until"].format(day=day(until, language)),
        "url": url,
        "subject": subject,
        "language": language,
        "accent": look.accent,
        "on_accent": look.on_accent,
    }
    html = _HTML.format(**{key: escape(text) for key, text in parts.items()})
    text = "{hello}\n\n{said}\n\n{button}: {url}\n\n{bye}\n{sender}\n\n{until}\n".format(**parts)
    return Rendered(subject, "", html, text)
