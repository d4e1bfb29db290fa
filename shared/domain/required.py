"""What must stand in every message, asked once more of what will really leave (rules C3, C4, C5, C8, C11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shared.domain.campaign import CampaignRequest
from shared.domain.draft import Draft
from shared.domain.legal import disclosures
from shared.domain.seen import Seen, bare
from shared.domain.wording import ShortCopy

_PROMOTION = re.compile(
    r"\d+\s?%|\b(?:discounts?|special offer|on sale|coupons?|vouchers?|promo(?:tion|code)?s?|limited time|free trial"
    r"|buy (?:now|one)|upgrade now|rabatte?|gutscheine?|sonderangebote?|angebote?|aktionspreise?|jetzt kaufen|gratis"
    r"|soldes|remise|bon d'achat|offre spéciale|descuentos?|cupón|oferta especial|rebajas|sconti?|offerta speciale)\b",
    re.IGNORECASE,
)


_NOTICE = "{{ notice }}"


def promotion(text: str) -> str | None:
    """The first words that advertise, None if none are known to."""
    found = _PROMOTION.search(text)
    return found[0] if found else None


def gaps(drafts: Iterable[Draft], request: CampaignRequest, sender_domains: Sequence[str]) -> tuple[str, ...]:
    """Codes of what is missing or wrong in any variant, empty if nothing is; to have no variant at all is wrong."""
    written = list(drafts)
    codes = {code for draft in written for code in _of_draft(draft, request)}
    if not _may_send_from(str(request.sender.address), sender_domains):
        codes.add("sender_unknown")
    if not written:
        codes.add("not_approved")
    return tuple(sorted(codes))


def tells_where_found(drafts: Iterable[Draft]) -> bool:
    """Does every variant have a place for the notice to those who were found (rule G10)?"""
    written = list(drafts)
    return bool(written) and all(_NOTICE in each.html and _NOTICE in each.text for each in written)


def _may_send_from(address: str, domains: Sequence[str]) -> bool:
    return not domains or address.rpartition("@")[2].lower() in domains


def _of_draft(draft: Draft, request: CampaignRequest) -> Iterable[str]:
    if isinstance(draft.words, ShortCopy):
        yield from _of_short(draft, request)
        return
    said = disclosures(draft.written_by)
    for source, visible in ((draft.html, Seen.of(draft.html).text), (draft.text, draft.text)):
        words = bare(visible)
        if bare(request.sender.postal_address) not in words:
            yield "no_postal_address"
        if "{{ unsubscribe }}" not in source:
            yield "no_way_out"
        if not any(bare(line) in words for line in said):
            yield "no_disclosure"
        if request.message == "transactional" and promotion(visible):
            yield "promotion"


def _of_short(draft: Draft, request: CampaignRequest) -> Iterable[str]:
    """A text message says how to stop it (rule C5); a post goes to nobody in particular."""
    if request.channels[0] == "sms" and "STOP" not in draft.text:
        yield "no_way_out"
    if request.message == "transactional" and promotion(draft.text):
        yield "promotion"
