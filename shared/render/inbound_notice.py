"""The mail that says that a message has arrived."""

from __future__ import annotations

from html import escape

from shared.domain.inbound_words import WORDS
from shared.render.personal import Rendered

_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
<p>{said}</p>
<p style="font-size:13px;opacity:.75">{not_you}</p>
</div></body></html>
"""


def inbound_notice(sender: str, language: str) -> Rendered:
    """It holds nothing of what was written."""
    words = WORDS[language]
    subject, said, not_you = words["mail_subject"], words["mail_said"].format(sender=sender), words["mail_not_you"]
    html = _HTML.format(subject=escape(subject), said=escape(said), not_you=escape(not_you), language=language)
    return Rendered(subject, "", html, f"{said}\n\n{not_you}\n")
