"""The pages behind the link of a mail that asks for a confirmation: plain HTML, no script."""

from __future__ import annotations

from html import escape

from shared.domain.choice_words import words
from shared.domain.opt_in import OptIn
from shared.render.confirmation import until
from shared.web.plain import plain_page

_PAGES = {
    "confirmed": ("done_title", "done"),
    "said_no": ("said_no_title", "said_no"),
    "expired": ("expired_title", "expired"),
    "asked_again": ("asked_again_title", "asked_again"),
}


def ask_page(asked: OptIn) -> str:
    """The question in its exact words, with who asks it."""
    text, sender = words(asked.request.language), asked.request.sender
    content = "".join(
        (
            f'<p class="words">{escape(asked.request.wording)}</p>\n',
            f"<p>{escape(text['ask_ignore'])} {escape(text['ask_until'].format(until=until(asked)))}</p>\n",
            f"<p>{escape(sender.name)}, {escape(sender.postal_address)}</p>\n",
        )
    )
    who = text["ask_who"].format(sender=sender.name)
    return plain_page(text["ask_title"], who, text["ask_button"], language=asked.request.language, content=content)


def answer_page(answer: str, language: str) -> str:
    """What became of it; `expired` offers a new link."""
    text = words(language)
    title, sentence = _PAGES[answer]
    button = text["expired_button"] if answer == "expired" else None
    return plain_page(text[title], text[sentence], button, language=language)
