"""The mail that tells somebody that they were found, and nothing else: which data, where, when, what for, and how to
object (GDPR Article 14; rule G10). It advertises nothing."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from shared.domain.found import Found
from shared.render.notice import FoundNotice
from shared.render.personal import Rendered

_WORDS: Mapping[str, tuple[str, str]] = {
    "en": ("Your data at {sender}", "we have found data about you in public and tell you so, as the law asks."),
    "de": ("Ihre Daten bei {sender}", "wir haben öffentlich Angaben zu Ihnen gefunden und teilen Ihnen das mit."),
    "es": ("Sus datos en {sender}", "hemos encontrado datos públicos sobre usted y se lo comunicamos."),
    "fr": (
        "Vos données chez {sender}",
        "nous avons trouvé des données publiques vous concernant et vous en informons.",
    ),
    "it": ("I Suoi dati presso {sender}", "abbiamo trovato dati pubblici che La riguardano e Glielo comunichiamo."),
}
_LANGUAGES: Mapping[str, str] = {
    "DE": "de", "AT": "de", "CH": "de", "LI": "de", "ES": "es", "FR": "fr", "IT": "it",
}  # fmt: skip
_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
<p>{said}</p>
{notice}
<p style="font-size:13px;opacity:.75">{sender}<br>{postal}</p>
</div></body></html>
"""


def language_in(country: str | None) -> str:
    """In which a company of this country is told; English where it is not known."""
    return _LANGUAGES.get(country or "", "en")


def lead_notice(found: Found, language: str, sender: str, postal_address: str, objecting_url: str) -> Rendered:
    """Subject, plain text and HTML."""
    subject, said = _WORDS[language]
    subject, said = subject.format(sender=sender), f"{said[0].upper()}{said[1:]}"
    notice = FoundNotice([found], language, sender, objecting_url)
    text = f"{said}{notice}\n\n{sender}\n{postal_address}\n"
    html = _HTML.format(
        language=language, subject=escape(subject), said=escape(said), notice=notice.__html__(),
        sender=escape(sender), postal=escape(postal_address).replace("\n", "<br>"),
    )  # fmt: skip
    return Rendered(subject, "", html, text)
