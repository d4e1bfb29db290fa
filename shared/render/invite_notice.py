"""The mail with a link that lets somebody in."""

from __future__ import annotations

from datetime import datetime
from html import escape

from shared.render.personal import Rendered

_HTML = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto">
<p>{said}</p>
<p><a href="{url}" style="display:inline-block;padding:12px 22px;border-radius:10px;background:#0b6e5f;color:#fff;
text-decoration:none;font-weight:600">Come in</a></p>
<p style="font-size:13px;opacity:.75">{until}</p>
</div></body></html>
"""


def invite_notice(name: str, sender: str, places: str, url: str, ends_at: datetime) -> Rendered:
    """In English: it goes to whoever works with the sender, not to its customers."""
    subject = f"{sender} invites you to Baton"
    said = f"{name}, {sender} invites you to work together on {places}."
    until = (
        f"The link works once, for you alone, until {ends_at:%-d %B %Y at %H:%M} (UTC). Whoever has it gets in as you: "
        "do not hand it on. Not expected? Ignore this mail."
    )
    html = _HTML.format(subject=escape(subject), said=escape(said), url=escape(url), until=escape(until))
    return Rendered(subject, "", html, f"{said}\n\nCome in: {url}\n\n{until}\n")
