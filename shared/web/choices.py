"""The page of choices: plain HTML that needs no script, labelled for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from shared.domain.choice_words import topic_words, words
from shared.domain.choices import FREQUENCIES, TOPIC, Choices
from shared.web.plain import plain_page


def choices_page(now: Choices, once: str, news: str | None = None) -> str:
    """What holds now, as a form. `once` names this page (32 hexadecimal digits); `news` is the word for what has just
    been done."""
    text, sender = words(now.language), now.sender
    title = text["title"].format(sender=sender) if sender else text["title_nobody"]
    told = f'<p role="status">{escape(text[news])}</p>\n' if news else ""
    if now.waiting:
        told += f"<p>{escape(text['waiting'])}</p>\n"
    if now.silent and not now.waiting:
        told += f"<p>{escape(text['undo'])}</p>\n"
    content = told + _form(now, once) + ("" if now.stopped else _stop(now))
    return plain_page(title, text["intro"], language=now.language, content=content)


def _form(now: Choices, once: str) -> str:
    text = words(now.language)
    on, off = (" ".join(name for name, is_on in now.all.items() if is_on is wanted) for wanted in (True, False))
    hidden = {"once": once, "shown_on": on, "shown_off": off, "shown_frequency": now.frequency}
    channels = [
        _box(name, text[name].format(sender=now.sender or text["we"]), is_on, name == "email" and now.waiting)
        for name, is_on in now.channels.items()
    ]
    topics = [_box(TOPIC + name, topic_words(name), is_on) for name, is_on in now.topics.items()]
    parts = [
        *(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()),
        _group(text["channels"], channels),
        _group(text["topics"], topics) if topics else "",
        _frequency(now),
        f'<button name="do" value="save">{escape(text["save"])}</button>',
    ]
    return '<form method="post">\n' + "\n".join(filter(None, parts)) + "\n</form>\n"


def _box(name: str, label: str, is_on: bool, waits: bool = False) -> str:
    state = (" checked" if is_on else "") + (" disabled" if waits else "")
    box = f'<input type="checkbox" name="{escape(name)}" value="on"{state}>'
    return f'<label class="box">{box}<span>{escape(label)}</span></label>'


def _group(legend: str, boxes: Iterable[str]) -> str:
    return f"<fieldset><legend>{escape(legend)}</legend>\n" + "\n".join(boxes) + "\n</fieldset>"


def _frequency(now: Choices) -> str:
    text = words(now.language)
    names = [*FREQUENCIES, *([now.frequency] if now.frequency not in FREQUENCIES else [])]
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == now.frequency else ""}>'
        f"{escape(text.get(name, name))}</option>"
        for name in names
    )
    label = f'<label class="ask" for="frequency">{escape(text["frequency"])}</label>'
    return f'{label}\n<select id="frequency" name="frequency">{options}</select><br>'


def _stop(now: Choices) -> str:
    text = words(now.language)
    button = f'<button class="quiet" name="do" value="stop">{escape(text["stop"])}</button>'
    return f'<form method="post"><h2>{escape(text["stop_head"])}</h2>{escape(text["stop_text"])}<br>{button}</form>\n'
