"""Marked fields of one kind in one scope, under the keys of one moment: encrypted, decrypted, moved to a newer key."""

from __future__ import annotations

import binascii
import hmac
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from shared.adapters.documents._rules import encode
from shared.domain.marked_fields import MARKED
from shared.domain.scope import Scope
from shared.ports import Body, Document, Keys, Undecryptable, Undecrypted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_TAG = "$encrypted"
_NONCE = 12
"""Bytes, random: 96 bits as NIST SP 800-38D section 8.2.2 has it, for at most 2^32 values under one key."""
_URL_SAFE = str.maketrans("-_", "+/")
"""In which alphabet the first values were written."""


class Fields:
    """A value that is text, a list or an object, and not empty, is stored as `{"$encrypted": "<key id>.<base64 of nonce
    and ciphertext>"}`: AES-256-GCM, bound to tenant, workspace, kind, id and field."""

    def __init__(self, scope: Scope, kind: str, keys: Keys) -> None:
        self._scope, self._kind, self._keys = scope, kind, keys
        self._names = MARKED[kind].fields
        self._newest = list(keys.field)[-1]

    def closed(self, id: str, body: Body) -> tuple[Body, Body]:
        """What is stored in the place of marked fields, and what is read in their place."""
        stored, read = Body(), Body()
        for name in self._names:
            value = body.get(name)
            if isinstance(value, Undecrypted):
                stored[name] = value.stored
            elif _has_words(value):
                text = encode(value)
                stored[name] = self._encrypted(id, name, text)
                read[name] = value if isinstance(value, str) else orjson.loads(text)
        return stored, read

    def opened(self, document: Document) -> Document:
        """Decrypted. Raises Undecryptable."""
        found = {name: self._value(document, name, value) for name, value in self._held(document)}
        return with_body(document, {**document.body, **found}) if found else document

    def as_found(self, document: Document) -> Document:
        """Decrypted where that can be done."""
        found = {name: self._value_or_not(document, name, value) for name, value in self._held(document)}
        return with_body(document, {**document.body, **found}) if found else document

    def renewed(self, document: Document) -> tuple[Body, list[str]]:
        """What is to be stored of it under the newest key in the place of an older one, and the names of those fields
        of it that cannot be read."""
        stored, unreadable = Body(), list[str]()
        for name, value in self._held(document):
            if key_of(value) == self._newest:
                continue
            try:
                stored[name] = self._encrypted(document.id, name, encode(self._value(document, name, value)))
            except Undecryptable:
                unreadable.append(name)
        return stored, unreadable

    def needing(self, document: Document, key: str) -> int:
        """How many values can be read with that key."""
        return sum(key_of(value) == key and self._reads(document, name, value) for name, value in self._held(document))

    def _held(self, document: Document) -> Iterator[tuple[str, Any]]:
        for name in self._names:
            value = document.body.get(name)
            if _has_words(value):
                yield name, value

    def _reads(self, document: Document, name: str, value: Any) -> bool:
        try:
            self._value(document, name, value)
        except Undecryptable:
            return False
        return True

    def _value_or_not(self, document: Document, name: str, value: Any) -> Any:
        try:
            return self._value(document, name, value)
        except Undecryptable as error:
            return Undecrypted(value, error.reason, plain=key_of(value) is None)

    def _value(self, document: Document, name: str, value: Any) -> Any:
        key_id = key_of(value)
        if key_id is None:
            if self._keys.plain:
                return value
            raise Undecryptable(
                document.kind, document.id, name, "it stands there in plain, and nobody here wrote it so"
            )
        key = self._keys.field.get(key_id)
        if key is None:
            raise Undecryptable(document.kind, document.id, name, f"the key {key_id!r} is not in the ring `field`")
        return self._decrypted(document, name, key, value[_TAG][len(key_id) + 1 :])

    def _decrypted(self, document: Document, name: str, key: bytes, data: str) -> Any:
        place = _place(self._scope, document.kind, document.id, name)
        if "-" in data or "_" in data:
            data = data.translate(_URL_SAFE)
        try:
            sealed = binascii.a2b_base64(data, strict_mode=True)
            return orjson.loads(_cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place))
        except (_forged(), ValueError):  # asked for only when something was raised
            reason = "it was changed, or moved from another place, or the key is another one"
            raise Undecryptable(document.kind, document.id, name, reason) from None

    def _encrypted(self, id: str, name: str, text: bytes) -> dict[str, str]:
        nonce = os.urandom(_NONCE)
        sealed = _cipher(self._keys.field[self._newest]).encrypt(nonce, text, _place(self._scope, self._kind, id, name))
        return {_TAG: f"{self._newest}.{binascii.b2a_base64(nonce + sealed, newline=False).decode()}"}


def with_body(document: Document, body: Body) -> Document:
    """The same with another body; `dataclasses.replace` takes four times as long."""
    of = document
    return Document(of.kind, of.id, body, of.rev, of.changed_at, of.changed_by, of.schema, of.deleted)


def key_of(value: Any) -> str | None:
    """The id of the key that a stored value names; None: it stands in plain."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(text := value.get(_TAG), str):
        return text.rpartition(".")[0]
    return None


def _has_words(value: Any) -> bool:
    """Numbers have none: a budget, which is of the tape's kind, limits `calls`."""
    return isinstance(value, str | list | dict) and bool(value)


def _place(scope: Scope, kind: str, id: str, field: str) -> bytes:
    """To what a value is bound; JSON, so that no two places are spelt alike."""
    return orjson.dumps([scope.tenant, scope.workspace, str(kind), id, field])


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """The ring signs sessions, too: what encrypts is derived from its key and used for nothing else."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.digest(key, b"baton-field-1", "sha256"))


def _forged() -> type[Exception]:
    from cryptography.exceptions import InvalidTag

    return InvalidTag
