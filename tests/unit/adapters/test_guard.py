"""Where a webhook may go: only to the open internet, whatever its URL looks like."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters._http.guard import Forbidden, checked, resolve

CLOSED = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # metadata of clouds
    "168.63.129.16",  # Azure's platform
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.0.192",
    "::1",
    "::",
    "::7f00:1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",  # NAT64 of the metadata address
    "64:ff9b:1::1",
    "2002:7f00:1::1",  # 6to4 of the loopback
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1",  # Teredo
    "2001:db8::1",
]
LOOPBACK_IN_DISGUISE = ["0x7f.1", "2130706433", "127.1", "017700000001", "localhost"]


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_not_the_open_internet(address: str) -> None:
    with pytest.raises(Forbidden):
        checked("hook.example", 443, lambda host, port: [address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_that_are(address: str) -> None:
    assert checked("hook.example", 443, lambda host, port: [address]) == address


@pytest.mark.parametrize("host", LOOPBACK_IN_DISGUISE)
def test_the_loopback_in_every_disguise_that_the_system_resolves(host: str) -> None:
    with pytest.raises(Forbidden):
        checked(host, 443, resolve)


def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(Forbidden):
        checked("hook.example", 443, lambda host, port: ["93.184.216.34", "10.0.0.1"])


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 41002])
def test_only_ports_of_the_web(port: int) -> None:
    with pytest.raises(Forbidden):
        checked("hook.example", port, lambda host, port: ["93.184.216.34"])


def test_what_is_allowed_is_one_address_and_one_port() -> None:
    allowed = [("127.0.0.1", 8443)]
    assert checked("hook.example", 8443, lambda host, port: ["127.0.0.1"], allowed) == "127.0.0.1"
    for address, port in (("127.0.0.1", 443), ("127.0.0.2", 8443), ("10.0.0.1", 8443)):
        with pytest.raises(Forbidden):
            checked("hook.example", port, lambda host, port, found=address: [found], allowed)


def test_no_address_is_no_address() -> None:
    with pytest.raises(OSError, match="no address"):
        checked("hook.example", 443, lambda host, port: [])


@given(st.integers(0, 2**32 - 1))
def test_no_disguise_of_ipv6_opens_what_is_closed_in_ipv4(number: int) -> None:
    plain = ip_address(number)
    six_to_four = ip_address((0x2002 << 112) | (number << 80))
    for address in (ip_address((0xFFFF << 32) | number).exploded, f"::ffff:{plain}", str(six_to_four)):
        try:
            checked("hook.example", 443, lambda host, port, found=address: [found])
        except Forbidden:
            continue
        assert checked("hook.example", 443, lambda host, port: [str(plain)]) == str(plain)
        assert not any(plain in ip_network(net) for net in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16"))
