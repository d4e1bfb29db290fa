"""DKIM (RFC 6376): a key for a sender domain, the DNS record of its public half, and the signature of a message."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.dkim import DkimKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BITS = 2048
_SIGNED = {
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "list-id", "list-unsubscribe", "list-unsubscribe-post",
}  # fmt: skip
"""What a reader or a mailbox acts on. Rule C6: both headers of one-click unsubscribing are among them."""
_OVERSIGNED = ("from", "subject")
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
    return TxtRecord(f"{key.selector}._domainkey.{key.domain}", f"v=DKIM1; k=rsa; p={_base64(octets)}")


class Signer:
    """Signs the messages of one domain: rsa-sha256, relaxed/relaxed. Threads may share it: nearly all of the time
    passes in the RSA operation, which lets other threads run. Raises ValueError if the key cannot sign."""

    def __init__(self, key: DkimKey) -> None:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        self._private, self._padding, self._hash = _private(key), PKCS1v15(), SHA256()
        self._names = f"v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d={key.domain}; s={key.selector};"

    def fields(self, names: tuple[str, ...], messages: Sequence[tuple[tuple[str, ...], bytes, datetime]]) -> list[str]:
        """The DKIM-Signature of each message, with the end of its line. `names` are those of the header fields of all
        messages, none twice; each has their values, its body, and the time of its signature. The same arguments give
        the same text.

        They are written so that hardly anything remains to be relaxed (section 3.4): white space is one space, or one
        at the start of a folded line, and none at the end of a line; the body ends with a line that is not empty."""
        # An RSA operation drives everything else from the processor's caches: many in a row do so once.
        tagged = [self._tagged(names, *each) for each in messages]
        signed = [self._private.sign(digested, self._padding, self._hash) for _, digested in tagged]
        pairs = zip(tagged, signed, strict=True)
        return [f"DKIM-Signature: {tags}{_folded(_base64(octets))}\r\n" for (tags, _), octets in pairs]

    def _tagged(self, names: tuple[str, ...], values: tuple[str, ...], body: bytes, at: datetime) -> tuple[str, bytes]:
        """The field up to the signature, and what is signed."""
        listed, relaxed = _signed(names)
        digest = _base64(sha256(body).digest())
        tags = f"{self._names} t={int(at.timestamp())};\r\n h={listed};\r\n bh={digest};\r\n b="
        return tags, f"{relaxed % values}dkim-signature:{tags}".replace("\r\n ", " ").encode()


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


@lru_cache(16)
def _signed(names: tuple[str, ...]) -> tuple[str, str]:
    """How a signature lists those of a header's fields that it covers, and the form that takes the values of all fields
    and shows these as they are signed."""
    lower = [name.lower() for name in names]
    every = [*filter(_SIGNED.__contains__, lower), *_OVERSIGNED]
    listed = ":\r\n ".join(":".join(every[at : at + _NAMES]) for at in range(0, len(every), _NAMES))
    return listed, "".join(f"{name}:%s\r\n" if name in _SIGNED else "%.0s" for name in lower)


def _folded(text: str) -> str:
    return "\r\n ".join([text[at : at + _LINE] for at in range(0, len(text), _LINE)])


def _base64(octets: bytes) -> str:
    return b2a_base64(octets, newline=False).decode()
