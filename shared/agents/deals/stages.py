"""What a stage of another system is here: HubSpot's by default, one's own as a person has said it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.domain.deal import STAGES, Stage
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

_ID = "deal-stages"
_HUBSPOT: Mapping[str, Stage] = {
    "appointment scheduled": "contacted",
    "qualified to buy": "needs",
    "presentation scheduled": "proposed",
    "decision maker bought-in": "negotiating",
    "contract sent": "contract",
    "closed won": "won",
    "closed lost": "lost",
}
_KNOWN: Mapping[str, Stage] = {
    **{each: each for each in STAGES},
    **_HUBSPOT,
    **{text.replace(" ", "").replace("-", ""): stage for text, stage in _HUBSPOT.items()},
}
MOST = 200
"""Stages of one file."""


def spelled(text: str) -> str:
    """However a stage is spelled, it is the same."""
    return " ".join(text.split()).casefold()


def mapped(ports: Ports, scope: Scope, texts: Iterable[str], said: Mapping[str, Stage]) -> dict[str, str]:
    """text -> stage, "" where nobody has said it: as is said now, as was said once, as HubSpot names its own."""
    now = {spelled(text): stage for text, stage in said.items()}
    stored = ports.documents.get(scope, Kind.IMPORT_COLUMNS, _ID)
    known = {**_KNOWN, **(stored.body["stages"] if stored else {}), **now}
    return {text: known.get(spelled(text), "") for text in texts}


def remember(ports: Ports, scope: Scope, said: Mapping[str, Stage]) -> None:
    """Files with these stages are read so from now on."""
    new = {spelled(text): stage for text, stage in said.items()}
    while new:
        stored = ports.documents.get(scope, Kind.IMPORT_COLUMNS, _ID)
        body = {"headings": [], "stages": {**(stored.body["stages"] if stored else {}), **new}}
        try:
            ports.documents.put(scope, Kind.IMPORT_COLUMNS, _ID, body, stored.rev if stored else None)
        except Stale:
            continue
        return
