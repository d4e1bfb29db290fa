"""The mail that asks for a confirmation: who asks, the exact words, one button, and that doing nothing is a no.
It holds no advertising and no picture that tells of its opening."""

from __future__ import annotations

from html import escape

from shared.domain.brand import STANDARD, Look
from shared.domain.choice_words import words
from shared.domain.opt_in import OptIn
from shared.render.personal import Rendered

_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto">
<h1 style="font:500 26px/1.3 Palatino,Georgia,serif;margin:0 0 16px">{title}</h1>
<p>{who}</p>
<p style="padding:4px 0 4px 14px;border-left:4px solid {accent}">{wording}</p>
<p style="margin:24px 0"><a href="{url}" style="display:inline-block;padding:12px 24px;border-radius:9px;\
background:{accent};color:{on_accent};text-decoration:none;font-weight:600">{button}</a></p>
<p>{ignore}</p>
<p style="font-size:13px;opacity:.75">{until}<br>{sender}, {postal}</p>
</div></body></html>
"""


def confirmation(asked: OptIn, url: str, look: Look = STANDARD) -> Rendered:
    """The mail of this try, in the brand's colours; `url` is its link."""
    text, sender = words(asked.request.language), asked.request.sender
    postal = ", ".join(line.strip() for line in sender.postal_address.splitlines())
    told = {
        "subject": text["subject"].format(sender=sender.name),
        "title": text["ask_title"],
        "who": text["ask_who"].format(sender=sender.name),
        "wording": asked.request.wording,
        "url": url,
        "button": text["ask_button"],
        "ignore": text["ask_ignore"],
        "until": text["ask_until"].format(until=until(asked)),
        "sender": sender.name,
        "postal": postal,
    }
    marked = {name: escape(value).replace("\n", "<br>") for name, value in told.items()}
    plain = "{who}\n\n{wording}\n\n{button}:\n{url}\n\n{ignore}\n{until}\n\n-- \n{sender}, {postal}\n".format(**told)
    colours = {"accent": look.accent, "on_accent": look.on_accent}
    html = _HTML.format(language=asked.request.language, **colours, **marked)
    return Rendered(told["subject"], "", html, plain)


def until(asked: OptIn) -> str:
    """When the link ends, in the form of the language."""
    return (
        f"{asked.until:%-d.%-m.%Y %H:%M} UTC"
        if asked.request.language == "de"
        else f"{asked.until:%-d %B %Y %H:%M} UTC"
    )
