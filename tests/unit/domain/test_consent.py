"""What consent covers (rules C2, G2, G3), and how two records of it become one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.consent import expires, refusal, stricter
from shared.domain.contact import Consent

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
SOFT: dict[str, Any] = {
    "basis": "soft_opt_in",
    "collected_in": "sale",
    "opt_out_offered": True,
    "purpose": "offers",
    "at": NOW,
}


def granted(**fields: Any) -> Consent:
    return Consent(status="granted", **fields)


def ask(
    *, country: str | None = None, purpose: str = "offers", channel: str = "email", **consents: Consent
) -> str | None:
    found = {key.replace("__", ":"): consent for key, consent in consents.items()}
    return refusal(found, channel, purpose, country, NOW)


def test_rule_c2_a_plain_yes_covers_every_purpose_everywhere() -> None:
    assert {ask(email=granted(), country=country) for country in (None, "DE", "US", "CA", "GB")} == {None}


def test_rule_c2_nothing_on_record_covers_nothing() -> None:
    assert ask() == ask(email=Consent()) == ask(sms=granted()) == "no_consent"


def test_rule_c2_consent_for_one_purpose_covers_no_other() -> None:
    only = granted(purpose="newsletter")
    assert ask(email=only) == "wrong_purpose"
    assert ask(email=only, purpose="newsletter") is None
    assert ask(email__newsletter=granted()) == "no_consent"


def test_rule_c2_a_no_outweighs_every_yes() -> None:
    no = Consent(status="withdrawn")
    assert ask(email=no, email__offers=granted()) == ask(email=granted(), email__offers=no) == "withdrawn"
    assert ask(email=granted(), email__offers=no, purpose="newsletter") is None


def test_rule_c2_expired_consent_covers_nothing_from_that_very_moment() -> None:
    assert ask(email=granted(expires_at=NOW)) == "expired"
    assert ask(email=granted(expires_at=NOW + timedelta(microseconds=1))) is None


@pytest.mark.parametrize(("basis", "days"), [("implied_purchase", 730), ("implied_inquiry", 181)])
def test_rule_g2_implied_consent_lasts_as_long_as_its_basis_and_no_longer(basis: str, days: int) -> None:
    fresh = granted(basis=basis, at=NOW - timedelta(days=days) + timedelta(seconds=1))
    stale = granted(basis=basis, at=NOW - timedelta(days=days))
    assert ask(email=fresh, country="CA") is None
    assert ask(email=stale, country="CA") == "expired"
    assert ask(email=granted(basis=basis), country="CA") == "expired", "nobody knows since when"
    assert ask(email=granted(basis=basis, at=NOW, expires_at=NOW), country="CA") == "expired"
    late = granted(basis=basis, at=NOW, expires_at=NOW + timedelta(days=9999))
    assert expires(late) == NOW + timedelta(days=days), "a later date on record does not prolong it"
    assert expires(granted(basis=basis, at=datetime(9999, 12, 31, tzinfo=UTC))), "a date at the end of the calendar"


@pytest.mark.parametrize("country", [None, "DE", "FR", "GB", "XX"])
def test_rule_g2_implied_consent_counts_only_where_the_law_knows_it(country: str | None) -> None:
    assert ask(email=granted(basis="implied_purchase", at=NOW), country=country) == "wrong_basis"


def test_rule_g3_a_soft_opt_in_needs_every_one_of_its_conditions() -> None:
    assert ask(email=granted(**SOFT), country="GB") is None
    for missing in ({"collected_in": None}, {"opt_out_offered": False}, {"purpose": None}):
        assert ask(email=granted(**{**SOFT, **missing}), country="GB") == "wrong_basis"
    assert ask(email=granted(**SOFT), country="GB", purpose="newsletter") == "wrong_purpose"
    assert ask(email=granted(**SOFT), country="DE") == ask(email=granted(**SOFT)) == "wrong_basis"


def test_a_record_of_another_jurisdiction_must_be_lawful_in_both() -> None:
    implied = granted(basis="implied_purchase", at=NOW, jurisdiction="CA")
    assert ask(email=implied, country="CA") is None
    assert ask(email=implied, country="DE") == "wrong_basis"
    assert ask(email=granted(basis="implied_purchase", at=NOW, jurisdiction="DE"), country="CA") == "wrong_basis"


def test_text_messages_in_the_united_states_need_explicit_consent() -> None:
    implied = granted(basis="implied_purchase", at=NOW)
    assert ask(email=implied, country="US") is None
    assert ask(sms=implied, country="US", channel="sms") == "wrong_basis"


CONSENTS = st.builds(
    Consent,
    status=st.sampled_from(["granted", "withdrawn", "unknown"]),
    basis=st.sampled_from([None, "explicit", "implied_purchase", "implied_inquiry", "soft_opt_in"]),
    purpose=st.sampled_from([None, "offers", "newsletter"]),
    at=st.sampled_from([None, NOW - timedelta(days=400), NOW]),
    expires_at=st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
)


@given(CONSENTS, CONSENTS)
def test_merging_goes_towards_no(known: Consent, said: Consent) -> None:
    both = stricter(known, said)
    if "withdrawn" in (known.status, said.status):
        assert both.status == "withdrawn"
    if "granted" in (known.status, said.status) and both.status == "granted":
        ends = [each.expires_at for each in (known, said) if each.status == "granted" and each.expires_at]
        assert not ends or (both.expires_at is not None and both.expires_at <= min(ends))
    assert stricter(both, both) == both


def test_silence_makes_no_weak_basis_strong() -> None:
    weak = granted(basis="implied_inquiry", at=NOW)
    assert stricter(weak, granted()).basis == "implied_inquiry"


def test_a_record_of_before_there_were_bases_still_reads() -> None:
    old = {"status": "granted", "source": "fair", "at": "2025-10-18T00:00:00Z"}
    assert ask(email=Consent.model_validate(old), country="DE") is None
