"""The channel that a campaign leaves over; also one whose setting was taken away while the campaign was under way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import inf
from typing import Any

from shared.agents.records import change, load, note
from shared.domain.campaign import ENDED, Campaign
from shared.domain.scope import Scope
from shared.ports import NONE_SENT, Channel, Outgoing, Ports, Proof, Receipt, Sent

NOT_SET_UP: Mapping[str, str] = {
    "email": "e-mail is not set up: set BATON_SMTP_URL or BATON_EMAIL_URL",
    "sms": "text messages are not set up: set BATON_SMS_URL",
    "webhook": "no webhook is set up: set BATON_WEBHOOK_URL and BATON_WEBHOOK_SECRET",
    "chat": "no chat is set up: set BATON_CHAT_URL",
    "social": "no account of a social network is set up: set BATON_SOCIAL_URL",
}
"""Why a channel that is not configured cannot be used, with the fix."""


def refusals(ports: Ports) -> dict[str, str | None]:
    """Every channel, and why no campaign can go over it now; None: it can."""
    return {
        name: ports.channels[name].refusal() if name in ports.channels else missing
        for name, missing in NOT_SET_UP.items()
    }


def channel_of(ports: Ports, campaign: Campaign) -> Channel:
    """The campaign's channel."""
    return channel_named(ports, campaign.request.channels[0])


def channel_named(ports: Ports, name: str) -> Channel:
    """One that is not set up (any more) takes nothing, proves nothing and says what to set."""
    return ports.channels.get(name) or _Absent(name)


def stand_still(ports: Ports, scope: Scope, id: str, by: str, why: str, data: Mapping[str, Any]) -> None:
    """Say on the campaign why nothing can leave, and note it once. Lateness does not count while it is being tried."""
    now = ports.clock.now()

    def show(found: Campaign) -> None:
        if found.status in ENDED or found.status in ("paused", "missed"):
            return
        found.status_reason = f"waiting: {why}"
        if found.status in ("scheduled", "sending"):
            found.resumed_at = now

    if load(ports, scope, id).status_reason is None:
        note(ports, scope, id, by, "unreachable", data)
    change(ports, scope, id, show)


class _Absent:
    """A channel without its setting. Nothing is ever handed to it: whoever sends asks `refusal` before."""

    tariff = None
    reported_as = None
    rate_per_second = 1.0
    cost_micros = 0

    def __init__(self, name: str) -> None:
        self.name = name

    def refusal(self) -> str:
        return NOT_SET_UP[self.name]

    @contextmanager
    def session(self, scope: Scope) -> Iterator[_Absent]:
        yield self

    def unreachable(self) -> str:
        return self.refusal()

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> list[Receipt]:
        return [Receipt(each.key, each.attempt, "deferred", detail=self.refusal()) for each in messages]

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        return {}
