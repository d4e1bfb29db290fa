"""Questions to a name server, over UDP and, for long answers, TCP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING

from shared.domain.dns import RecordType, Unanswered, is_name

if TYPE_CHECKING:
    from dns.resolver import Resolver

_PLACE = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::(\d{1,5}))?")
_MOST = 100
"""Records of one answer that are looked at."""


def server_of(text: str) -> tuple[str, int]:
    """`192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:5353` as address and port. Raises ValueError."""
    found = _PLACE.fullmatch(text.strip())
    try:
        host, digits = (found[1] or found[2], found[3]) if found else (text.strip(), None)
        number = int(digits or 53)
        if not 0 < number < 65_536:
            raise ValueError
        return str(ip_address(host)), number
    except ValueError:
        raise ValueError("must be the address of a name server, such as 192.0.2.53 or 192.0.2.53:5353") from None


class DnsResolver:
    """Asks `server` (address, port), or those that the system asks. `seconds`: so long an
    answer may take, with its repetitions. Threads may share it."""

    def __init__(self, server: tuple[str, int] | None = None, seconds: float = 5.0) -> None:
        self._server, self._seconds = server, seconds

    def lookup(self, name: str, kind: RecordType) -> Sequence[str]:
        """Raises Unanswered, also for a name that cannot be asked."""
        from dns.exception import DNSException
        from dns.resolver import NXDOMAIN

        if not is_name(name.rstrip(".")):
            raise Unanswered(f"{name[:60]!r} is no name that DNS could hold")
        try:
            answer = self._resolver.resolve(
                name.rstrip(".") + ".", kind, lifetime=self._seconds, raise_on_no_answer=False, search=False
            )
            return [_text(each, kind) for each in list(answer.rrset or ())[:_MOST]]
        except NXDOMAIN:
            return []
        except (DNSException, OSError, ValueError) as error:
            raise Unanswered(f"DNS gave no answer about {name}: {type(error).__name__}") from None

    @cached_property
    def _resolver(self) -> Resolver:
        from dns.resolver import Resolver

        made = Resolver(configure=self._server is None)
        if self._server is not None:
            made.nameservers, made.port = [self._server[0]], self._server[1]
        made.timeout = self._seconds / 2
        made.use_edns(0, 0, 1232)
        return made


def _text(record: object, kind: RecordType) -> str:
    match kind:
        case "TXT":
            return b"".join(record.strings).decode("utf-8", "replace")  # type: ignore[attr-defined]
        case "MX":
            return str(record.exchange).rstrip(".")  # type: ignore[attr-defined]
        case _:
            return str(record)
