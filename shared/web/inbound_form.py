"""The form for strangers, and what it answers: plain HTML, no script, labelled for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from shared.domain.faults import FieldError
from shared.domain.inbound import LONGEST, TRAP, InboundSettings
from shared.domain.inbound_words import WORDS
from shared.web.plain import plain_page

_WIDE = (
    "display:block;box-sizing:border-box;width:100%;height:auto;font:inherit;padding:.55rem .7rem;border-radius:10px;"
    "border:1px solid color-mix(in srgb, currentColor 35%, transparent);background:transparent;color:inherit"
)
_FIELDS = (
    ("name", 'maxlength="120" autocomplete="name" required'),
    ("email", 'type="email" maxlength="200" autocomplete="email" required'),
    ("company", 'maxlength="200" autocomplete="organization"'),
    ("website", 'maxlength="200" autocomplete="url" inputmode="url"'),
    ("phone", 'maxlength="40" autocomplete="tel" inputmode="tel"'),
)


def form_page(door: InboundSettings, given: Mapping[str, str], wrong: Sequence[FieldError] = ()) -> str:
    """The form, with what was filled in and what is wrong with it."""
    words = WORDS[door.language]
    told = "".join(f"<li>{escape(words.get(each.field, each.field))}: {escape(each.reason)}</li>" for each in wrong)
    said = f'<div role="status"><p>{escape(words["wrong"])}</p><ul>{told}</ul></div>\n' if told else ""
    fields = [_field(name, words[name], more, given.get(name, "")) for name, more in _FIELDS]
    fields.append(
        f'<label class="ask" for="message">{escape(words["message"])}</label>'
        f'<textarea id="message" name="message" rows="7" maxlength="{LONGEST}" required style="{_WIDE}">'
        f"{escape(given.get('message', '')[:LONGEST])}</textarea>"
    )
    if door.consent:
        ticked = " checked" if "consent" in given else ""
        box = f'<input type="checkbox" name="consent" value="on"{ticked}>'
        fields.append(f'<label class="box">{box}<span>{escape(door.consent)}</span></label>')
    fields.append(f'<p hidden><label>Fax <input name="{TRAP}" tabindex="-1" autocomplete="off"></label></p>')
    fields.append(f"<button>{escape(words['send'])}</button>")
    form = '<form method="post" accept-charset="utf-8">\n' + "\n".join(fields) + "\n</form>\n"
    return plain_page(door.title, door.intro, language=door.language, content=said + form)


def taken_page(door: InboundSettings, again: bool, asked: bool) -> str:
    """It has arrived: true also of what a person looks at first."""
    words = WORDS[door.language]
    said = words["again" if again else "received"]
    more = f" {words['asked']}" if asked and not again else ""
    return plain_page(words["thanks"], said + more, language=door.language)


def closed_page(door: InboundSettings) -> str:
    """Nothing is taken here any more."""
    words = WORDS[door.language]
    return plain_page(words["closed"], words["closed_why"], language=door.language)


def _field(name: str, label: str, more: str, value: str) -> str:
    shown = f'<input id="{name}" name="{name}" value="{escape(value[:300])}" {more} style="{_WIDE}">'
    return f'<label class="ask" for="{name}">{escape(label)}</label>{shown}'
