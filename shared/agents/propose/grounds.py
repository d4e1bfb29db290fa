"""What the prose of a proposal may rest on, part by part. What a client wrote carries what is said of them, and nothing
that we promise: a wish, or an instruction that somebody has hidden in it, is no source for our own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.agents import confirmed, deals, house
from shared.domain.claims import Source
from shared.domain.faults import Missing
from shared.domain.lead import Lead
from shared.domain.names import Kind
from shared.domain.needs import Needs, Sort, Statement
from shared.domain.offer import Item, Language, OfferTerms
from shared.domain.proposal import Content
from shared.domain.proposal_seen import Seen, seen_of
from shared.domain.proposal_text import Part
from shared.domain.scope import Scope
from shared.ports import Ports

_SAID: tuple[Sort, ...] = ("need", "constraint", "process")
_MOST_SAID, _MOST_CHARACTERS = 12, 5000
"""Of one proposal: a client who sends 300 pages is quoted with what they say first."""


class Grounds(NamedTuple):
    """`said`: the client's own words; `inferred`: what our rules conclude of them; `seen` of their web site; what is
    sold; `facts` that somebody vouches for; `own`: who we are."""

    said: list[Source]
    inferred: list[Source]
    seen: list[Seen]
    items: list[tuple[str, Item]]
    offer: Source
    facts: list[Source]
    own: Source

    def of(self, part: Part | None) -> list[Source]:
        """Of a part by the writer; None: of a paragraph that a person wrote, who may rest on all of it."""
        ours = [self.offer, *map(_of_item, self.items), *self.facts, self.own]
        theirs = [*self.said, *self.inferred, *(Source(*each) for each in self.seen), self.own]
        return {"situation": theirs, "approach": ours, "why": ours}[part] if part else [*theirs, *ours]


def grounds_of(ports: Ports, scope: Scope, deal: str, content: Content, terms: OfferTerms) -> Grounds:
    """As it is known now."""
    said = _heard(ports, scope, deal)
    chosen = {line.item for option in content.options for line in option.lines}
    sender = house.read(ports, scope).sender
    recipient = content.recipient
    names = [recipient.company, recipient.name, content.title, sender.name if sender else ""]
    return Grounds(
        said=[Source(_place(each), each.quote) for each in said if each.sort in _SAID],
        inferred=[Source(f"{_place(each)}, inferred", each.inferred) for each in said if each.inferred],
        seen=_seen(ports, scope, deal, content.language),
        items=[(id, item) for id, item in terms.items.items() if id in chosen],
        offer=Source("offer", f"{terms.name}\n{terms.text}"),
        facts=confirmed.carrying(ports, scope),
        own=Source("names", "\n".join(filter(None, names))),
    )


def quotes_of(ports: Ports, scope: Scope, deal: str) -> list[str]:
    """What the client said they need, word for word, as far as a proposal quotes it."""
    return [each.quote for each in _heard(ports, scope, deal) if each.sort in ("need", "constraint")]


def _heard(ports: Ports, scope: Scope, deal: str) -> list[Statement]:
    """The first statements, once each, and no more than fit; what contradicts is looked for elsewhere."""
    found = ports.documents.get(scope, Kind.NEEDS, deal)
    known = Needs.model_validate(found.body).statements if found else []
    kept: dict[str, Statement] = {}
    for each in known:
        if each.sort == "asked" or len(each.quote) > 600:
            continue
        size = sum(len(one.quote) for one in kept.values()) + len(each.quote)
        if size <= _MOST_CHARACTERS and len(kept) < _MOST_SAID:
            kept.setdefault(each.quote + each.inferred, each)
    return [*kept.values()]


def _seen(ports: Ports, scope: Scope, deal: str, language: Language) -> list[Seen]:
    try:
        lead = deals.get(ports, scope, deal).lead
    except Missing:
        return []
    found = ports.documents.get(scope, Kind.LEAD, lead) if lead else None
    return [*seen_of(Lead.model_validate(found.body), language)] if found else []


def _of_item(item: tuple[str, Item]) -> Source:
    id, sold = item
    return Source(f"offer, {id}", "\n".join(_said_of(sold)))


def _said_of(item: Item) -> Iterator[str]:
    yield f"{item.name}: {item.text}"
    yield from (f"{item.name}: {each}" for each in item.includes)


def _place(said: Statement) -> str:
    return f"the client, message {said.message}, characters {said.start} to {said.end}"
