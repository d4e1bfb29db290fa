"""Reading campaigns: lists, drafts, recipients, the timeline, a preview of the real mail."""

from __future__ import annotations

from typing import Any, Literal

from shared.agents.campaigns.audience import contacts_by_id, members
from shared.agents.records import load
from shared.domain.approval import Approval
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.draft import Draft, draft_id, language_of
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.found import untold
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Fact, LedgerRow, Order, Ports, State
from shared.render.forms import shown
from shared.render.notice import FoundNotice
from shared.render.personal import Personal, Rendered, fields_of, no_fields

STATES: tuple[State, ...] = ("planned", "intent", "submitted", "accepted", "delivered", "failed", "held", "unknown")


def get(ports: Ports, scope: Scope, campaign: str) -> Campaign:
    """One campaign. Raises Missing."""
    return load(ports, scope, campaign)


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None
) -> tuple[list[Campaign], str | None]:
    """Campaigns, newest first, and the cursor of the next page. Raises Rejected for a cursor that is none."""
    newest = Order("created_at", descending=True)
    try:
        page = ports.documents.find(scope, Kind.CAMPAIGN, order=newest, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Campaign.model_validate(document.body) for document in page.documents], page.cursor


def tally(ports: Ports, scope: Scope, campaign: str) -> dict[str, int]:
    """How many recipients are in each state, from the sums that are kept with the rows: cheap, for progress."""
    return ports.ledger.tally(scope, campaign)


def drafts(ports: Ports, scope: Scope, campaign: str) -> list[Draft]:
    """The variants of the newest version, A first; none while the first is being written. Raises Missing."""
    found = load(ports, scope, campaign)
    ids = [draft_id(campaign, found.version, letter) for letter in "ABCD"[: found.request.variants]]
    documents = (ports.documents.get(scope, Kind.DRAFT, each) for each in ids)
    return [Draft.model_validate(document.body) for document in documents if document]


def unsupported(ports: Ports, scope: Scope, campaign: str) -> list[str]:
    """Sentences of the newest version that nobody has said; while there are any it cannot be approved."""
    return list(dict.fromkeys(each for draft in drafts(ports, scope, campaign) for each in unsupported_in(draft)))


def unsupported_in(draft: Draft) -> list[str]:
    """Those of one draft."""
    return [each.sentence for each in draft.claims if not each.sources] if draft.blocked else []


def approval(ports: Ports, scope: Scope, campaign: str) -> Approval | None:
    """The question (or decision) about the newest version, None before it was asked. Raises Missing."""
    found = load(ports, scope, campaign)
    document = ports.documents.get(scope, Kind.APPROVAL, f"{campaign}-{found.version}")
    return Approval.model_validate(document.body) if document else None


def timeline(ports: Ports, scope: Scope, campaign: str) -> list[Fact]:
    """What happened, oldest first. Raises Missing."""
    load(ports, scope, campaign)
    return ports.journal.read(scope, f"campaign/{campaign}")


def recipients(
    ports: Ports,
    scope: Scope,
    campaign: str,
    state: State | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], str | None]:
    """Ledger rows with the contact they are for, by shard and key; `state` narrows. Raises Missing, Rejected."""
    found = load(ports, scope, campaign)
    if state is not None and state not in STATES:
        raise Rejected(FieldError("state", f"{state!r} is none of {', '.join(STATES)}"))
    if state in ("held", "failed", "unknown"):
        rows, following = _noted(ports, scope, campaign, state, cursor, limit)
    else:
        rows, following = _walk(ports, scope, found, state, cursor, limit)
    return _with_contacts(ports, scope, rows), following


def preview(
    ports: Ports, scope: Scope, campaign: str, variant: str, contact: str | None = None, nobody: bool = False
) -> Rendered:
    """The message as this contact (or the first of the audience; or, with `nobody`, somebody of whom nothing is known)
    will see it; links lead nowhere. Raises Missing."""
    found = load(ports, scope, campaign)
    document = ports.documents.get(scope, Kind.DRAFT, draft_id(campaign, found.version, variant))
    if document is None:
        raise Missing("variant", variant)
    draft = Draft.model_validate(document.body)
    reader = None if nobody else _reader(ports, scope, found, contact)
    fields = fields_of(reader) if reader else no_fields()
    waiting = untold(reader.found) if reader else []
    told = FoundNotice(waiting, language_of(draft), found.request.sender.name, "#") if waiting else ""
    rendered = Personal(draft).render(fields, ["#"] * len(draft.links), unsubscribe="#", open_pixel="", notice=told)
    return shown(found.request, draft, rendered)


def _reader(ports: Ports, scope: Scope, campaign: Campaign, contact: str | None) -> Contact | None:
    return _contact(ports, scope, contact) if contact else next(members(ports, scope, campaign.request.segment), None)


def _contact(ports: Ports, scope: Scope, contact: str) -> Contact:
    document = ports.documents.get(scope, Kind.CONTACT, contact)
    if document is None:
        raise Missing("contact", contact)
    return Contact.model_validate(document.body)


def _noted(
    ports: Ports, scope: Scope, campaign: str, state: Literal["held", "failed", "unknown"], cursor: str | None, n: int
) -> tuple[list[LedgerRow], str | None]:
    try:
        return ports.ledger.of_state(scope, campaign, state, cursor, n)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None


def _walk(
    ports: Ports, scope: Scope, found: Campaign, state: State | None, cursor: str | None, limit: int
) -> tuple[list[LedgerRow], str | None]:
    """One page across shards; the cursor is `<shard>.<key>` of the last row."""
    shard, after = _place(cursor)
    rows: list[LedgerRow] = []
    while shard < found.shards and len(rows) <= limit:
        rows += ports.ledger.of_shard(scope, found.id, shard, state=state, after=after, limit=limit + 1 - len(rows))
        shard, after = shard + 1, None
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], f"{last.shard}.{last.key}"


def _place(cursor: str | None) -> tuple[int, str | None]:
    if cursor is None:
        return 0, None
    shard, _, key = cursor.partition(".")
    if not (shard.isdecimal() and len(shard) < 10 and key):
        raise Rejected(FieldError("cursor", "it is not one that this list gave out"))
    return int(shard), key


def _with_contacts(ports: Ports, scope: Scope, rows: list[LedgerRow]) -> list[dict[str, Any]]:
    people = contacts_by_id(ports, scope, [row.contact for row in rows])
    return [_recipient(row, people.get(row.contact)) for row in rows]


def _recipient(row: LedgerRow, contact: Contact | None) -> dict[str, Any]:
    return {
        "key": row.key,
        "contact": row.contact,
        "email": contact.email if contact else None,
        "name": " ".join(filter(None, (contact.first_name, contact.last_name))) if contact else None,
        "state": row.state,
        "held": row.held,
        "variant": row.variant,
        "due": row.due.isoformat(),
        "attempt": row.attempt,
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
        "detail": row.detail,
    }
