"""Macros in names of an SPF record (RFC 7208 section 7)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

_MACRO = re.compile(r"%(?:\{([slodiphv])(\d{0,3})(r?)([.+,/_=-]*)\}|([%_-]))", re.IGNORECASE)
_PLAIN = {"%": "%", "_": " ", "-": "%20"}
_LOCAL = "postmaster"
"""Who stands for every sender; what decides by the sender's name decides about nobody's mail here."""


def expand(spec: str, domain: str, address: IPv4Address | IPv6Address | None) -> str:
    """The name that a `domain-spec` means for mail of `domain` from this address. Never raises: what is no macro stays
    as it is, and is then no name that DNS could hold."""
    values = {
        "s": f"{_LOCAL}@{domain}",
        "l": _LOCAL,
        "o": domain,
        "d": domain,
        "h": domain,
        "p": "unknown",
        "i": _dotted(address) if address else "unknown",
        "v": "ip6" if address and address.version == 6 else "in-addr",
    }
    expanded = _MACRO.sub(lambda found: _PLAIN[found[5]] if found[5] else _value(values, found), spec[:500])
    while len(expanded) > 253 and "." in expanded:
        expanded = expanded.partition(".")[2]
    return expanded


def _value(values: dict[str, str], found: re.Match[str]) -> str:
    text, count, reverse, delimiters = values[found[1].lower()], found[2], found[3], found[4] or "."
    parts = re.split(f"[{re.escape(delimiters)}]", text)
    if reverse:
        parts.reverse()
    return ".".join(parts[-int(count) :] if count and int(count) else parts)


def _dotted(address: IPv4Address | IPv6Address) -> str:
    return str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))
