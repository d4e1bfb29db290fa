"""The five roles, what each is permitted, and where: the one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shared.access.route import Permission

ROLES: Mapping[str, frozenset[Permission]] = {
    "owner": frozenset({"reader", "operator", "approver", "manager", "owner"}),
    "manager": frozenset({"reader", "operator", "approver", "manager"}),
    "operator": frozenset({"reader", "operator"}),
    "client": frozenset({"reader", "approver"}),
    "viewer": frozenset({"reader"}),
}
_OF_ONE_WORKSPACE = {"client"}
"""Such a role is always of a workspace that is named: an agency's client never sees another's."""


class Grant(NamedTuple):
    """What is permitted in one workspace, or (None) in every one of the tenant."""

    permissions: frozenset[Permission]
    workspace: str | None = None


def grants_of(roles: Iterable[str]) -> tuple[Grant, ...]:
    """What `operator` or `client:praxis` grant: a role, everywhere or in one workspace. Anything else grants nothing:
    a token may carry roles that are not Baton's."""
    return tuple(_granted(roles))


def _granted(roles: Iterable[str]) -> Iterator[Grant]:
    for each in roles:
        role, _, workspace = each.partition(":")
        if role in ROLES and (workspace or role not in _OF_ONE_WORKSPACE):
            yield Grant(ROLES[role], workspace or None)
