"""The page on which a client reads a proposal and answers it: one file, nothing from elsewhere, no script."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.domain.brand import Look
from shared.domain.proposal import Message
from shared.render.document_words import day
from shared.render.proposal import Outline

HERE = Path(__file__).parent / "templates"


def client_page(
    said: Outline, look: Look, status: str, current: str, consents: Sequence[tuple[str, str]], recommended: str,
    messages: Sequence[Message], open: bool,
) -> str:  # fmt: skip
    """`consents`: of each option the sentence that is agreed to; `open`: it can be accepted; `current`: where the
    current version is, if this is an earlier one."""
    return (
        _templates(said["language"])
        .get_template("client_proposal.html")
        .render(
            said=said, w=said["words"], look=look, status=status, current=current, consents=consents,
            recommended=recommended, messages=messages, open=open,
        )
    )  # fmt: skip


@cache
def _templates(language: str) -> Environment:
    made = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    made.filters["day"] = lambda at: day(at.date(), "de" if language == "de" else "en")
    return made
