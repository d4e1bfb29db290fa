"""DKIM (RFC 6376): a key for a sender domain, the DNS record of its public half, and the signature of a message."""

from __future__ import annotations

from binascii import b2a_base64
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.dkim import DkimKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BITS = 2048
_SIGNED = frozenset(
    b"from to cc reply-to subject date message-id in-reply-to references mime-version content-type "
    b"list-id list-unsubscribe list-unsubscribe-post".split()
)
"""What a reader or a mailbox acts on. Rule C6: both headers of one-click unsubscribing are among them."""
_OVERSIGNED = (b"from", b"subject")
"""Named once more than they are there: a second one, added on the way, breaks the signature."""
_LINE, _NAMES = 72, 5
"""Octets and header names on a line of the signature."""


class TxtRecord(NamedTuple):
    """A TXT record as DNS is to hold it: the full name without a final dot, and the value."""

    name: str
    value: str

    def __str__(self) -> str:
        """A line of a zone file; a string there has at most 255 octets (RFC 1035 section 3.3)."""
        strings = [f'"{self.value[at : at + 255]}"' for at in range(0, len(self.value), 255)]
        return f"{self.name}. IN TXT {' '.join(strings)}"


def make_key(domain: str, selector: str) -> DkimKey:
    """A new RSA key of 2,048 bits (rule C7). Raises ValueError for a name that DNS cannot hold."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = rsa.generate_private_key(65537, _BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DkimKey(domain, selector, pem.decode())


def dns_record(key: DkimKey) -> TxtRecord:
    """What the domain's owner publishes (RFC 6376 section 3.6.1). Raises ValueError if the key is not an RSA key."""
    from cryptography.hazmat.primitives import serialization

    public = _private(key).public_key()
    octets = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return TxtRecord(
        f"{key.selector}._domainkey.{key.domain}", f"v=DKIM1; k=rsa; p={b2a_base64(octets, newline=False).decode()}"
    )


class Signer:
    """Signs the messages of one domain: rsa-sha256, relaxed/relaxed. Threads may share it: nearly all of the time
    passes in the RSA operation, which lets other threads run. Raises ValueError if the key cannot sign."""

    def __init__(self, key: DkimKey) -> None:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        self._private, self._padding, self._hash = _private(key), PKCS1v15(), SHA256()
        self._names = b"v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=%b; s=%b;" % (
            key.domain.encode(),
            key.selector.encode(),
        )

    def sign(self, message: bytes, at: datetime) -> bytes:
        """The message (CRLF lines, a header, an empty line, a body) with a DKIM-Signature before it; `at` is the time
        of the signature. The same arguments give the same bytes."""
        header, _, body = message.partition(b"\r\n\r\n")
        unfolded = _single_spaced(header.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" "))
        fields = [_relaxed_field(each) for each in unfolded.split(b"\r\n")]
        signed = [(name, value) for name, value in reversed(fields) if name in _SIGNED]
        tags = b"%b t=%d;\r\n h=%b;\r\n bh=%b;\r\n b=" % (
            self._names,
            int(at.timestamp()),
            _folded_names(tuple(name for name, _ in signed)),
            b2a_base64(sha256(_relaxed_body(body)).digest(), newline=False),
        )
        digested = b"".join(b"%b:%b\r\n" % each for each in signed)
        digested += b"dkim-signature:" + tags.replace(b"\r\n", b"")
        octets = self._private.sign(digested, self._padding, self._hash)
        return b"DKIM-Signature: %b%b\r\n%b" % (tags, _folded(octets), message)


def _private(key: DkimKey) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key.private_key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, RSAPrivateKey) or private.key_size < 1024:
        raise ValueError(f"the DKIM key {key.selector} of {key.domain} is no private RSA key of 1,024 bits or more")
    return private


def _relaxed_field(line: bytes) -> tuple[bytes, bytes]:
    """Section 3.4.2; the line is unfolded and single-spaced already."""
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip(b" ")


def _relaxed_body(body: bytes) -> bytes:
    """Section 3.4.4: runs of white space are one space, none at the end of a line, no empty lines at the end."""
    body = _single_spaced(body).replace(b" \r\n", b"\r\n").rstrip(b" \r\n")
    return body + b"\r\n" if body else b""


def _single_spaced(octets: bytes) -> bytes:
    """Runs of white space as one space; each round halves them, and hardly any message needs one."""
    octets = octets.replace(b"\t", b" ")
    while b"  " in octets:
        octets = octets.replace(b"  ", b" ")
    return octets


@lru_cache(16)
def _folded_names(names: tuple[bytes, ...]) -> bytes:
    every = [*names, *_OVERSIGNED]
    return b":\r\n ".join(b":".join(every[at : at + _NAMES]) for at in range(0, len(every), _NAMES))


def _folded(octets: bytes) -> bytes:
    text = b2a_base64(octets, newline=False)
    return b"\r\n ".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))
