"""The page on which a client answers questions. It needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from shared.domain.needs import AskedQuestion, Language
from shared.domain.needs_words import FORM
from shared.render.document_words import day
from shared.web.plain import plain_page

_AREA = (
    '<label class="ask" for="{id}">{text}</label>\n<textarea id="{id}" name="{name}" maxlength="20000" rows="{rows}"'
    ' style="width:100%;box-sizing:border-box;font:inherit"></textarea>\n'
)


def questions_form(
    language: Language,
    deal: str,
    note: str,
    questions: Sequence[AskedQuestion],
    answered: Sequence[tuple[str, str]],
    until: date,
    closed: bool,
) -> str:
    """What is open to be answered; (question, answer) of what is not, in their words."""
    words = FORM[language]
    areas = "".join(_area(f"q{n}", f"q_{each.id}", each.text, 3) for n, each in enumerate(questions))
    areas += _area("more", "more", words["more"], 4)
    done = "".join(
        f'<h2>{escape(asked)}</h2>\n<p class="words">{escape(words["answered"] + said)}</p>\n'
        for asked, said in answered
    )
    above = f'<p class="words">{escape(note)}</p>\n' if note else ""
    above += f'<p role="status">{escape(words["closed"])}</p>\n' if closed else ""
    form = f'<form method="post">\n{areas}<button>{escape(words["send"])}</button></form>\n'
    lead = words["lead"].format(day=day(until, language))
    return plain_page(f"{words['title']}: {deal}", lead, language=language, content=above + form + done)


def thanks_page(language: Language, open: int) -> str:
    """They were kept, and how many questions are left."""
    words = FORM[language]
    left = words["all"] if not open else words["one_left"] if open == 1 else words["left"].format(n=open)
    return plain_page(words["thanks"], words["kept"].format(open=left), language=language)


def sentence_page(language: Language, title: str, sentence: str) -> str:
    """Two of the words of the form, such as `ended` and `ended_says`."""
    words = FORM[language]
    return plain_page(words[title], words[sentence], language=language)


def _area(id: str, name: str, text: str, rows: int) -> str:
    return _AREA.format(id=id, name=escape(name), text=escape(text), rows=rows)
