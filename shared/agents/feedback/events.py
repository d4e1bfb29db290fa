"""Events of Azure Communication Services as Event Grid brings them, and of Twilio; unknown kinds are nobody's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.agents.feedback.news import News, What
from shared.domain.bounce import status_of
from shared.domain.returns import names_in

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"

_ENDS: dict[str, tuple[What, str]] = {
    "delivered": ("delivered", ""),
    "expanded": ("delivered", ""),
    "bounced": ("bounced", "5.1.1"),
    "suppressed": ("bounced", "5.1.1"),
    "filteredspam": ("bounced", "5.7.1"),
    "quarantined": ("bounced", "5.7.1"),
    "failed": ("bounced", ""),
}
"""Status of a delivery report -> what it is, and the code that stands for it if the details name none. Bounced is a
hard bounce there, and Suppressed an earlier one."""


_TEXT_ENDS: dict[str, What] = {"delivered": "delivered", "failed": "undelivered"}
_TWILIO_ENDS: dict[str, What] = {
    **dict.fromkeys(("queued", "accepted", "scheduled", "sending", "sent"), "taken"),
    **dict.fromkeys(("delivered", "read"), "delivered"),
    **dict.fromkeys(("failed", "undelivered", "canceled"), "undelivered"),
}
_FREE = ("failed", "canceled")
"""Twilio charges nothing for what it never gave to a carrier."""
_OPTED_OUT = "21610"
_CODE = re.compile(r"[^A-Za-z0-9 .:_-]|\d{5,}")
"""What is left out of a provider's words: they may hold a number."""
_MOST_SEGMENTS = 100


class Text(NamedTuple):
    """A text message that came in."""

    phone: str
    text: str


def validation_code(events: Sequence[dict[str, Any]]) -> str | None:
    """What Event Grid wants to hear back when it is told to bring events here; None if it does not ask."""
    for event in events:
        code = _data(event).get("validationCode") if event.get("eventType") == _VALIDATION else None
        if isinstance(code, str) and 0 < len(code) <= 500:
            return code
    return None


def read_event(event: dict[str, Any]) -> News | Text | None:
    """What one event says. Never raises, whatever is in it."""
    data = _data(event)
    names = tuple(names_in(f"{_text(data, 'internetMessageId')} {_text(data, 'InternetMessageId')}"))
    match event.get("eventType"):
        case "Microsoft.Communication.EmailDeliveryReportReceived":
            return _delivery(data, names)
        case "Microsoft.Communication.SMSDeliveryReportReceived":
            return _text_report(data)
        case "Microsoft.Communication.EmailEngagementTrackingReportReceived":
            return News("seen", names)
        case "Microsoft.Communication.SMSReceived":
            phone, text = _text(data, "from") or _text(data, "From"), _text(data, "message") or _text(data, "Message")
            return Text(phone, text) if phone and text else None
        case _:
            return None


def read_twilio(about: Mapping[str, str], form: Mapping[str, str]) -> list[News | Text]:
    """What Twilio tells of a message of ours (`about`: what its address says of it), or of one that came in."""
    if form.get("Body") is not None and form.get("From"):
        return [Text(form["From"][:40], form["Body"][:5000])]
    status, code = form.get("MessageStatus", "").lower(), form.get("ErrorCode", "")
    what = _TWILIO_ENDS.get(status)
    if what is None:
        return []
    known = about.get("segments", "")
    segments = int(known) if known.isdecimal() and len(known) < 3 else None
    said = f"{status} {code}".strip() if code.isdecimal() or not code else status
    news = News(
        what, tuple(names_in(about.get("message", ""))), status=said[:60], segments=0 if status in _FREE else segments
    )
    stopped = [Text(form["To"][:40], "STOP")] if code == _OPTED_OUT and form.get("To") else []
    return [news, *stopped]


def _delivery(data: dict[str, Any], names: tuple[str, ...]) -> News | None:
    found = _ENDS.get(_text(data, "status").lower())
    if found is None:
        return None
    what, stands_for = found
    details = data.get("deliveryStatusDetails")
    said = status_of(_text(details, "statusMessage")) if isinstance(details, dict) else None
    status = (said or stands_for) if what == "bounced" else ""
    return News(what, names, ids=(_text(data, "messageId") or _text(data, "MessageId"),), status=status)


def _text_report(data: dict[str, Any]) -> News | None:
    """What became of a text message: its tag is the name that was signed for it. Property names come in both cases."""
    told = {str(name).lower(): value for name, value in data.items()}
    what = _TEXT_ENDS.get(_text(told, "deliverystatus").lower())
    if what is None:
        return None
    names, details = tuple(names_in(_text(told, "tag"))), _text(told, "deliverystatusdetails")
    status = _CODE.sub("", details)[:60] if what == "undelivered" else ""
    return News(what, names, status=status, segments=_segments(told.get("deliveryattempts")))


def _segments(attempts: object) -> int | None:
    """Of the last attempt."""
    last = attempts[-1] if isinstance(attempts, list) and attempts else None
    if not isinstance(last, dict):
        return None
    told = {str(name).lower(): value for name, value in last.items()}
    counts = [told.get(name) for name in ("segmentssucceeded", "segmentsfailed")]
    found = [each for each in counts if isinstance(each, int) and 0 <= each <= _MOST_SEGMENTS]
    return sum(found) if found else None


def _data(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    return data if isinstance(data, dict) else {}


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value[:5000] if isinstance(value, str) else ""
