"""The orders of a workspace: listed, and summed with what could not be attributed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from shared.domain.conversion import WHY, Basis, Conversion
from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.revenue import OfCampaign, Orders, Purse, Unattributed, together
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Order, Ports

_PAGE = 500


def listing(
    ports: Ports,
    scope: Scope,
    campaign: str | None = None,
    basis: Basis | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> tuple[list[Conversion], str | None]:
    """Rows, newest first; of a campaign, or with this basis. Raises Rejected for a cursor that is none."""
    asked = [Filter(field, "eq", value) for field, value in (("campaign", campaign), ("basis", basis)) if value]
    newest = Order("occurred_at", descending=True)
    try:
        page = ports.documents.find(scope, Kind.CONVERSION, asked, newest, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Conversion.model_validate(each.body) for each in page.documents], page.cursor


def orders(ports: Ports, scope: Scope) -> Orders:
    """Every row in exactly one part: a campaign by how sure that is, or a reason why there is none."""
    parts: defaultdict[tuple[str, str], Purse] = defaultdict(Purse)
    for body in bodies(ports, scope):
        of = body["campaign"] or "", body["why"] or body["basis"]
        parts[of].add(body["currency"], body["micros"])
    names = _names(ports, scope, sorted({campaign for campaign, _ in parts if campaign}))
    return Orders(
        total=together(parts.values()).values(),
        campaigns=[
            OfCampaign(
                campaign=id,
                name=name,
                clicked=parts.get((id, "click"), Purse()).values(),
                delivered=parts.get((id, "delivered"), Purse()).values(),
            )
            for id, name in names
        ],
        unattributed=[
            Unattributed(why=why, reason=reason, values=parts["", why].values())
            for why, reason in WHY.items()
            if ("", why) in parts
        ],
    )


def bodies(ports: Ports, scope: Scope, *asked: Filter) -> Iterator[Body]:
    """Rows as they are stored, a page at a time; what is encrypted in them stays unread."""
    cursor = None
    while True:
        page = ports.as_found.find(scope, Kind.CONVERSION, asked, None, _PAGE, cursor)
        yield from (each.body for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _names(ports: Ports, scope: Scope, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Of each campaign; one that is not on file any more is called by its id."""
    found = {id: ports.documents.get(scope, Kind.CAMPAIGN, id) for id in ids}
    return [(id, str(each.body["name"]) if each else id) for id, each in found.items()]
