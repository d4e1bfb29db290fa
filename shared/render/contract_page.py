"""The page on which a client reads a contract and signs it: one file, nothing from elsewhere, no script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.domain.brand import Look
from shared.domain.contract_words import WORDS
from shared.render.contract import Outline

HERE = Path(__file__).parent / "templates"


def client_page(said: Outline, look: Look, status: str, current: str, consent: str, document: str, sealed: bool) -> str:
    """`consent`: the sentence to agree to, empty if it cannot be signed; `document`: SHA-256 of the file that is
    signed; `current`: where the current version is, if this is an earlier one; `sealed`: there is a sealed file."""
    return (
        _templates()
        .get_template("client_contract.html")
        .render(
            said=said, w=WORDS[said["language"]], look=look, status=status, current=current, consent=consent,
            document=document, sealed=sealed,
        )
    )  # fmt: skip


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
