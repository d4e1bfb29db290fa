"""The key with which the mail of one sender domain is signed (RFC 6376, rule C7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def is_dns_name(text: str) -> bool:
    """True for a host name in lower-case ASCII, as DNS holds it and a file may be called."""
    return len(text) <= 200 and _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class DkimKey:
    """An RSA key by the name of its public half, `<selector>._domainkey.<domain>`. The names are in lower-case ASCII
    (IDNA); `private_key` is PEM, and never shown. Raises ValueError naming the field that is no DNS name."""

    domain: str
    selector: str
    private_key: str = field(repr=False)

    def __post_init__(self) -> None:
        for name, value in (("domain", self.domain), ("selector", self.selector)):
            if not is_dns_name(value):
                raise ValueError(f"{name} {value[:60]!r} must be a DNS name in lower-case ASCII")
        if "." not in self.domain:
            raise ValueError(f"domain {self.domain!r} must have a dot")
