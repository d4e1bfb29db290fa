"""Signatures of webhooks by the Standard Webhooks specification: HMAC-SHA-256 over id, time and the raw bytes; and
Twilio's own.

By hand, because the time that counts is the home's clock, and because whatever an attacker sends has to come out as
"not signed", never as another error."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"


def webhook_secret(key: bytes, purpose: str) -> str:
    """A secret that this home can compute again: `whsec_` and 32 bytes."""
    return (
        _PREFIX
        + base64.b64encode(hmac.new(key, f"baton-webhook-1|{purpose}".encode(), hashlib.sha256).digest()).decode()
    )


def sign_webhook(secret: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers."""
    seconds = str(int(at.timestamp()))
    return {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{_signature(secret, id, seconds, body)}",
    }


def verified_webhook(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
    """The message's id if one of the secrets signed these bytes, not longer than five minutes from now; else None.

    Header names are lower-case. Never raises."""
    id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not 0 < len(id) <= 200 or not _is_recent(seconds, now):
        return None
    given = [
        each.removeprefix("v1,") for each in headers.get("webhook-signature", "").split(" ") if each.startswith("v1,")
    ]
    expected = [_signature(secret, id, seconds, body).encode() for secret in secrets]
    matches = [hmac.compare_digest(one, other.encode(errors="replace")) for one in expected for other in given[:10]]
    return id if any(matches) else None


def twilio_signature(token: str, url: str, form: Iterable[tuple[str, str]]) -> str:
    """X-Twilio-Signature: HMAC-SHA-1, under the account's token, of the address and the sorted fields."""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(errors="replace"), hashlib.sha1).digest()).decode()


def verified_twilio(tokens: Iterable[str], given: str, url: str, form: Sequence[tuple[str, str]]) -> bool:
    """Did the owner of one of these tokens send this form to this address? Never raises."""
    expected = [twilio_signature(token, url, form).encode() for token in tokens]
    return any(hmac.compare_digest(each, given.encode(errors="replace")) for each in expected)


def _is_recent(seconds: str, now: datetime) -> bool:
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 12):
        return False
    return abs(now.timestamp() - int(seconds)) <= TOLERANCE_SECONDS


def _signature(secret: str, id: str, seconds: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX))
    except binascii.Error:
        raise ValueError("a webhook secret must be whsec_ and base64") from None
    signed = f"{id}.{seconds}.".encode(errors="replace") + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
