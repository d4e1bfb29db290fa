"""Whose a company is among the workspaces of an agency. One workspace has it, or nobody may; the others learn that it
is taken, and no more: what is kept is a keyed hash of the lead."""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.address import person_of
from shared.domain.faults import Conflict, Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale

NOBODYS = ""
STREAM = "leads"
"""The journal's stream, in the agency's scope, of what nobody may approach."""
_CHUNK = 100


def claim(ports: Ports, scope: Scope, *leads: str) -> None:
    """A company, by every id that means it, is this workspace's from now on. Raises Conflict if one of these is
    somebody else's, or nobody's; then none of them was taken."""
    new: list[str] = []
    for each in leads:
        held = has(ports, scope, each)
        if not held and not _put(ports, scope, each, scope.workspace):
            release(ports, scope, *new)
            raise Conflict("lead", "it is taken: somebody else of the agency has it, or nobody may write to it")
        new += [] if held else [each]


def has(ports: Ports, scope: Scope, lead: str) -> bool:
    """Is it this workspace's?"""
    found = ports.documents.get(scope.agency, Kind.LEAD_CLAIM, _key(ports, lead))
    return found is not None and found.body["workspace"] == scope.workspace


def release(ports: Ports, scope: Scope, *leads: str) -> None:
    """They are free again, as far as they were this workspace's."""
    for each in leads:
        found = ports.documents.get(scope.agency, Kind.LEAD_CLAIM, _key(ports, each))
        if found and found.body["workspace"] == scope.workspace:
            ports.documents.delete(scope.agency, Kind.LEAD_CLAIM, found.id, found.rev)


def forbid(ports: Ports, scope: Scope, by: str, lead: str, reason: str) -> None:
    """Nobody of the agency may approach it. Raises Conflict if another workspace works on it: that is ended there."""
    now, key = ports.clock.now(), _key(ports, lead)
    found = ports.documents.get(scope.agency, Kind.LEAD_CLAIM, key)
    if found and found.body["workspace"] not in (NOBODYS, scope.workspace):
        raise Conflict("lead", "another workspace has it; it is rejected there first")
    body = {"workspace": NOBODYS, "reason": reason, "at": now.isoformat()}
    try:
        ports.documents.put(scope.agency, Kind.LEAD_CLAIM, key, body, found.rev if found else None)
    except Stale:
        raise Conflict("lead", "somebody took it or gave it up in this moment; try again") from None
    ports.journal.append(scope.agency, STREAM, now, by, "lead_forbidden", {"claim": key})


def allow(ports: Ports, scope: Scope, by: str, lead: str) -> None:
    """It may be approached again. Raises Missing if nobody forbade it."""
    key = _key(ports, lead)
    found = ports.documents.get(scope.agency, Kind.LEAD_CLAIM, key)
    if found is None or found.body["workspace"] != NOBODYS:
        raise Missing("lead", lead)
    ports.documents.delete(scope.agency, Kind.LEAD_CLAIM, key, found.rev)
    ports.journal.append(scope.agency, STREAM, ports.clock.now(), by, "lead_allowed", {"claim": key})


def taken(ports: Ports, scope: Scope, leads: Iterable[str]) -> set[str]:
    """Those of these that are somebody else's, or nobody's."""
    keys = {_key(ports, each): each for each in leads}
    found, asked = set[str](), list(keys)
    for at in range(0, len(asked), _CHUNK):
        wanted = [Filter("id", "in", asked[at : at + _CHUNK])]
        page = ports.documents.find(scope.agency, Kind.LEAD_CLAIM, wanted, limit=_CHUNK)
        found |= {keys[each.id] for each in page.documents if each.body["workspace"] != scope.workspace}
    return found


def _put(ports: Ports, scope: Scope, lead: str, workspace: str) -> bool:
    """Of two who claim at once one has it: the document is created once."""
    key = _key(ports, lead)
    body = {"workspace": workspace, "reason": "", "at": ports.clock.now().isoformat()}
    try:
        ports.documents.put(scope.agency, Kind.LEAD_CLAIM, key, body)
        return True
    except Stale:
        found = ports.documents.get(scope.agency, Kind.LEAD_CLAIM, key)
        return found is None or found.body["workspace"] == workspace


def _key(ports: Ports, lead: str) -> str:
    return person_of(f"lead:{lead}", ports.keys.address)
