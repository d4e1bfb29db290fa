"""Files that only who has the key can read: AES-256-GCM in chunks, so that no size is too large, and age.

The format BATONGCM, version 1, whole numbers big-endian:

    8 bytes   "BATONGCM"
    1 byte    1
    7 bytes   nonce prefix
    32 bytes  salt
    then chunks of 65,536 bytes of plain text (the last one shorter, perhaps empty), each encrypted and followed by its
    tag of 16 bytes

The key of a file is HKDF-SHA-256 (RFC 5869) of the 32-byte key with the salt and the info "batongcm 1". A chunk's nonce
is the prefix, its number from 0 on in 4 bytes, and 1 byte that is 1 for the last chunk and else 0 (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár): chunks cannot be left out, swapped or cut off. The 48 bytes of
the header are every chunk's associated data. Salt and prefix are derived from the key and the plain text's SHA-256, so
the same content makes the same file, and no nonce is ever used for two contents."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from shared.process.errors import InputError

_MAGIC = b"BATONGCM\x01"
_HEADER = 48
_CHUNK = 65_536
_TAG = 16


def key_of(text: str) -> bytes:
    """32 bytes, written as 64 hexadecimal digits or in base64. Raises InputError."""
    try:
        found = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        found = b""
    if len(found) != 32:
        raise InputError("must be 32 bytes, as 64 hexadecimal digits or in base64", "key")
    return found


def encrypt(plain: Path, sealed: Path, key: bytes) -> None:
    """Write the file encrypted."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    derived = hmac.new(key, b"batongcm 1 salt" + _digest(plain), hashlib.sha512).digest()
    header = _MAGIC + derived[32:39] + derived[:32]
    cipher = AESGCM(_file_key(key, header))
    with plain.open("rb") as source, sealed.open("wb") as target:
        target.write(header)
        for number, chunk, last in _chunks(source, _CHUNK):
            target.write(cipher.encrypt(_nonce(header, number, last), chunk, header))


def decrypt(sealed: Path, plain: Path, key: bytes) -> None:
    """Write the file in plain. Raises InputError if it is none of this format or was changed, or the key is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    with sealed.open("rb") as source, plain.open("wb") as target:
        header = source.read(_HEADER)
        if not header.startswith(_MAGIC) or len(header) < _HEADER:
            raise InputError("the file is not of the format BATONGCM 1", "file")
        cipher = AESGCM(_file_key(key, header))
        try:
            for number, chunk, last in _chunks(source, _CHUNK + _TAG):
                target.write(cipher.decrypt(_nonce(header, number, last), chunk, header))
        except (InvalidTag, ValueError):
            raise InputError("the key is another, or the file was changed or cut off", "file") from None


def encrypt_age(plain: Path, sealed: Path, recipients: list[str]) -> None:
    """For age (https://age-encryption.org/v1): the holder of any of the keys can read it. Raises InputError."""
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(each.strip()) for each in recipients]
    except pyrage.RecipientError:
        raise InputError("must be public keys of age (age1…)", "encrypt.recipients") from None
    with plain.open("rb") as source, sealed.open("wb") as target:
        pyrage.encrypt_io(source, target, keys)


def decrypt_age(sealed: Path, plain: Path, identity: str) -> None:
    """Raises InputError."""
    import pyrage

    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
        with sealed.open("rb") as source, plain.open("wb") as target:
            pyrage.decrypt_io(source, target, [key])
    except (pyrage.IdentityError, pyrage.DecryptError, OSError):
        raise InputError("the key is another, or the file is none of age", "file") from None


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _file_key(key: bytes, header: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived: Any = HKDF(algorithm=SHA256(), length=32, salt=header[16:], info=b"batongcm 1")
    return bytes(derived.derive(key))


def _nonce(header: bytes, number: int, last: bool) -> bytes:
    return header[9:16] + number.to_bytes(4, "big") + bytes([last])


def _chunks(source: IO[bytes], size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes, and whether it is the last one."""
    number, chunk = 0, source.read(size)
    while True:
        after = source.read(size) if len(chunk) == size else b""
        yield number, chunk, not after
        if not after:
            return
        number, chunk = number + 1, after
