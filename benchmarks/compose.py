"""Writing one person's message, on one core (B6): filling in, MIME, DKIM. `python -m benchmarks.compose`.

Interleaved: ours, by windows as Baton sends, signed and unsigned; ours in two threads, to see what they cost each
other; the pipeline that one would write first (jinja2 compiled once, `email.message`, dkimpy), signed and unsigned;
and the floor, one bare RSA-2048 signature of 32 octets. Each signed message is read by dkimpy once. One JSON line a
case."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from statistics import median
from time import perf_counter, process_time

import dkim
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jinja2 import Environment

from shared.domain.draft import Draft
from shared.ports import CLAIMS_MOST
from shared.render.dkim import Signer, dns_record, make_key
from shared.render.mail import Mail, mail, octets_of
from shared.render.personal import Personal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = make_key("praxis.example", "bench")
SENDER = "hallo@praxis.example"
HEADERS = (
    b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip

_GREETING = 'Dear {{ first_name | default("friend", true) }}, greetings to {{ city | default("you", true) }}.'
_SENTENCE = "Six evenings for your back, with a physiotherapist who watches every movement and knows when to stop. "
HTML = (
    f'<!doctype html><html><body style="margin:0;font-family:Georgia,serif"><p>{_GREETING}</p>'
    + "".join(f'<p style="margin:0 0 16px;line-height:1.5">{_SENTENCE * 2}</p>' for _ in range(13))
    + '<p><a href="{{ links[0] }}">Book</a> <a href="{{ links[1] }}">Ask</a> <a href="{{ links[2] }}">Read</a></p>'
    + '<p>Praxis, 1 Mill Road, Leeds. <a href="{{ unsubscribe }}">Unsubscribe</a></p></body></html>'
)
TEXT = (
    f"{_GREETING}\n\n"
    + f"{_SENTENCE}\n\n" * 24
    + "{{ links[0] }}\n{{ links[1] }}\n1 Mill Road, Leeds\n{{ unsubscribe }}\n"
)
SUBJECT = '{{ first_name | default("Friend", true) }}, six evenings for your back'
DRAFT = Draft(
    campaign="bench", version=1, variant="A", subject=SUBJECT, preheader="It starts on Tuesday", html=HTML, text=TEXT,
    links=["https://praxis.example/book"] * 3, written_by="bench",
)  # fmt: skip

Compose = Callable[[int], list[bytes]]
"""From a number, the message to that person; ours, as Baton does it, to a whole window of persons from there on."""


def _fields(n: int) -> dict[str, object]:
    return {"first_name": f"Zoë {n}", "city": "Leeds & Bradford", "attributes": {}}


def _links(n: int) -> list[str]:
    """Everybody has their own; the last one unsubscribes."""
    token = f"{n:0120}"
    return [f"https://praxis.example/api/{place}/{token}" for place in ("c0", "c1", "c2", "u")]


def ours(signed: bool) -> Compose:
    personal, signer = Personal(DRAFT), Signer(KEY) if signed else None

    def written(n: int) -> Mail:
        *links, unsubscribe = _links(n)
        return mail(
            key=f"k{n}",
            sender_name="Praxis",
            sender_address=SENDER,
            recipient_name=f"Zoë {n}",
            recipient_address=f"zoe{n}@people.example",
            rendered=personal.render(_fields(n), links, unsubscribe, "https://praxis.example/api/o/x"),
            unsubscribe_url=unsubscribe,
            date=NOW,
        )

    return lambda first: octets_of([written(n) for n in range(first, first + CLAIMS_MOST)], signer)


def obvious(signed: bool) -> Compose:
    html, plain = Environment(autoescape=True).from_string(HTML), Environment(autoescape=False)
    text, subject = plain.from_string(TEXT), plain.from_string(SUBJECT)
    pem = KEY.private_key.encode()

    def compose(n: int) -> list[bytes]:
        *links, unsubscribe = _links(n)
        values = {**_fields(n), "links": links, "unsubscribe": unsubscribe}
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = f"Praxis <{SENDER}>", f"Zoë {n} <zoe{n}@people.example>"
        message["Subject"], message["Date"] = subject.render(values), format_datetime(NOW)
        message["Message-ID"] = f"<k{n}@praxis.example>"
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text.render(values))
        message.add_alternative(html.render(values), subtype="html")
        raw = message.as_bytes()
        if not signed:
            return [raw]
        return [bytes(dkim.sign(raw, b"bench", b"praxis.example", pem, include_headers=list(HEADERS))) + raw]

    return compose


def bare_rsa() -> Compose:
    private = load_pem_private_key(KEY.private_key.encode(), None)
    assert isinstance(private, RSAPrivateKey)
    return lambda n: [private.sign(n.to_bytes(32, "big"), PKCS1v15(), hashes.SHA256())]


def rate(compose: Compose, seconds: float, threads: int = 1) -> float:
    """Messages for each second of a core over all threads: the time that others take away does not count."""

    def work(first: int) -> int:
        done = 0
        while perf_counter() < end:
            done += len(compose(first + done))
        return done

    began, end = process_time(), perf_counter() + seconds
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(work, range(0, threads * 10**6, 10**6))) / (process_time() - began)


def _check(compose: Compose) -> int:
    """Octets of a message, once dkimpy has read its signature."""
    record = dns_record(KEY)
    message = compose(1)[-1]
    assert dkim.verify(message, dnsfunc=lambda name, timeout=5: record.value.encode()), "the signature does not hold"
    return len(message)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    cases: dict[str, tuple[Compose, int]] = {
        "bare_rsa": (bare_rsa(), 1),
        "obvious": (obvious(signed=True), 1),
        "ours": (ours(signed=True), 1),
        "ours_2_threads": (ours(signed=True), 2),
        "obvious_unsigned": (obvious(signed=False), 1),
        "ours_unsigned": (ours(signed=False), 1),
    }
    octets = {name: _check(cases[name][0]) for name in ("obvious", "ours")}
    rates: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(asked.rounds):
        for name, (compose, threads) in cases.items():
            rates[name].append(rate(compose, asked.seconds, threads))
    for name, found in rates.items():
        line = {
            "benchmark": "compose",
            "case": name,
            "octets": octets.get(name.partition("_")[0]),
            "per_core_second": round(median(found)),
            "min": round(min(found)),
            "max": round(max(found)),
            "ratio_to_obvious": round(median(found) / median(rates["obvious"]), 1),
            "ratio_to_bare_rsa": round(median(found) / median(rates["bare_rsa"]), 2),
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
