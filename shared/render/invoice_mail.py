"""The mails about invoices: it is here, and it is due."""

from __future__ import annotations

from html import escape

from shared.render.personal import Rendered

_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
{said}
<p><a href="{url}" style="display:inline-block;padding:12px 22px;border-radius:10px;background:#0b6e5f;color:#fff;
text-decoration:none;font-weight:600">{button}</a></p>
<p style="font-size:13px;opacity:.75">{foot}</p>
</div></body></html>
"""


def letter(subject: str, paragraphs: list[str], button: str, url: str, foot: str, language: str = "en") -> Rendered:
    """One mail with one link, as HTML and as plain text."""
    said = "\n".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    html = _HTML.format(
        language=language, subject=escape(subject), said=said, url=escape(url), button=escape(button), foot=escape(foot)
    )
    plain = "\n\n".join([*paragraphs, f"{button}: {url}", foot])
    return Rendered(" ".join(subject.split()), "", html, plain + "\n")
