from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from shared.domain.policy import Cap, Policy


def test_the_defaults_protect_people_and_hold_nobody_who_is_written_to_weekly() -> None:
    policy = Policy()
    assert policy.caps == [Cap(days=7, most=3)]
    assert (policy.apart_minutes, policy.holidays, policy.quota, policy.hours) == (60, False, {}, {})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"caps": [{"days": 0, "most": 1}]}, "days"),
        ({"caps": [{"days": 32, "most": 1}]}, "days"),
        ({"caps": [{"days": 1, "most": 0}]}, "most"),
        ({"hours": {"email": [18, 9]}}, "hours"),
        ({"hours": {"pigeon": [9, 18]}}, "pigeon"),
        ({"country": "Germany"}, "country"),
        ({"holidays": True}, "country"),
        ({"quota": {"email": 0}}, "quota"),
        ({"sender_domains": ["not a domain"]}, "sender_domains"),
        ({"topics": ["Über uns"]}, "topics"),
        ({"cap": []}, "cap"),
    ],
)
def test_a_wrong_policy_names_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Policy.model_validate(wrong)
