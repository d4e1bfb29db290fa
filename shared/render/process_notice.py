"""A notice of a process to somebody who works with it: plain words, no picture, no advertising."""

from __future__ import annotations

from html import escape

from shared.render.personal import Rendered

_HTML = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
{paragraphs}
<p style="font-size:13px;opacity:.75">{why}</p>
</div></body></html>
"""


def notice(subject: str, text: str, why: str) -> Rendered:
    """Paragraphs are divided by empty lines; `why` says at the end for what this came."""
    paragraphs = "\n".join(
        f"<p>{escape(each.strip()).replace(chr(10), '<br>')}</p>" for each in text.split("\n\n") if each.strip()
    )
    html = _HTML.format(subject=escape(subject), paragraphs=paragraphs, why=escape(why))
    return Rendered(subject, "", html, f"{text.strip()}\n\n-- \n{why}\n")
