from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.loopback import is_loopback

HERE = [
    "localhost",
    "LOCALHOST.",
    "127.0.0.1",
    "127.8.9.1",
    "127.1",
    "0x7f.1",
    "0177.0.0.1",
    "2130706433",
    "0x7f000001",
    "::1",
    "::ffff:127.0.0.1",
]
ELSEWHERE = [
    "1",
    "10.0.0.1",
    "128.1",
    "mail.example",
    "localhost.example",
    "127.0.0.1.example",
    "256.1",
    "127.0.0.256",
    "0.0.0.0",
    "::",
    "::ffff:10.0.0.1",
    "0x",
    "08",
    "127..1",
    "4294967296",
]


@pytest.mark.parametrize("host", HERE)
def test_this_machine_however_it_is_written(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", [*ELSEWHERE, "", "127.1 x"])
def test_everything_else_is_the_world(host: str) -> None:
    assert not is_loopback(host)


@given(st.from_regex(r"(0x[0-9a-f]{1,8}|[0-9]{1,10})(\.(0x[0-9a-f]{1,3}|[0-9]{1,3})){0,3}", fullmatch=True))
def test_short_addresses_are_read_as_the_system_reads_them(host: str) -> None:
    try:
        packed = socket.inet_aton(host)
    except OSError:
        packed = b"\0"
    assert is_loopback(host) == (packed[0] == 127)
