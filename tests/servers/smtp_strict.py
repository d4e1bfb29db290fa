"""A strict mail server inside the test: aiosmtpd with TLS and AUTH, which misbehaves when the recipient asks it to.

The local part of a recipient is the script, say `drop-reply@example.com`; every other recipient is taken."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "mailer", "s3cret/pass word"

_REPLIES_TO_RCPT = {
    "r550": "550 5.1.1 no such user",
    "r451": "451 4.7.1 greylisted",
    "open354": "550 5.1.1 no such user",
    "r550-then-drop": "550 5.1.1 no such user",
    "names451": "450 4.2.0 <names451@people.example> is busy",
    "r530": "530 5.7.0 authentication required",
}
_REPLIES_TO_TEXT = {
    "late550": "550 5.7.1 spam",
    "late451": "451 4.3.0 busy",
    "late421": "421 4.3.2 shutting down",
    "late354": "354 what?",
}


class Taken(NamedTuple):
    """One message that was answered with 250, or whose reply was withheld."""

    recipient: str
    content: bytes
    options: tuple[str, ...]
    user: str | None
    encrypted: bool


@dataclass
class Record:
    """What a server saw. `connections` counts those that were greeted."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    def recipients(self) -> list[str]:
        return [each.recipient for each in self.taken]


@dataclass(frozen=True)
class Manner:
    """How a server behaves to everybody. `patience` is how many messages a connection may send, `delays` how many
    seconds it takes over the first texts; those that follow are taken at once. `held`: it says nothing to a text
    before that is set."""

    tls: ssl.SSLContext | None = None
    require_tls: bool = False
    auth: bool = False
    login_only: bool = False
    pipelining: bool = True
    ascii_only: bool = False
    patience: int = 1_000_000
    delays: tuple[float, ...] = ()
    held: threading.Event | None = None
    refuse_from_connection: int = 1_000_000
    injects: bool = False
    banner: str = "220 strict"


@contextmanager
def strict_server(manner: Manner) -> Iterator[Record]:
    """Run it in a thread of its own; it is gone when the block ends."""
    record = Record()
    ready: Future[Callable[[], object]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(manner, record, ready)))
    thread.start()
    stop = ready.result(10)
    try:
        yield record
    finally:
        stop()
        thread.join(10)


async def _serve(manner: Manner, record: Record, ready: Future[Callable[[], object]]) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: _Strict(manner, record, loop), "127.0.0.1", 0)
    record.port = server.sockets[0].getsockname()[1]
    ready.set_result(lambda: loop.call_soon_threadsafe(stopped.set))
    await stopped.wait()
    server.close()


class _Strict(SMTP):  # type: ignore[misc]  # aiosmtpd is untyped here
    def __init__(self, manner: Manner, record: Record, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            _Hooks(manner, record),
            hostname="strict",
            loop=loop,
            tls_context=manner.tls,
            require_starttls=manner.require_tls,
            auth_required=manner.auth,
            auth_exclude_mechanism=["PLAIN"] if manner.login_only else None,
            authenticator=_authenticate,
            enable_SMTPUTF8=not manner.ascii_only,
        )
        self._manner, self._record = manner, record
        self._asked = ""
        self._messages = 0

    async def push(self, status: Any) -> None:
        if isinstance(status, str) and status.startswith("220 strict"):
            self._record.connections += 1
            if self._record.connections >= self._manner.refuse_from_connection:
                status = "421 4.7.0 too many connections"
            elif self._manner.banner != "220 strict":
                status = self._manner.banner
        await super().push(status)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self._manner.injects:
            await self.push("220 go\r\n250 injected")
            await _never()
        await super().smtp_STARTTLS(arg)

    async def smtp_MAIL(self, arg: str) -> None:
        if self._messages >= self._manner.patience:
            await self.push("421 4.7.0 enough for one connection")
            self._hang_up()
            await _never()
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        self._asked = arg.partition("<")[2].partition("@")[0]
        match self._asked:
            case "r421":
                await self.push("421 4.3.2 shutting down")
                self._hang_up()
                await _never()
            case "drop-rcpt":
                self._hang_up()
                await _never()
            case "slow-rcpt":
                await _never()
            case "drip-rcpt":
                while True:  # until the client has had enough and cancels this
                    self._writer.write(b"2")
                    await asyncio.sleep(0.02)
            case "late-rcpt":
                await asyncio.sleep(0.3)
        await super().smtp_RCPT(arg)
        match self._asked:
            case "noisy":
                await self.push("250 by the way")
            case "r550-then-drop":
                self._hang_up()
                await _never()

    async def smtp_DATA(self, arg: str) -> None:
        match self._asked:
            case "open354":
                await self.push("354 go on")
                self._record.commands.append((await self._reader.readuntil(b"\r\n")).decode())
                await self.push("554 5.5.1 no valid recipients")
                self._set_post_data_state()
            case "early250":
                await self.push("354 go on\r\n250 taken before it was sent")
                await _never()
            case "drop-data":
                self._hang_up()
                await _never()
            case "drop-text":
                await self.push("354 go on")
                await self._reader.read(1)
                self._hang_up()
                await _never()
            case _:
                await super().smtp_DATA(arg)
                self._messages += 1
        if self._asked == "late421":
            self._hang_up()
        if self._asked == "then500":
            await self.push("500 5.5.1 or rather not")

    async def smtp_RSET(self, arg: str) -> None:
        self._record.commands.append("RSET")
        await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        self._record.commands.append("QUIT")
        await super().smtp_QUIT(arg)

    def _hang_up(self) -> None:
        self.transport.close()


class _Hooks:
    def __init__(self, manner: Manner, record: Record) -> None:
        self._manner, self._record = manner, record

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        offered = [line for line in responses if not (self._manner.ascii_only and "8BITMIME" in line)]
        return [offered[0], "250-PIPELINING", *offered[1:]] if self._manner.pipelining else offered

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        if address.startswith("m550@"):
            return "550 5.7.1 sender refused"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 sender"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        refusal = _REPLIES_TO_RCPT.get(address.partition("@")[0])
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 recipient"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        script = recipient.partition("@")[0]
        if script in _REPLIES_TO_TEXT:
            return _REPLIES_TO_TEXT[script]
        user = session.auth_data.login.decode() if session.auth_data else None
        options = tuple(envelope.mail_options)
        self._record.taken.append(Taken(recipient, envelope.content, options, user, session.ssl is not None))
        if (text := len(self._record.taken)) <= len(self._manner.delays):
            await asyncio.sleep(self._manner.delays[text - 1])
        if self._manner.held:
            await asyncio.to_thread(self._manner.held.wait, 30)
        if script == "drop-reply":
            server.transport.close()
            await _never()
        if script == "slow-reply":
            await _never()
        return f"250 2.0.0 taken {len(self._record.taken)}"


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    # Unhandled and unsuccessful: only then aiosmtpd answers 535.
    return AuthResult(success=good, handled=False, auth_data=data)


async def _never() -> None:
    """Until the connection is lost, which cancels whoever waits here."""
    await asyncio.Event().wait()


# ------------------------------------------------------------------ certificates


class Authority(NamedTuple):
    """A certificate authority of one test, and the context of a server at 127.0.0.1 that it vouches for."""

    ca_file: Path
    context: ssl.SSLContext
    server_file: Path
    """The server's key and certificate, for one that is no Python."""


def authority(folder: Path) -> Authority:
    """Make both, valid from 2020 to 2090, in `folder`."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test's authority")])
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, is_ca=True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "strict")])
    certificate = _certificate(name, ca_name, key, ca_key, is_ca=False)

    ca_file, server_file = folder / "ca.pem", folder / "server.pem"
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    server_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server_file)
    return Authority(ca_file, context, server_file)


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    is_ca: bool,
) -> x509.Certificate:
    """With all that Python 3.13's stricter verification asks for."""
    usage = {"digital_signature": not is_ca, "key_cert_sign": is_ca, "crl_sign": is_ca}
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    # 0.0.0.0 leads to this machine and is no loopback address: so a test has a server of the world.
    places = map(ipaddress.ip_address, ("127.0.0.1", "0.0.0.0"))
    addresses = [x509.DNSName("localhost"), *map(x509.IPAddress, places)]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2090, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(**usage, **dict.fromkeys(others, False), encipher_only=False, decipher_only=False),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_ca:
        builder = builder.add_extension(x509.SubjectAlternativeName(addresses), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
