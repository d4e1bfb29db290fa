"""Is a host this machine? However it is written: a system also connects to 127.1, 0x7f000001 and ::ffff:127.0.0.1."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

_PART = r"(?:0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9})"
_PARTS = re.compile(rf"{_PART}(?:\.{_PART}){{0,3}}")


def is_loopback(host: str) -> bool:
    """True for this machine. A name but `localhost` is not: what it leads to may change."""
    name = host.rstrip(".").lower()
    address = _address(name)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return name == "localhost" or (address is not None and address.is_loopback)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return _short(name) if _PARTS.fullmatch(name) else None


def _short(name: str) -> IPv4Address | None:
    """As inet_aton(3) reads it: decimal, octal or hexadecimal parts, the last of which fills what is left."""
    *first, last = (int(part, 16 if part[1:2] == "x" else 8 if part[0] == "0" else 10) for part in name.split("."))
    room = 4 - len(first)
    if any(part > 255 for part in first) or last >= 256**room:
        return None
    return IPv4Address(bytes(first) + last.to_bytes(room, "big"))
