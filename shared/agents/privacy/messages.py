"""A person's rows in the ledger: every campaign's plan is asked, and the mails that asked them to confirm."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.campaigns.rows import rows_of_reader
from shared.agents.privacy.places import everything
from shared.domain.address import effect_key
from shared.domain.campaign import Campaign
from shared.domain.inquiry import mark_of
from shared.domain.names import Kind
from shared.domain.opt_in import opt_in_campaign
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports, RowRef


def rows_of(ports: Ports, scope: Scope, person: str, contact: str | None) -> tuple[RowRef, ...]:
    """Where their rows are."""
    return (*_of_campaigns(ports, scope, person, contact), *_of_opt_in(ports, scope, person, contact))


def with_words(row: LedgerRow) -> bool:
    """Does it hold more than keyed hashes, codes and times?"""
    return bool(row.provider_id or row.facts or (row.detail and not mark_of(row.detail)))


def _of_campaigns(ports: Ports, scope: Scope, person: str, contact: str | None) -> Iterator[RowRef]:
    for each in everything(ports, scope, Kind.CAMPAIGN):
        yield from rows_of_reader(ports, scope, Campaign.model_validate(each.body), person, contact)


def _of_opt_in(ports: Ports, scope: Scope, person: str, contact: str | None) -> Iterator[RowRef]:
    """One a try; the document that counts them may be gone already."""
    campaign, tries = opt_in_campaign(contact or ""), 1
    while contact:
        ref = RowRef(campaign, tries, effect_key(scope, campaign, str(tries), "email", person))
        if not ports.ledger.of_person(scope, [ref]):
            return
        yield ref
        tries += 1
