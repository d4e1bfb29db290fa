"""Marked fields are encrypted on their way into any home of documents, and decrypted on their way out."""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from shared.adapters.documents._rules import encode
from shared.domain.marked_fields import MARKED
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Documents, Order, Page, Undecryptable, Write

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_TAG = "$encrypted"
_NONCE = 12
"""Bytes, random: 96 bits as NIST SP 800-38D section 8.2.2 has it, for at most 2^32 values under one key."""


class EncryptedDocuments:
    """`shared.ports.Documents` over another one. A marked field that is text, a list or an object, and not empty, is
    stored as `{"$encrypted": "<key id>.<base64url of nonce and ciphertext>"}`: AES-256-GCM, bound to tenant, workspace,
    kind, id and field. What has no such tag is plain, from before. Reading raises Undecryptable.

    `ring` gives the keys by id, the newest last; it is asked each time, for another process may have added one."""

    def __init__(self, documents: Documents, ring: Callable[[], Mapping[str, bytes]]) -> None:
        self._documents, self._ring = documents, ring

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        found = self._documents.get(scope, kind, id)
        return self._opened(scope, found) if found else None

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        closed = self._closed(scope, kind, id, body)
        return self._opened(scope, self._documents.put(scope, kind, id, closed, if_match))

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None:
        self._documents.delete(scope, kind, id, if_match)

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        if kind not in MARKED:
            return self._documents.batch(scope, kind, writes, durable)
        closed = [
            write if write.body is None else replace(write, body=self._closed(scope, kind, write.id, write.body))
            for write in writes
        ]
        written = self._documents.batch(scope, kind, closed, durable)
        return [self._opened(scope, each) if each else None for each in written]

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        page = self._documents.find(scope, kind, filters, order, limit, cursor)
        if kind not in MARKED:
            return page
        return Page([self._opened(scope, each) for each in page.documents], page.cursor)

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> tuple[list[Document], str | None]:
        found, mark = self._documents.changes(scope, since, limit)
        return [self._opened(scope, each) for each in found], mark

    def _closed(self, scope: Scope, kind: str, id: str, body: Body) -> Body:
        marked = MARKED.get(kind)
        if marked is None:
            return body
        values = {field: value for field in marked.fields if _has_words(value := body.get(field))}
        return {**body, **{field: self._encrypted(scope, kind, id, field, value) for field, value in values.items()}}

    def _encrypted(self, scope: Scope, kind: str, id: str, field: str, value: Any) -> dict[str, str]:
        key_id, key = list(self._ring().items())[-1]
        nonce = os.urandom(_NONCE)
        sealed = _cipher(key).encrypt(nonce, encode(value), _place(scope, kind, id, field))
        return {_TAG: f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"}

    def _opened(self, scope: Scope, document: Document) -> Document:
        marked = MARKED.get(document.kind)
        if marked is None:
            return document
        body = document.body
        values = {field: text for field in marked.fields if (text := _tagged(body.get(field))) is not None}
        if not values:
            return document
        opened = {field: self._value(scope, document, field, text) for field, text in values.items()}
        return replace(document, body={**body, **opened})

    def _value(self, scope: Scope, document: Document, field: str, text: str) -> Any:
        from cryptography.exceptions import InvalidTag

        key_id, _, data = text.rpartition(".")
        key = self._ring().get(key_id)
        if key is None:
            raise Undecryptable(document.kind, document.id, field, f"the key {key_id!r} is not in the ring `field`")
        place = _place(scope, document.kind, document.id, field)
        try:
            sealed = base64.b64decode(data, b"-_", validate=True)
            return orjson.loads(_cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place))
        except (InvalidTag, ValueError):
            reason = "it was changed, or moved from another place, or the key is another one"
            raise Undecryptable(document.kind, document.id, field, reason) from None


def _has_words(value: Any) -> bool:
    """Numbers have none: a budget, which is of the tape's kind, limits `calls`."""
    return isinstance(value, str | list | dict) and bool(value)


def _tagged(value: Any) -> str | None:
    """What stands behind the tag, if the value is nothing but a tag and a text."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(text := value.get(_TAG), str):
        return text
    return None


def _place(scope: Scope, kind: str, id: str, field: str) -> bytes:
    """To what a value is bound; JSON, so that no two places are spelt alike."""
    return orjson.dumps([scope.tenant, scope.workspace, str(kind), id, field])


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """The ring signs sessions, too: what encrypts is derived from its key and used for nothing else."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.digest(key, b"baton-field-1", "sha256"))
