"""A small name server on the loopback, over UDP and TCP: it answers from a table, and fails as name servers fail."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

CHAIN = 12
"""So far it follows aliases, as a resolver of a provider does."""


class DnsServer:
    """`zone`: (name, type) -> values as in a zone file, or one of the troubles. Change it at any time.

    Troubles: `SERVFAIL`, `REFUSED`, `silence` (no answer at all), `garbage` (octets that are no message). What does not
    fit into what the asker takes by UDP is cut off (TC) there, and whole by TCP."""

    def __init__(self) -> None:
        self.zone: dict[tuple[str, str], list[str] | str] = {}
        self.asked: Counter[tuple[str, str, str]] = Counter()
        """(name, type, `udp` or `tcp`) -> how often."""
        self.place = ("127.0.0.1", 0)

    def txt(self, name: str, *texts: str) -> None:
        """Texts of any length, each one record of strings of 255 octets."""
        self.zone[name, "TXT"] = [
            " ".join('"{}"'.format(t[at : at + 255].replace('"', '\\"')) for at in range(0, max(1, len(t)), 255))
            for t in texts
        ]

    def answer(self, octets: bytes, by: str) -> bytes | None:
        """The answer to one question; None: silence."""
        query = dns.message.from_wire(octets)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked[name, kind, by] += 1
        response = dns.message.make_response(query, recursion_available=True)
        trouble = self._fill(response, name, kind)
        if trouble == "silence":
            return None
        if trouble == "garbage":
            return octets[:2] + b"\xff" * 40
        if trouble is not None:
            response.set_rcode(dns.rcode.from_text(trouble))
        whole = response.to_wire(max_size=65535)
        room = max(512, query.payload) if by == "udp" else 65535
        if len(whole) <= room:
            return whole
        short = dns.message.make_response(query, recursion_available=True)
        short.flags |= dns.flags.TC
        return short.to_wire()

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> str | None:
        for _ in range(CHAIN):
            found = self.zone.get((name, kind))
            if isinstance(found, str):
                return found
            if found is not None:
                response.answer.append(dns.rrset.from_text_list(name + ".", 60, "IN", kind, found))
                return None
            alias = self.zone.get((name, "CNAME"))
            if not isinstance(alias, list):
                exists = any(each == name or each.endswith("." + name) for each, _ in self.zone)
                return None if exists or response.answer else "NXDOMAIN"
            response.answer.append(dns.rrset.from_text_list(name + ".", 60, "IN", "CNAME", alias))
            name = alias[0].rstrip(".")
        return None


@contextmanager
def dns_server() -> Iterator[DnsServer]:
    """One that runs until the block ends, at `place`: the same port for UDP and TCP."""
    server = DnsServer()
    tcp = _Tcp(("127.0.0.1", 0), _Stream)
    udp = _Udp(tcp.server_address, _Datagram)
    server.place = ("127.0.0.1", tcp.server_address[1])
    threads = []
    for each in (tcp, udp):
        each.dns = server  # type: ignore[attr-defined]
        threads.append(threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.02}))
        threads[-1].start()
    try:
        yield server
    finally:
        for each in (tcp, udp):
            each.shutdown()
            each.server_close()
        for thread in threads:
            thread.join()


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    max_packet_size = 65535


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        octets, sock = self.request
        said = self.server.dns.answer(octets, "udp")  # type: ignore[attr-defined]
        if said is not None:
            sock.sendto(said, self.client_address)


class _Stream(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        sock: socket.socket = self.request
        head = _exactly(sock, 2)
        while head:
            octets = _exactly(sock, struct.unpack("!H", head)[0])
            said = self.server.dns.answer(octets, "tcp")  # type: ignore[attr-defined]
            if said is None:
                return
            sock.sendall(struct.pack("!H", len(said)) + said)
            head = _exactly(sock, 2)


def _exactly(sock: Any, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        more = sock.recv(count - len(octets))
        if not more:
            return b""
        octets += more
    return octets
