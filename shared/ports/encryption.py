"""What is encrypted at rest, and with which keys, for whoever looks after that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from shared.domain.scope import Scope
from shared.ports.documents import Documents

RingName = Literal["link", "field"]
"""The rings that can be rotated."""


@dataclass(frozen=True)
class Keys:
    """Secrets of this home: `address` (never rotated) hashes addresses; `link` and `field` by key id, newest last."""

    address: bytes
    link: Mapping[str, bytes]
    field: Mapping[str, bytes]
    plain: bool = True
    """Whether a marked value that stands in plain is believed: so it was before there was encryption."""


class Undecrypted(dict[str, Any]):
    """In documents as they are found, a marked value that cannot be decrypted, or that is not believed because it
    stands in plain (`{"plain": value}`; else it is empty). Put back, it is stored as it was."""

    def __init__(self, stored: Any, reason: str, plain: bool) -> None:
        super().__init__({"plain": stored} if plain else {})
        self.stored, self.reason, self.plain = stored, reason, plain

    def with_plain(self, value: Any) -> Undecrypted:
        """The same with another plain value."""
        return Undecrypted(value, self.reason, plain=True)


@dataclass(frozen=True)
class Renewed:
    """What came of one page, in documents: looked at; moved to the newest key; and changed by somebody meanwhile, to be
    looked at again. `unreadable`: what cannot be decrypted, as `id: field`. `cursor`: the next page."""

    looked: int = 0
    moved: int = 0
    overtaken: int = 0
    unreadable: list[str] = field(default_factory=list)
    cursor: str | None = None


class Encryption(Protocol):
    """The marked fields of documents (`shared.domain.marked_fields`)."""

    @property
    def as_found(self) -> Documents:
        """The same documents; what cannot be decrypted there is `Undecrypted`, and stops nobody."""
        ...

    def believes_plain(self) -> bool:
        """Whether values that stand in plain are taken for what was stored before there was encryption."""
        ...

    def renew(self, scope: Scope, kind: str, cursor: str | None = None) -> Renewed:
        """Encrypt the values of one page of documents with the newest key, those in plain too if they are believed.
        Repeatable; what somebody writes meanwhile stays theirs."""
        ...

    def needing(self, scope: Scope, kind: str, key: str, cursor: str | None = None) -> tuple[int, str | None]:
        """How many values of one page can be read with that key alone, and where the next page begins."""
        ...


class KeyRings(Protocol):
    """The rings where they are kept, if that is in reach: each change is whole or not at all, also after a kill."""

    def rotate(self, ring: RingName) -> str:
        """A new key, which whatever is new uses from now on; the id of it. The others stay."""
        ...

    def remove(self, ring: RingName, key: str) -> None:
        """Forget a key. Raises ValueError if it is the newest one, or not there."""
        ...

    def refuse_plain(self) -> None:
        """From now on no value in plain is believed."""
        ...
