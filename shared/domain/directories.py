"""Which directories of Entra ID are let in, and as which agency."""

from __future__ import annotations

from uuid import UUID

from shared.domain.scope import SHARED_WORKSPACE, parse_scope

LOCAL = "local"
"""The agency of a home, and of the one directory that names no other."""


def directories_of(text: str) -> dict[str, str]:
    """Directory (tenant id) -> agency, from `<id>` or `agency=<id>`, several separated by spaces. Raises ValueError."""
    found: dict[str, str] = {}
    for each in text.split():
        agency, _, directory = each.rpartition("=")
        found[_id(directory)] = parse_scope(agency or LOCAL, SHARED_WORKSPACE).tenant
    return found


def _id(directory: str) -> str:
    try:
        return str(UUID(directory))
    except ValueError:
        raise ValueError("must be tenant ids such as 9a1b2c3d-…, or agency=id, separated by spaces") from None
