"""Which addresses a request to somebody else's URL may go to: those of the open internet (trust 4.3).

What a URL looks like proves nothing (`0x7f.1`, `2130706433` and any name can be the loopback), so addresses are
judged, after resolution, every one of them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port -> its addresses. Raises OSError."""

PORTS = (80, 443)
_UNICAST = IPv6Network("2000::/3")
"""Everything global in IPv6 lies here; NAT64 (64:ff9b::), a way to any IPv4 address, does not."""
_CLOSED = tuple(map(IPv4Network, ("168.63.129.16/32", "100.64.0.0/10", "192.0.0.0/24")))
"""Global by the registries, and not the open internet: Azure's platform address, shared address space."""


class Forbidden(Exception):
    """No request goes there; the reason is fit for whoever configured it."""


def checked(host: str, port: int, resolve: Resolve, allowed: Collection[tuple[str, int]] = ()) -> str:
    """The address to connect to. Raises Forbidden if the port or any address of the host is, OSError if there is none.

    `allowed` are (address, port) pairs that whoever runs Baton opens on purpose."""
    addresses = [address.partition("%")[0] for address in resolve(host, port)]
    if not addresses:
        raise OSError("it has no address")
    for address in addresses:
        if (address, port) in allowed:
            continue
        if port not in PORTS:
            raise Forbidden(f"port {port} is not open to webhooks; only {' and '.join(map(str, PORTS))} are")
        if not _is_open(ip_address(address)):
            raise Forbidden("its address is not one of the open internet")
    return addresses[0]


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that the system knows, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    inner = _wrapped(address)
    if inner:
        return all(_is_open(each) for each in inner)
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    if isinstance(address, IPv6Address):
        return address.is_global and not odd and address in _UNICAST
    return address.is_global and not odd and not any(address in net for net in _CLOSED)


def _wrapped(address: IPv4Address | IPv6Address) -> Sequence[IPv4Address]:
    """IPv4 addresses that an IPv6 one stands for: mapped, 6to4, Teredo."""
    if isinstance(address, IPv4Address):
        return ()
    return [each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each]
