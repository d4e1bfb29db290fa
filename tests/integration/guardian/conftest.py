"""A home whose mail leaves for the world through mail.relay.example, and a name server that says what a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.adapters.dns.resolver import DnsResolver
from shared.domain.relay import Relay
from shared.domain.spf import Source
from shared.ports import Ports
from shared.render.dkim import dns_record
from tests.integration.agents.conftest import SCOPE, hand, people, ports
from tests.servers.dns_server import DnsServer, dns_server

__all__ = ["hand", "people", "ports"]
DOMAIN = "praxis.example"
RELAY = Relay("mail.relay.example", (Source(include="spf.relay.example"),))


@pytest.fixture
def world() -> Iterator[DnsServer]:
    with dns_server() as server:
        server.txt("spf.relay.example", "v=spf1 ip4:192.0.2.0/24 -all")
        server.zone["mail.relay.example", "A"] = ["192.0.2.25"]
        yield server


@pytest.fixture
def outward(ports: Ports, world: DnsServer) -> Ports:
    """As it is once BATON_SMTP_URL names a server of the world."""
    return replace(ports, relays=(RELAY,), resolver=DnsResolver(world.place, seconds=0.5))


def publish(world: DnsServer, ports: Ports, domain: str = DOMAIN) -> None:
    """Everything that a domain needs."""
    from shared.agents.guardian.domains import check

    if not ports.dkim.of(SCOPE, domain):
        check(ports, SCOPE, domain, "ann")
    key = dns_record(ports.dkim.of(SCOPE, domain)[0])
    world.txt(key.name, key.value)
    world.txt(domain, "v=spf1 include:spf.relay.example ~all")
    world.txt(f"_dmarc.{domain}", "v=DMARC1; p=none; rua=mailto:dmarc@praxis.example")
    check(ports, SCOPE, domain, "ann")
