"""The world beyond this machine, on the loopback: a name server and a mail server that is none of this machine's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import dns.zone

from tests.servers.dns_server import DnsServer, dns_server
from tests.servers.smtp_strict import Manner, Record, authority, strict_server


class World(NamedTuple):
    """What is told of DNS, what its mail server took, and the settings that make a home know both."""

    dns: DnsServer
    mail: Record
    settings: dict[str, str]

    def enter(self, lines: list[str]) -> None:
        """Enter records as a name server's operator does: the lines of a zone file, as they are."""
        zone = dns.zone.from_text("\n".join(["$ORIGIN .", "$TTL 60", *lines]), relativize=False, check_origin=False)
        for name, _, data in zone.iterate_rdatas("TXT"):
            self.dns.zone[name.to_text(omit_final_dot=True), "TXT"] = [data.to_text()]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """0.0.0.0 leads to this machine and is no loopback address, so mail through it leaves for the world."""
    trusted = authority(folder)
    with dns_server() as names, strict_server(Manner(tls=trusted.context)) as mail:
        settings = {
            "BATON_DNS_SERVER": f"127.0.0.1:{names.place[1]}",
            "BATON_SMTP_URL": f"smtp://0.0.0.0:{mail.port}?ca={trusted.ca_file}",
            "BATON_SMTP_SPF": "ip4:192.0.2.25",
            "BATON_PUBLIC_URL": "https://studio.example",
        }
        yield World(names, mail, settings)
