"""The five roles, what each is permitted, and where: the one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from shared.access.route import Permission

ROLES: Mapping[str, frozenset[Permission]] = {
    "owner": frozenset({"guest", "reader", "operator", "approver", "manager", "inviter", "owner"}),
    "manager": frozenset({"guest", "reader", "operator", "approver", "manager", "inviter"}),
    "operator": frozenset({"guest", "reader", "operator"}),
    "client": frozenset({"guest", "approver"}),
    "viewer": frozenset({"guest", "reader"}),
}
_OF_ONE_WORKSPACE = {"client"}
"""Such a role is always of a workspace that is named: an agency's client never sees another's."""
_OF_THE_AGENCY = {"owner"}
"""Such a role is never of one workspace: keys, members and workspaces are the agency's."""


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


def called(permissions: frozenset[Permission]) -> str:
    """The role that is permitted just this; else what is permitted, as of a machine key."""
    return next((role for role, each in ROLES.items() if each == permissions), ", ".join(sorted(permissions)))


def grants_of(roles: Iterable[str]) -> tuple[Grant, ...]:
    """What `operator` or `client:praxis` grant: a role, everywhere or in one workspace. Anything else grants nothing:
    a token may carry roles that are not Baton's."""
    return tuple(_granted(roles))


def grants_in(role: str, workspaces: Iterable[str] | None) -> tuple[Grant, ...]:
    """What a role grants in these workspaces, or (None) in every one."""
    return (Grant(ROLES[role]),) if workspaces is None else tuple(Grant(ROLES[role], each) for each in workspaces)


def covers(grants: Sequence[Grant], role: str, workspaces: Iterable[str] | None) -> bool:
    """Whether who has these may let somebody in as this, there: they are an inviter and may all of it themselves."""
    wanted = ROLES[role] | {"inviter"}
    if workspaces is None:
        return wanted <= frozenset[Permission]().union(*(each.permissions for each in grants if each.workspace is None))
    return all(wanted <= permitted(grants, each) for each in workspaces)


def _granted(roles: Iterable[str]) -> Iterator[Grant]:
    for each in roles:
        role, _, workspace = each.partition(":")
        if role in ROLES and role not in (_OF_THE_AGENCY if workspace else _OF_ONE_WORKSPACE):
            yield Grant(ROLES[role], workspace or None)
