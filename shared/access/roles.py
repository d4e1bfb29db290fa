"""The five roles, what each is permitted, and where: the one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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


def permitted(grants: Iterable[Grant], workspace: str) -> frozenset[Permission]:
    """What they permit there; nothing where none of them is for it."""
    return frozenset[Permission]().union(*(each.permissions for each in grants if each.workspace in (None, workspace)))


def workspaces_of(grants: Iterable[Grant], known: Callable[[], Iterable[str]]) -> list[str]:
    """The workspaces in which they permit anything, by name; `known` tells those of the tenant, and is asked only if a
    grant is for all of them."""
    here = [each.workspace for each in grants]
    return sorted({*filter(None, here), *(known() if None in here else ())})


def holders(permission: Permission) -> list[str]:
    """The roles that are permitted this, the one with the most first."""
    return [role for role, permissions in ROLES.items() if permission in permissions]


def grants_of(roles: Iterable[str]) -> tuple[Grant, ...]:
    """What `operator` or `client:praxis` grant: a role, everywhere or in one workspace. Anything else grants nothing:
    a token may carry roles that are not Baton's."""
    return tuple(_granted(roles))


def _granted(roles: Iterable[str]) -> Iterator[Grant]:
    for each in roles:
        role, _, workspace = each.partition(":")
        if role in ROLES and (workspace or role not in _OF_ONE_WORKSPACE):
            yield Grant(ROLES[role], workspace or None)
