"""Who may call: the owner of one machine, and people of the directories whose tokens count."""

from __future__ import annotations

from shared import home as secrets
from shared.access.entra import Entra
from shared.access.signing_keys import SigningKeys
from shared.adapters._http.fetch import fetch
from shared.domain.directories import LOCAL, directories_of
from shared.settings import Settings


def owner_token(chosen: Settings) -> str | None:
    """The token that the owner shows, made with the home. None on Azure, where nobody comes over the loopback."""
    if chosen.owner_token:
        return chosen.owner_token.strip()
    return None if chosen.site else secrets.owner_token(chosen.home)


def entra(chosen: Settings) -> Entra | None:
    if chosen.entra_tenants is None or chosen.entra_audience is None:
        return None
    keys = SigningKeys(chosen.entra_authority, fetch)
    return Entra(directories_of(chosen.entra_tenants), chosen.entra_audience.split(), keys)


def tenants(chosen: Settings) -> list[str]:
    """Every agency that this home may serve."""
    return sorted({LOCAL, *directories_of(chosen.entra_tenants or "").values()})
