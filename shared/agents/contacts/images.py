"""What contacts were before an import changed them, and what it made of them: kept before the first write, so that the
import can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from shared.agents.contacts.plan import Change
from shared.agents.contacts.records import path
from shared.domain.contact import Contact
from shared.domain.scope import Scope
from shared.ports import Body, Ports


class Image(NamedTuple):
    """One contact: as it was (None: not there), and as the import left it."""

    before: Contact | None
    after: Contact


class Images:
    """Those of one batch. Whoever was killed finds them again: what was kept first stays."""

    def __init__(self, ports: Ports, scope: Scope, id: str, n: int) -> None:
        self._ports, self._scope = ports, scope
        self._path = path(id, "before", f"{n}.json")
        self._kept = self._read()

    def __iter__(self) -> Iterator[Image]:
        for each in self._kept.values():
            before = Contact.model_validate(each["before"]) if each["before"] else None
            yield Image(before, Contact.model_validate(each["after"]))

    def keep(self, changes: Iterable[Change]) -> None:
        """Of those that will be written."""
        new = {id: image for id, image in _images(changes).items() if id not in self._kept}
        self._store(new)

    def replace(self, changes: Iterable[Change]) -> None:
        """Somebody else changed them before they were written."""
        self._store(_images(changes))

    def _store(self, new: dict[str, Body]) -> None:
        if new:
            self._kept |= new
            self._ports.files.put(self._scope, self._path, orjson.dumps(self._kept))

    def _read(self) -> dict[str, Body]:
        try:
            kept: dict[str, Body] = orjson.loads(self._ports.files.get(self._scope, self._path))
        except FileNotFoundError:
            return {}
        return kept


def _images(changes: Iterable[Change]) -> dict[str, Body]:
    return {
        each.id: {
            "before": each.before.model_dump(mode="json") if each.rev else None,
            "after": each.contact.model_dump(mode="json"),
        }
        for each in changes
        if each.is_written and each.contact
    }
