"""The mail that asks somebody without a login to approve a campaign."""

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
text-decoration:none;font-weight:600">Look at it and decide</a></p>
<p style="font-size:13px;opacity:.75">{until}</p>
</div></body></html>
"""


def ask_notice(campaign: str, sender: str, url: str, ends_at: datetime, again: bool) -> Rendered:
    """In English: it goes to whoever works with the sender, not to its customers."""
    subject = f"{'Reminder: ' if again else ''}“{campaign}” waits for your approval"
    said = f"{sender} asks you to approve the campaign “{campaign}”. Nothing leaves before somebody has."
    until = f"The link is yours alone and ends on {ends_at:%-d %B %Y at %H:%M} (UTC). Not expected? Ignore this mail."
    html = _HTML.format(subject=escape(subject), said=escape(said), url=escape(url), until=escape(until))
    return Rendered(subject, "", html, f"{said}\n\nLook at it and decide: {url}\n\n{until}\n")
