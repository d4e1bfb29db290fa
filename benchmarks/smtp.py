"""Our SMTP session beside smtplib on one kept connection (the yardstick) and a bare pipelined client (the floor: it
looks at no reply but the last). `python -m benchmarks.smtp [--messages N] [--rounds N]` runs them interleaved, at no
latency and at 20 ms, counts what the sink holds after each, and prints one JSON line a case."""

from __future__ import annotations

import argparse
import json
import smtplib
import socket
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter

from shared.adapters.channels.smtp import SmtpChannel
from shared.domain.scope import Scope
from shared.ports import Outgoing
from tests.servers.smtp_sink import count, sink

SENDER = "hello@nordlicht.example"
WINDOW = 100
Case = Callable[[int, list[Outgoing]], None]


def messages(case: str, amount: int) -> list[Outgoing]:
    line = b"The quick brown fox jumps over the lazy dog and has a look at this week's news.\r\n"
    made = []
    for n in range(amount):
        head = f"From: {SENDER}\r\nSubject: {n}\r\nBaton-Effect: {case}{n}\r\n\r\n".encode()
        made.append(Outgoing(f"{case}{n}", 1, SENDER, f"p{n}@example.com", head + line * 120))
    return made


def ours(connections: int) -> Case:
    def run(port: int, outgoing: list[Outgoing]) -> None:
        channel = SmtpChannel(f"smtp://127.0.0.1:{port}?connections={connections}", "")
        with channel.session(Scope("local", "main")) as session:
            for start in range(0, len(outgoing), WINDOW):
                assert all(receipt.state == "accepted" for receipt in session.send(outgoing[start : start + WINDOW]))

    return run


def smtplib_kept(port: int, outgoing: list[Outgoing]) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        for message in outgoing:
            client.sendmail(message.sender, [message.recipient], message.message)


def bare(port: int, outgoing: Iterable[Outgoing]) -> None:
    """MAIL, RCPT and DATA together, then the text: two round trips a message on a blocking socket."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.recv(4096)
        client.sendall(b"EHLO bench\r\n")
        client.recv(4096)
        for message in outgoing:
            envelope = f"MAIL FROM:<{message.sender}>\r\nRCPT TO:<{message.recipient}>\r\nDATA\r\n"
            client.sendall(envelope.encode())
            heard = b""
            while b"354" not in heard:
                heard += client.recv(4096)
            client.sendall(message.message.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            client.recv(4096)


def rate(case: Case, name: str, amount: int, latency_ms: int) -> float:
    outgoing = messages(name, amount)
    with tempfile.TemporaryDirectory() as folder, sink(Path(folder), latency_ms) as port:
        began = perf_counter()
        case(port, outgoing)
        took = perf_counter() - began
        held = count(Path(folder))
    assert held == {message.key: 1 for message in outgoing}, "the sink holds something else than was sent"
    return amount / took


def compare(amount: int, rounds: int, latency_ms: int) -> None:
    cases: dict[str, Case] = {
        "smtplib": smtplib_kept,
        "bare": bare,
        "ours1": ours(1),
        "ours4": ours(4),
        "ours10": ours(10),
    }
    rates: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            rates[name].append(rate(case, name, amount, latency_ms))
    yardstick, floor = median(rates["smtplib"]), median(rates["bare"])
    for name, found in rates.items():
        line = {
            "benchmark": "smtp",
            "case": name,
            "latency_ms": latency_ms,
            "messages": amount,
            "octets": len(messages(name, 1)[0].message),
            "per_second": round(median(found)),
            "min": round(min(found)),
            "max": round(max(found)),
            "ratio_to_smtplib": round(median(found) / yardstick, 2),
            "ratio_to_floor": round(median(found) / floor, 2),
        }
        print(json.dumps(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    compare(asked.messages, asked.rounds, 0)
    compare(max(WINDOW, asked.messages // 50), asked.rounds, 20)


if __name__ == "__main__":
    main()
