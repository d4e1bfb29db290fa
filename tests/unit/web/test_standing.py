from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.campaign import Campaign, CampaignRequest, Status
from shared.domain.certificate import Certificate
from shared.domain.conversion import Value
from shared.domain.forecast import Forecast
from shared.domain.inbox import About, Asked
from shared.domain.revenue import Revenue
from shared.web.campaign import Seen, actions, held, hold, live, moods, overview, token
from shared.web.inbox import wants
from shared.web.standing import Standing, brought_in, headline, of_certificate, of_tally, parts, window

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
COUNTS = st.integers(0, 10_000)
STATES = ("planned", "intent", "submitted", "accepted", "delivered", "failed", "held", "unknown")


def campaign(status: Status = "scheduled", **changes: Any) -> Campaign:
    request = {
        "name": "Spring",
        "brief": {
            "goal": "g",
            "offer": "o",
            "audience": "a",
            "call_to_action": {"text": "Book", "url": "https://example.org/"},
        },
        "segment": {"all": True},
        "sender": {"name": "Praxis", "address": "hallo@example.org", "postal_address": "1 Mill Road"},
        "window": {"start": datetime(2027, 3, 2, 7, tzinfo=UTC), "days": 3, "hours": (8, 18)},
    }
    given = {"status": status, "audience": 519, "max_cost_micros": 1_240_000, "shards": 5} | changes
    made_at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    asked = CampaignRequest.model_validate(request)
    return Campaign(id="c", request=asked, name="Spring", created_at=made_at, created_by="owner", **given)


@given(st.fixed_dictionaries(dict.fromkeys(STATES, COUNTS)))
def test_every_row_of_the_ledger_is_in_exactly_one_part(tally: dict[str, int]) -> None:
    standing = of_tally({**tally, "held.no_consent": tally["held"]})
    assert standing.planned == sum(tally.values())
    assert sum(part.n for part in parts(standing)) == standing.planned


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_certificate_stands_as_it_says(
    once: int, twice: int, failed: int, held: int, unknown: int, rest: int
) -> None:
    proof = Certificate(
        campaign="c",
        name="Spring",
        planned=once + twice + failed + held + unknown + rest,
        sent_once=once,
        sent_twice=twice,
        failed=failed,
        held={"no_consent": held},
        unknown=unknown,
        remaining=rest,
        recounted_at=datetime(2027, 3, 1, tzinfo=UTC),
    )
    assert [part.n for part in parts(of_certificate(proof))] == [once, twice, failed, unknown, held, rest]
    assert of_certificate(proof).planned == proof.planned


def sentence(found: Campaign, standing: Standing, gets: int | None = None, brought: str = "") -> str:
    return str(headline(found, standing, gets, BERLIN, NOW, brought=brought))


def test_before_it_leaves_the_sentence_says_who_when_and_for_how_much() -> None:
    told = "412 of 519 people get “Spring”, Tue 2 Mar 08:00 to Thu 4 Mar 18:00, for at most €1.24."
    assert sentence(campaign(), Standing(remaining=519), 412) == told
    asked = sentence(campaign("awaiting_approval", shards=0), Standing(), 412)
    assert asked == f"{told} It waits for your approval."


def test_while_it_is_held_the_sentence_begins_with_how_long() -> None:
    kept = campaign("holding", holding_until=NOW + timedelta(minutes=9, seconds=42), shards=0)
    said = headline(kept, Standing(), 412, BERLIN, NOW)
    assert (said.before, said.mark) == ("Nothing leaves for ", "9:42")
    assert said.after.startswith(". Then 412 of 519 people get “Spring”, ")
    planned = campaign(first_due=NOW + timedelta(hours=19), last_due=NOW + timedelta(hours=60))
    assert sentence(planned, Standing(remaining=519), 412).startswith("Nothing leaves for 19 h 0 min. Then 412 of 519")


def test_afterwards_the_sentence_says_what_became_of_everyone() -> None:
    said = sentence(campaign("completed"), Standing(sent=409, failed=3, held=107))
    assert said == "409 of 519 people got “Spring” once, nobody twice; 3 failed, 0 unknown."
    twice = sentence(campaign("analyzing"), Standing(sent=10, twice=1))
    assert twice == "9 of 10 people got “Spring” once, 1 twice; 0 failed, 0 unknown."
    sold = headline(campaign("completed"), Standing(sent=10), None, BERLIN, NOW, brought="2 orders, €1,310.")
    assert str(sold).endswith("0 unknown. 2 orders, €1,310.")
    assert sold.mark == "2 orders, €1,310."


def test_what_it_brought_in_is_told_in_each_currency_and_refunds_are_no_orders() -> None:
    def revenue(orders: int, *sums: tuple[str, str]) -> Revenue:
        total = [Value(currency=currency, value=value, rows=orders + 1) for currency, value in sums]
        return Revenue(total=total, clicked=[], delivered=[], variants=[], segments={}, costs=[], orders=orders)

    assert brought_in(revenue(11, ("EUR", "1310.00"))) == "11 orders, €1,310."
    assert brought_in(revenue(1, ("CHF", "12.50"), ("EUR", "-3.00"))) == "1 order, 12.50 CHF and -€3."
    assert brought_in(revenue(0)) == brought_in(None) == ""


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("generating", "“Spring” is being written."),
        ("sending", "200 of 519 people got “Spring”; 0 held, 0 unknown, 319 to come until Thu 4 Mar 15:00."),
        ("paused", "Paused. 200 of 519 people got “Spring”; 319 wait until you resume."),
        ("missed", "The time of “Spring” passed before it could be sent. Shall it still go to 319 people?"),
        ("cancelled", "“Spring” was cancelled. 200 of 519 people got “Spring”."),
        ("failed", "“Spring” failed: the model was away."),
    ],
)
def test_on_the_way_the_sentence_tells_the_state(status: Status, words: str) -> None:
    last = datetime(2027, 3, 4, 14, tzinfo=UTC)
    reason = "the model was away" if status == "failed" else None
    found = campaign(status, first_due=last, last_due=last, status_reason=reason)
    assert sentence(found, Standing(sent=200, remaining=319)) == words


def test_a_campaign_that_waits_for_its_mail_server_says_so() -> None:
    found = campaign("sending", status_reason="waiting: mail.example.org:587 cannot be reached: refused")
    said = sentence(found, Standing(sent=200, remaining=319))
    assert said == (
        "200 of 519 people got “Spring”; 319 to come, waiting: mail.example.org:587 cannot be reached: refused."
    )


def test_a_plan_tells_its_own_times_and_a_wish_the_window() -> None:
    first, last = datetime(2027, 3, 2, 7, 30, tzinfo=UTC), datetime(2027, 3, 2, 16, tzinfo=UTC)
    assert window(campaign(first_due=first, last_due=last), BERLIN) == "Tue 2 Mar 08:30 to 17:00"
    assert window(campaign(), BERLIN) == "Tue 2 Mar 08:00 to Thu 4 Mar 18:00"


def test_a_missed_campaign_without_a_plan_asks_for_its_whole_audience() -> None:
    assert "519 people" in sentence(campaign("missed", shards=0), Standing())


@pytest.mark.parametrize("status", get_args(Status))
def test_each_state_offers_what_can_be_done_in_it(status: Status) -> None:
    found = set(actions(campaign(status), Standing(sent=1)))
    ended = status in ("completed", "cancelled", "failed")
    assert ("resume" in found) == (status in ("paused", "missed", "failed"))
    assert ("recall" in found) == (status == "holding")
    assert ("cancel" in found) == (not ended and status != "holding")
    assert ("pause" in found) == (status in ("generating", "awaiting_approval", "holding", "scheduled", "sending"))
    assert ("correct" in found) == (ended or status == "analyzing")
    assert [now for _, now in live(campaign(status), Seen({}), "UTC", NOW)["moods"]].count(True) == 1


def test_the_page_has_a_mood_for_each_stage() -> None:
    def mood(status: Status, **more: Any) -> list[str]:
        return [name for name, now in moods(campaign(status, **more)) if now]

    assert [name for name, _ in moods(campaign("sending"))] == ["Writing", "Ready", "Hold", "Sending", "Done"]
    found = [mood(each) for each in ("awaiting_approval", "holding", "scheduled", "sending", "analyzing", "completed")]
    assert found == [["Ready"], ["Hold"], ["Hold"], ["Sending"], ["Done"], ["Done"]]
    stopped = moods(campaign("paused", paused=True, status_before_pause="sending"))
    assert [name for name, _ in stopped] == ["Writing", "Ready", "Hold", "Sending", "Paused", "Done"]
    assert (mood("paused"), mood("cancelled")) == (["Paused"], ["Cancelled"])


def test_before_anything_leaves_the_bar_shows_who_is_foreseen_to_get_it() -> None:
    ahead = Forecast(people=519, gets=412, groups=[], made_at=NOW)
    shown = live(campaign("scheduled"), Seen({"planned": 519}, None, ahead), "UTC", NOW)
    assert [(part.label, part.n) for part in shown["parts"]] == [("get it", 412), ("held", 107)]
    assert shown["total"] == 519
    begun = live(campaign("scheduled"), Seen({"planned": 500, "accepted": 19}, None, ahead), "UTC", NOW)
    assert sum(part.n for part in begun["parts"]) == begun["total"] == 519
    assert ("sent once", 19) in [(part.label, part.n) for part in begun["parts"]]


def test_the_reasons_for_holding_add_up_to_who_is_held() -> None:
    tally = {"accepted": 400, "held": 119, "held.no_consent": 100, "held.capped": 19, "held.zone": 0}
    assert held(campaign("sending"), Seen(tally)) == {"no_consent": 100, "capped": 19}


@pytest.mark.parametrize("status", ["analyzing", "completed", "cancelled"])
def test_nobody_got_it_nobody_is_corrected(status: Status) -> None:
    assert "correct" not in actions(campaign(status), Standing(held=3))


def test_the_hold_counts_down_to_nothing() -> None:
    kept = campaign("holding", holding_until=NOW + timedelta(minutes=9, seconds=12))
    assert hold(kept, NOW) == "9:12"
    assert hold(kept, NOW + timedelta(minutes=9)) == "0:12"
    assert hold(kept, NOW + timedelta(minutes=10)) == "0:00"
    assert hold(campaign("scheduled"), NOW) is None
    planned = campaign(first_due=NOW + timedelta(days=3, hours=4, minutes=5))
    assert [hold(planned, NOW), hold(planned, NOW + timedelta(days=4))] == ["3 days 4 h", None]
    assert token(kept, {}, NOW) != token(kept, {}, NOW + timedelta(seconds=1))


def test_the_token_tells_new_numbers_from_a_new_state() -> None:
    before = token(campaign("sending"), {"accepted": 1}, NOW)
    assert before != token(campaign("sending"), {"accepted": 2}, NOW)
    assert before.partition(":")[0] == token(campaign("sending"), {"accepted": 2}, NOW).partition(":")[0]
    assert before.partition(":")[0] != token(campaign("paused"), {"accepted": 1}, NOW).partition(":")[0]


def test_what_has_ended_is_not_looked_at_again() -> None:
    assert live(campaign("completed"), Seen({}), "UTC", NOW)["poll"] is None
    assert live(campaign("sending"), Seen({}), "UTC", NOW)["poll"]


def test_the_list_begins_with_what_needs_a_person() -> None:
    asked = [question(kind) for kind in ("campaign", "piece", "piece", "webhook")]
    said = "1 campaign and 2 pieces wait for your approval; 1 webhook was turned off"
    assert overview([campaign("sending")], wants(asked, False, True)) == f"{said}."
    missed = "1 campaign missed its time and asks what to do"
    assert overview([campaign("missed")], wants(asked, False, True)) == f"{missed}; {said}."
    assert wants(asked[:1], True, False) == ["at least 1 campaign waits for approval"]
    assert overview([campaign("completed"), campaign("sending")], []) == "1 campaign is being sent."
    assert overview([campaign("completed")], []) == "Nothing needs you."
    assert overview([], []) == "Every message leaves once and can be explained."


def question(kind: About) -> Asked:
    return Asked(
        subject="s", version=1, digest="", sealed={}, asked_at=NOW, kind=kind, name="n", question="?", answers=[]
    )


def test_a_planned_campaign_that_cannot_leave_says_why() -> None:
    waits = campaign("scheduled", status_reason="waiting: e-mail is not set up: set BATON_SMTP_URL")
    assert sentence(waits, Standing(remaining=519)) == (
        "0 of 519 people got “Spring”; 519 to come, waiting: e-mail is not set up: set BATON_SMTP_URL."
    )
