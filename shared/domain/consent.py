"""Whether what is on record lets a message leave: consent or another lawful basis, by channel, purpose, law and time
(rules C2, G2, G3). Not legal advice: where laws differ or nothing is known, the strictest row holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from shared.domain.contact import Basis, Consent

Refusal = Literal["withdrawn", "pending", "no_consent", "expired", "wrong_purpose", "wrong_basis"]

IMPLIED_FOR: Mapping[Basis, timedelta] = {
    "implied_purchase": timedelta(days=730),
    "implied_inquiry": timedelta(days=181),
}
"""CASL 10(10): two years from a purchase or contract, six months from an inquiry; each a little short of the calendar,
because a day too early harms nobody (rule G2)."""

_EVERYWHERE: frozenset[Basis] = frozenset({"explicit"})
_IMPLIED: frozenset[Basis] = frozenset({"explicit", "implied_purchase", "implied_inquiry"})
_LAWFUL: Mapping[str, Mapping[str, frozenset[Basis]]] = {
    "CA": {"email": _IMPLIED, "sms": _IMPLIED},
    "GB": {"email": _EVERYWHERE | {"soft_opt_in"}, "sms": _EVERYWHERE | {"soft_opt_in"}},
    "US": {"email": _IMPLIED | {"soft_opt_in"}},
}
"""Country -> channel -> the bases that its law takes for advertising: CASL 10(9); PECR 22(3); CAN-SPAM (mail needs no
prior consent; text messages do, TCPA). Wherever nothing is said here only explicit consent counts."""


def key_of(channel: str, purpose: str | None = None) -> str:
    """Where a contact keeps the consent for a channel, or for one purpose on it."""
    return f"{channel}:{purpose}" if purpose else channel


def refusal(
    consents: Mapping[str, Consent], channel: str, purpose: str, jurisdiction: str | None, at: datetime
) -> Refusal | None:
    """Why nothing on record covers a message of this purpose over this channel to somebody who lives under that law
    (None: nobody knows which) at this moment; None if something does. A "no" outweighs every "yes"."""
    reasons: list[Refusal | None] = []
    for each in (consents.get(key_of(channel, purpose)), consents.get(channel)):
        if each is None or each.status == "unknown":
            continue
        if each.status == "withdrawn":
            return "withdrawn"
        if each.status == "pending":
            reasons.append("pending")
            continue
        reasons.append(_against(each, channel, purpose, jurisdiction, at))
    if not reasons:
        return "no_consent"
    return None if None in reasons else reasons[0]


_LAST = datetime.max.replace(tzinfo=UTC)


def expires(consent: Consent) -> datetime | None:
    """From when on it no longer counts: the date on record, or the one that its basis has by law if that is earlier."""
    longest = IMPLIED_FOR.get(consent.basis) if consent.basis else None
    if longest is None or consent.at is None:
        return consent.expires_at
    by_law = min(consent.at, _LAST - longest) + longest
    return min(consent.expires_at or by_law, by_law)


def _against(consent: Consent, channel: str, purpose: str, jurisdiction: str | None, at: datetime) -> Refusal | None:
    if consent.purpose not in (None, purpose):
        return "wrong_purpose"
    basis = consent.basis or "explicit"
    if basis != "explicit":
        if any(basis not in _lawful(law, channel) for law in (jurisdiction, consent.jurisdiction or jurisdiction)):
            return "wrong_basis"
        if basis in IMPLIED_FOR and consent.at is None:
            return "expired"  # nobody can say since when
    if basis == "soft_opt_in" and not _collected_softly(consent):
        return "wrong_basis"
    until = expires(consent)
    return "expired" if until and until <= at else None


def _lawful(jurisdiction: str | None, channel: str) -> frozenset[Basis]:
    return _LAWFUL.get(jurisdiction or "", {}).get(channel, _EVERYWHERE)


def _collected_softly(consent: Consent) -> bool:
    """Rule G3: collected by the sender, in a sale or negotiation, for its own similar things (so the purpose is named),
    and a way out was offered right then."""
    return bool(consent.collected_in and consent.opt_out_offered and consent.purpose)


def stricter(known: Consent, said: Consent) -> Consent:
    """What two records of the same thing come to: the nearer to "no"; what waits for a confirmation is not settled by a
    file, and what is settled does not wait again. If both say the same, the newer words count where
    they say something, the earlier expiry stands, and a weaker basis is not made a stronger one by silence."""
    if known.status in ("granted", "pending") and said.status in ("granted", "pending") and known.status != said.status:
        return known
    if _STRENGTH[known.status] != _STRENGTH[said.status]:
        return max(known, said, key=lambda consent: _STRENGTH[consent.status])
    told = {name: value for name, value in said if value is not None and name != "opt_out_offered"}
    both = min((each.expires_at for each in (known, said) if each.expires_at), default=None)
    offered = said.opt_out_offered or known.opt_out_offered
    return known.model_copy(update={**told, "expires_at": both, "opt_out_offered": offered})


def renewed(known: Consent, said: Consent, at: datetime) -> Consent:
    """What is on record after somebody told what a person said, with evidence: a "no" stands for good, what they are to
    confirm waits for them, and what is implied takes no place of an explicit yes that still counts."""
    if known.status == "withdrawn":
        return known
    if said.status == "withdrawn" or known.status == "unknown":
        return said
    if known.status == "pending":
        return known
    until = expires(known)
    explicit = known.basis in (None, "explicit") and (until is None or until > at)
    return known if explicit and said.basis not in (None, "explicit") else said


_STRENGTH = {"unknown": 0, "granted": 1, "pending": 2, "withdrawn": 3}
