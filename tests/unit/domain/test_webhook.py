from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.webhook import TOLERANCE_SECONDS, sign_webhook, verified_webhook, webhook_secret

NOW = datetime(2027, 3, 2, 8, tzinfo=UTC)
SECRET = webhook_secret(b"k" * 32, "local~main")
BODY = b'{"a": 1}'


def test_the_specifications_own_example_is_verified() -> None:
    """standard-webhooks/spec: secret, id, time, payload and signature as its libraries test them."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verified_webhook([secret], headers, body, datetime.fromtimestamp(1614265330, UTC))


def test_signed_is_verified_within_five_minutes_by_any_of_the_secrets() -> None:
    headers = sign_webhook(SECRET, "m1", NOW, BODY)
    for seconds in (-TOLERANCE_SECONDS, 0, TOLERANCE_SECONDS):
        assert verified_webhook(["whsec_AAAA", SECRET], headers, BODY, NOW + timedelta(seconds=seconds)) == "m1"
    for seconds in (-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1):
        assert verified_webhook([SECRET], headers, BODY, NOW + timedelta(seconds=seconds)) is None


def test_another_secret_body_id_or_time_is_not_signed() -> None:
    headers = sign_webhook(SECRET, "m1", NOW, BODY)
    later = str(int(NOW.timestamp()) + 1)
    assert verified_webhook([webhook_secret(b"k" * 32, "local~other")], headers, BODY, NOW) is None
    assert verified_webhook([SECRET], headers, BODY + b" ", NOW) is None
    assert verified_webhook([SECRET], {**headers, "webhook-id": "m2"}, BODY, NOW) is None
    assert verified_webhook([SECRET], {**headers, "webhook-timestamp": later}, BODY, NOW) is None
    assert verified_webhook([], headers, BODY, NOW) is None


@pytest.mark.parametrize("field", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@given(garbage=st.text())
def test_garbage_is_not_signed_and_never_an_error(field: str, garbage: str) -> None:
    headers = sign_webhook(SECRET, "m1", NOW, BODY)
    if garbage != headers[field]:
        assert verified_webhook([SECRET], {**headers, field: garbage}, b"\xff\xfe", NOW) is None
