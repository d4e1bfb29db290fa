"""The workspaces of an agency: made, named, archived; and what one of them still lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.agents import brand, budget, house
from shared.agents.guardian import standing
from shared.agents.scopes import register
from shared.domain.budget import WORKSPACE
from shared.domain.campaign import ENDED, Sender
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.journey_state import STILL_ON
from shared.domain.names import Kind
from shared.domain.piece import UNFINISHED
from shared.domain.run import RUN_UNDER_WAY
from shared.domain.scope import DEFAULT_WORKSPACE, SHARED_WORKSPACE, Scope
from shared.domain.segment import Filter
from shared.domain.workspace import Need, Setup, Workspace, WorkspaceChange, WorkspaceRequest, id_of
from shared.ports import Document, Ports, Stale
from shared.render.mail import mail_domain

STREAM = "access"
"""The journal's stream, in the agency's scope, of workspaces and of who was let into them."""


def every(ports: Ports, tenant: str) -> Iterator[Workspace]:
    """By id, archived ones among them."""
    cursor = None
    while True:
        page = ports.documents.find(Scope(tenant, SHARED_WORKSPACE), Kind.SCOPE, cursor=cursor)
        yield from map(_read, page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def get(ports: Ports, scope: Scope) -> Workspace:
    """The one of this scope; one in which nothing was done yet is called by its id."""
    found = ports.documents.get(scope.agency, Kind.SCOPE, scope.workspace)
    return _read(found) if found else Workspace(id=scope.workspace, name=scope.workspace)


def create(ports: Ports, tenant: str, by: str, wanted: WorkspaceRequest) -> Workspace:
    """A new one, empty. Raises Rejected where no id can be made of the name, Conflict if there is one of this id."""
    id = wanted.id or id_of(wanted.name)
    if id is None:
        raise Rejected(FieldError("id", "is needed: the name has no letter of a to z"))
    now = ports.clock.now()
    made = Workspace(id=id, name=wanted.name, created_at=now, created_by=by)
    scope = Scope(tenant, id)
    try:
        ports.documents.put(scope.agency, Kind.SCOPE, id, {**made.model_dump(mode="json"), "workspace": id})
    except Stale:
        raise Conflict("id", f"there is a workspace {id!r} already; give another id") from None
    ports.journal.append(scope.agency, STREAM, now, by, "workspace_made", {"workspace": id})
    return made


def change(ports: Ports, tenant: str, by: str, id: str, wanted: WorkspaceChange) -> Workspace:
    """Name it otherwise, archive it or bring it back. Raises Missing, and Conflict if work is under way in what is to
    be archived."""
    agency, now = Scope(tenant, SHARED_WORKSPACE), ports.clock.now()
    while True:
        if id == DEFAULT_WORKSPACE:
            register(ports, Scope(tenant, id))  # a home begins in it, whether anything was done there or not
        found = ports.documents.get(agency, Kind.SCOPE, id)
        if found is None:
            raise Missing("workspace", id)
        made = _read(found)
        if wanted.archived and made.archived_at is None:
            _check_idle(ports, Scope(tenant, id))
        made.name = wanted.name or made.name
        if wanted.archived is not None:
            made.archived_at = (made.archived_at or now) if wanted.archived else None
        try:
            ports.documents.put(agency, Kind.SCOPE, id, {**found.body, **made.model_dump(mode="json")}, found.rev)
        except Stale:
            continue
        said = {"workspace": id, "archived": made.archived_at is not None}
        ports.journal.append(agency, STREAM, now, by, "workspace_changed", said)
        return made


def setup(ports: Ports, scope: Scope) -> Setup:
    """The few things with which a workspace begins: who writes, in which look, from which domain, for how much."""
    sender = house.read(ports, scope).sender
    look, limits = brand.read(ports, scope)[0].name, budget.read(ports, scope, WORKSPACE)
    limited = limits.money is not None or limits.messages is not None or limits.calls is not None
    return Setup(
        workspace=get(ports, scope),
        needs=[
            Need(
                what="sender", done=sender is not None, page="/settings#sender",
                said=sender.name if sender else "nobody has said who writes",
                command="house set --name … --address … --postal …",
            ),
            Need(
                what="brand", done=bool(look), page="/brand", command="brand set name=…",
                said=look or "mails look plain",
            ),
            _domain(ports, scope, sender),
            Need(
                what="budget", done=limited, page="/budgets", command="budget set workspace money='25 EUR'",
                said="it has limits" if limited else "what may be spent is not limited",
            ),
        ],
    )  # fmt: skip


_DOMAIN: Mapping[str, str] = {
    "not_applicable": "nothing leaves this machine",
    "ready": "may send",
    "unready": "its DNS has not passed all checks",
    "paused": "is paused for its health",
}


def _domain(ports: Ports, scope: Scope, sender: Sender | None) -> Need:
    name = mail_domain(sender.address) if sender else ""
    state = standing.view(ports, scope, name).state if "." in name else None
    said = f"{name}: {_DOMAIN[state]}" if state else "it is the sender's: say first who writes"
    command = f"domain check {name}".strip()
    return Need(what="domain", done=state in ("not_applicable", "ready"), said=said, page="/domains", command=command)


_CAMPAIGNS = ("generating", "awaiting_approval", "holding", "scheduled", "sending", "paused", "missed", "analyzing")
_WORK: Sequence[tuple[Kind, str, Filter]] = (
    (Kind.CAMPAIGN, "campaign", Filter("status", "in", list(_CAMPAIGNS))),
    (Kind.JOURNEY, "journey", Filter("status", "in", list(STILL_ON))),
    (Kind.RUN, "run", Filter("status", "in", list(RUN_UNDER_WAY))),
    (Kind.PROPOSAL, "proposal", Filter("asking", "eq", True)),
    (Kind.PROPOSAL, "proposal", Filter("pending", "eq", True)),
    (Kind.PROPOSAL, "proposal", Filter("status", "eq", "sent")),
    (Kind.CONTRACT, "contract", Filter("asking", "eq", True)),
    (Kind.CONTRACT, "contract", Filter("pending", "eq", True)),
    (Kind.CONTRACT, "contract", Filter("status", "eq", "sent")),
    (Kind.INVOICE_PLAN, "invoice plan", Filter("next_at", "gt", "0")),
    (Kind.LEAD_LIST, "lead list", Filter("status", "eq", "running")),
    (Kind.IMPORT, "import", Filter("status", "eq", "running")),
    (Kind.PIECE, "piece of content", Filter("status", "in", list(UNFINISHED))),
)
"""What would go on by itself: its word, and when it does."""
assert not set(_CAMPAIGNS) & set(ENDED), "what has ended does not go on"


def _check_idle(ports: Ports, scope: Scope) -> None:
    for kind, word, goes_on in _WORK:
        found = ports.documents.find(scope, kind, [goes_on], limit=1).documents
        if found:
            called = found[0].body.get("name") or found[0].body.get("title") or found[0].id
            raise Conflict("archived", f"the {word} {called!r} is under way; end it first")


def _read(found: Document) -> Workspace:
    kept = {name: value for name, value in found.body.items() if name in Workspace.model_fields}
    return Workspace.model_validate({"id": found.id, "name": found.id, **kept})
