"""Several providers of one channel: the first that can be reached sends, and what it definitely did not take moves on
to the next. What it may have taken stays where it is, so that nothing leaves twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from math import inf
from time import monotonic

from shared.domain.scope import Scope
from shared.domain.sms import Tariff
from shared.ports import NONE_SENT, Channel, Outgoing, Proof, Receipt, Sent, Session


class FailoverChannel:
    """Paced as the slowest of them and priced as the dearest, so that neither limit nor budget is ever exceeded.

    Raises ValueError without any."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        if not channels:
            raise ValueError("there must be a channel to send over")
        self._channels = channels
        self.name = channels[0].name
        self.rate_per_second = min(channel.rate_per_second for channel in channels)
        self.cost_micros = max(channel.cost_micros for channel in channels)
        tariffs = [channel.tariff for channel in channels if channel.tariff]
        self.tariff = Tariff(max(t[0] for t in tariffs), min(t[1] for t in tariffs)) if tariffs else None
        self.reported_as = next((each.reported_as for each in channels if each.reported_as), None)

    def refusal(self) -> str | None:
        """That of any: each may have to send."""
        return next((why for channel in self._channels if (why := channel.refusal())), None)

    @contextmanager
    def session(self, scope: Scope) -> Iterator[_Sessions]:
        with ExitStack() as opened:
            yield _Sessions([opened.enter_context(channel.session(scope)) for channel in self._channels])

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """Taken if one of them took it; given up if one did and none took it; absent only if each can swear to it."""
        found = [channel.evidence(scope, keys, sent) for channel in self._channels]
        proofs = {key: _together([each.get(key) for each in found]) for key in keys}
        return {key: proof for key, proof in proofs.items() if proof}


class _Sessions:
    """One session of each provider, in the order of preference."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self._sessions = sessions
        self._reached: list[Session] = list(sessions)

    def unreachable(self) -> str | None:
        said = [(session, session.unreachable()) for session in self._sessions]
        self._reached = [session for session, why in said if why is None]
        return None if self._reached else "; ".join(str(why) for _, why in said)

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> Iterator[Receipt]:
        """A receipt that is `deferred` is of the last that was asked."""
        left, until = {message.key: message for message in messages}, monotonic() + within
        sessions = self._reached or list(self._sessions)
        for n, session in enumerate(sessions, 1):
            if not left:
                return
            for receipt in session.send(list(left.values()), until - monotonic()):
                if receipt.state != "deferred" or n == len(sessions):
                    del left[receipt.key]
                    yield receipt


def _together(proofs: Sequence[Proof | None]) -> Proof | None:
    certain = next((each for each in _CERTAIN if each in proofs), None)
    return certain or ("absent" if all(proof == "absent" for proof in proofs) else None)


_CERTAIN: tuple[Proof, ...] = ("accepted", "failed")
