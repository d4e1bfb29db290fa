"""What is outside of the agency in its story: web sites, a mail server and a mailbox, Stripe. None of it dies when the
host is killed."""

from __future__ import annotations

import email
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.e2e.host.process import ROOT
from tests.servers.smtp_sink import kept
from tests.servers.stripe_server import StripeServer
from tests.servers.web import Web

_LINK = re.compile(r"https?://\S+/api/[qkn]/\S+")

HALM = """<html><head><title>Halm Dental, Leeds</title><script type="application/ld+json">{"@type": "Dentist",
"name": "Halm Dental", "address": {"addressLocality": "Leeds", "addressCountry": "GB"}, "founder": {"@type": "Person",
"name": "Ada Halm", "jobTitle": "Managing Director", "email": "ada@halm.example"}}</script></head>
<body><h1>Teeth</h1><p>&copy; 2018 Halm</p></body></html>"""
"""A site that could do with a new one, and says who decides."""


class Mail(NamedTuple):
    """As it arrived; `link` is the path of the address in it at which the client answers, if there is one."""

    to: str
    subject: str
    link: str
    id: str


class Post:
    """A mail server in a process of its own, at one port for ever, that can be down for a while."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, 0
        self.open()

    def open(self) -> None:
        command = [sys.executable, "-m", "tests.servers.smtp_sink", "--port", str(self.port), "--dir"]
        self._server = subprocess.Popen([*command, str(self._folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._server.stdout
        self.port = int(self._server.stdout.readline())

    def close(self) -> None:
        assert self._server.stdout
        self._server.kill()
        self._server.wait()
        self._server.stdout.close()

    def mails(self) -> list[Mail]:
        """In the order in which they arrived."""
        return [_mail(each.recipient, each.message) for each in kept(self._folder)]


@dataclass
class World:
    """`kern` is the site of another company; `returns` the mailbox to which answers come."""

    halm: Web
    kern: Web
    stripe: StripeServer
    post: Post
    returns: Path

    @property
    def settings(self) -> dict[str, str]:
        """For the agency's host."""
        return {
            "BATON_WEBHOOK_ALLOW": f"127.0.0.1:{self.halm.port} 127.0.0.1:{self.kern.port}",
            "BATON_DNS_SERVER": "127.0.0.1:9",
            "BATON_SMTP_URL": f"smtp://127.0.0.1:{self.post.port}?rate_per_second=2000",
            "BATON_MAILBOX_URL": f"maildir://{self.returns}",
            "BATON_BOOKS_URL": self.stripe.setting,
        }

    def answer(self, mail: Mail, text: str) -> None:
        """The person who got it answers."""
        said = f"""From: Ada Halm <{mail.to}>\r\nTo: hallo@nordlicht.example\r\nSubject: Re: {mail.subject}\r
Message-ID: <answer-1@halm.example>\r\nIn-Reply-To: {mail.id}\r\n\r\n{text}\r\n"""
        draft = self.returns / "answer"
        draft.write_text(said)
        (self.returns / "new").mkdir(exist_ok=True)
        draft.rename(self.returns / "new" / "answer")


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """All of it, on the loopback."""
    returns = folder / "returns"
    returns.mkdir()
    with Web() as halm, Web() as kern, StripeServer() as stripe:
        halm.site("127.0.0.1", home=HALM)
        kern.good("127.0.0.1")
        post = Post(folder / "mails")
        try:
            yield World(halm, kern, stripe, post, returns)
        finally:
            post.close()


def _mail(to: str, octets: bytes) -> Mail:
    read = email.message_from_bytes(octets, policy=policy.default)
    body = read.get_body(("plain",))
    found = _LINK.search(body.get_content()) if body else None
    return Mail(to, str(read["Subject"]), urlsplit(found[0]).path if found else "", str(read["Message-ID"]))
