"""What a client sees of a forecast and a tally: no name, no group of fewer than five people."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.domain import client_view
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.client_report import LEAST, OTHER
from shared.domain.forecast import Forecast, Group, Somebody, warning

HELD = st.dictionaries(st.sampled_from(["erased", "capped", "no_consent", "holdout"]), st.integers(1, 9))


@given(HELD, st.integers(0, 9))
def test_only_groups_of_five_and_more_are_named_and_nobody_in_them(held: dict[str, int], gets: int) -> None:
    names = [Somebody(contact="c1", name="Ann")]
    groups = [Group(code=code, reason=f"<{code}>", count=n, names=names, repair="") for code, n in held.items()]
    people = gets + sum(held.values())
    before = Forecast(
        warning=warning(people, gets, groups) if groups else None, people=people, gets=gets, groups=groups,
        cost_micros=7, made_at=datetime(2027, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    seen = client_view.forecast(before)
    assert sum(seen.held.values()) == sum(held.values())
    assert all(n >= LEAST for code, n in seen.held.items() if code != OTHER)
    assert (seen.cost_micros, [each.names for each in seen.groups]) == (0, [[]] * len(seen.groups))
    assert not [code for code, n in held.items() if n < LEAST and f"<{code}>" in seen.model_dump_json()]
    assert bool(seen.warning) == bool(before.warning)
    assert client_view.forecast(seen) == seen
    told = client_view.tally({"sent": gets, **{f"held.{code}": n for code, n in held.items()}})
    assert told == {"sent": gets, **{f"held.{code}": n for code, n in seen.held.items()}}


def test_a_field_that_a_campaign_gains_is_shown_to_clients_only_when_somebody_says_so() -> None:
    """Whoever adds a field decides about it here: None of these tells of people or money."""
    hidden = {"budget_stop", "local_only", "again", "shards_without_words"}
    told = {"request", "journey", "status_reason", "max_cost_micros"}
    assert {*client_view.OF_CAMPAIGN} == {*Campaign.model_fields} - hidden - told
    assert {*client_view.OF_REQUEST} == {*CampaignRequest.model_fields} - {"segment", "budget"}
