"""The words of a mail, whatever form they have: plain text, else what its HTML shows."""

from __future__ import annotations

from typing import NamedTuple

from shared.agents.feedback.mime import part_of, parts
from shared.agents.feedback.readable import header_text, part_text, shown


class Written(NamedTuple):
    """Who a mail says that it is from, and its text; lines that it quotes begin with `>`."""

    writer: str
    text: str


def written(raw: bytes) -> Written:
    """Never raises, whatever it is given."""
    mail = part_of(raw)
    found = [part for part in parts(mail) if part.type in ("text/plain", "text/html")]
    plain = (part_text(part) for part in found if part.type == "text/plain")
    said = next((text for text in plain if text.strip()), None)
    if said is None:
        said = shown(part_text(found[0])) if found else ""
    return Written(header_text(mail.first("from"))[:200], said)
