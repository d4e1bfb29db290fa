"""The mail that asks a client what is still open: plain text beside HTML; it can be answered as it stands."""

from __future__ import annotations

from html import escape

from shared.domain.brand import Look
from shared.domain.needs import Asking
from shared.domain.needs_words import FORM
from shared.render.document_words import day
from shared.render.personal import Rendered

_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
<p>{hello}</p>
{note}<p>{said}</p>
{questions}
<p><a href="{url}" style="display:inline-block;padding:12px 22px;border-radius:10px;background:{accent};
color:{on_accent};text-decoration:none;font-weight:600">{button}</a></p>
<p>{bye}<br>{sender}</p>
<p style="font-size:13px;opacity:.75">{until}</p>
</div></body></html>
"""


def needs_notice(asking: Asking, deal: str, name: str, sender: str, url: str, look: Look) -> Rendered:
    """In the language of the asking and the colours of the brand."""
    words = FORM[asking.language]
    subject = words["subject"].format(deal=deal)
    hello = words["hello"].format(name=name) if name else words["hello_nobody"]
    until = words["until"].format(day=day(asking.ends_at.date(), asking.language))
    numbered = [f"{n}. {each.text}" for n, each in enumerate(asking.questions, 1)]
    html = _HTML.format(
        language=asking.language, subject=escape(subject), hello=escape(hello), said=escape(words["mail"]),
        note=f'<p style="white-space:pre-line">{escape(asking.note)}</p>\n' if asking.note else "",
        questions="\n".join(f"<p>{escape(each)}</p>" for each in numbered), url=escape(url),
        accent=escape(look.accent), on_accent=escape(look.on_accent), button=escape(words["button"]),
        bye=escape(words["bye"]), sender=escape(sender), until=escape(until),
    )  # fmt: skip
    above = f"{asking.note}\n\n" if asking.note else ""
    text = f"{hello}\n\n{above}{words['mail']}\n\n" + "\n\n".join(numbered)
    return Rendered(subject, "", html, f"{text}\n\n{words['button']}: {url}\n\n{words['bye']}\n{sender}\n\n{until}\n")
