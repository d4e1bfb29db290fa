"""The tape of one subject, read once, before anything is replayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.agents.asking import answer_digest, checksum, digest
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Ports, Undecryptable


class OffTape(Exception):
    """A step wants something that is not on the tape; the argument is its key, or what it wants."""


@dataclass(frozen=True)
class Tape:
    """`answers` of models and what steps had `found`, by key, as they lie on file."""

    documents: list[Document]
    answers: Mapping[str, Body]
    found: Mapping[str, Body]

    def damage(self, key: str) -> str | None:
        """What is wrong with an entry, if anything is: it carries checksums of what was put there."""
        try:
            if key in self.found:
                return _wrong("what was read", checksum(self.found[key]["found"]), self.found[key]["digest"])
            body = self.answers[key]
            return _wrong("the question", digest(body["question"]), body["asked"]) or _wrong(
                "the answer", answer_digest(body), body["answered"]
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            return f"the entry cannot be read: {type(error).__name__}: {error}"


def tape_of(ports: Ports, scope: Scope, prefix: str) -> Tape:
    """Every entry whose key begins so. Raises Conflict if there is none, or none that a replay could use,
    or one that cannot be decrypted."""
    try:
        documents = list(_entries(ports, scope, prefix))
    except Undecryptable as error:
        raise Conflict("tape", str(error)) from None
    answers = {each.id: each.body for each in documents if "asked" in each.body}
    found = {each.id: each.body for each in documents if "asked" not in each.body}
    if not documents:
        raise Conflict("tape", "nothing of it is on the tape: no model was asked for it")
    if old := [key for key, body in answers.items() if "question" not in body]:
        raise Conflict("tape", f"the tape holds the answer but not the question of {old[0]}: it is from before replays")
    return Tape(documents, answers, found)


def _entries(ports: Ports, scope: Scope, prefix: str) -> Iterator[Document]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.TAPE, [Filter("id", "prefix", prefix)], cursor=cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return


def _wrong(what: str, is_: str, was: str) -> str | None:
    return None if is_ == was else f"{what} on the tape is not the one that was put there: its checksum differs"
