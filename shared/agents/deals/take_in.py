"""One batch of an import of deals or companies: what becomes of its rows is decided and stored once, what was there is
kept before the first write, and every step can be repeated after any kill (decision 44)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel

from shared.agents.contacts.batch import decided, show
from shared.agents.contacts.records import path
from shared.domain.imports import Example, Import, RowOutcome, Undone
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Ports, Stale, Write

_CHUNK = 100


class Entry(BaseModel):
    """What one good row says; `id` is the document's that it is about. Batch files hold one a line."""

    id: str
    name: str
    line: int = 0
    file: str | None = None


E = TypeVar("E", bound=Entry)
N = TypeVar("N", bound=BaseModel)


@dataclass(frozen=True)
class Planned(Generic[N, E]):
    """What becomes of one document. `rev` None: it is not there yet; `why`: what changes, in words."""

    id: str
    before: N | None
    after: N
    rev: str | None
    outcome: RowOutcome
    entries: list[E]
    why: str


@dataclass(frozen=True)
class Noun(Generic[N, E]):
    """What rows are of. `plan` gets at most 100 ids with their entries, and what is stored under these ids;
    `taken_back` says of a document what it is now, was before the import and after it (None: not there), what becomes
    of it when it is taken back (None: it goes)."""

    kind: Kind
    model: type[N]
    entry: type[E]
    plan: Callable[[Ports, Scope, Import, Mapping[str, list[E]], Mapping[str, Document]], list[Planned[N, E]]]
    taken_back: Callable[[Ports, Scope, N | None, N | None, N], tuple[Undone, N | None]]

    def pass_over(self, ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
        """Preview batch `n`, take it in, or take it back; how many rows (of an undo: documents) had which outcome."""
        batch = _Batch(self, ports, scope, found, n)
        return batch.back() if found.doing == "undo" else batch.forward()


def by_id(ports: Ports, scope: Scope, kind: Kind, ids: Sequence[str]) -> dict[str, Document]:
    """The documents among these, at most 100."""
    page = ports.documents.find(scope, kind, [Filter("id", "in", list(ids))], limit=max(1, len(ids)))
    return {document.id: document for document in page.documents}


@dataclass(frozen=True)
class _Batch(Generic[N, E]):
    noun: Noun[N, E]
    ports: Ports
    scope: Scope
    found: Import
    n: int

    def forward(self) -> dict[str, int]:
        chunks = list(_chunks(self._rows()))
        plans = [self._plan(chunk) for chunk in chunks]
        every = [each for some in plans for each in some]
        counts = Counter[str](each.outcome for each in every)
        counts["merged"] = sum(len(each.entries) - 1 for each in every)
        place = path(self.found.id, f"{self.found.doing}-{self.found.attempt}", f"{self.n}.json")
        outcomes = decided(self.ports, self.scope, place, counts)
        show(self.ports, self.scope, self.found, (row for each in every for row in _examples(each)))
        if self.found.doing == "import":
            self._keep(every, only_new=True)
            for chunk, some in zip(chunks, plans, strict=True):
                self._write(chunk, some)
        return outcomes

    def back(self) -> dict[str, int]:
        chunks = list(_chunks(self._images()))
        counts = Counter[str](what for chunk in chunks for what, _ in self._decide(chunk))
        place = path(self.found.id, f"undo-{self.found.attempt}", f"{self.n}.json")
        outcomes = decided(self.ports, self.scope, place, counts)
        for chunk in chunks:
            self._restore(chunk)
        return outcomes

    def _plan(self, chunk: Mapping[str, list[E]]) -> list[Planned[N, E]]:
        stored = by_id(self.ports, self.scope, self.noun.kind, list(chunk))
        return self.noun.plan(self.ports, self.scope, self.found, chunk, stored)

    def _write(self, chunk: Mapping[str, list[E]], plans: list[Planned[N, E]]) -> None:
        """Write what differs; where somebody was faster, plan these again."""
        while True:
            writes = [Write(each.id, each.after.model_dump(mode="json"), each.rev) for each in _changed(plans)]
            if self._written(writes):
                return
            plans = self._plan(chunk)
            self._keep(plans, only_new=False)

    def _restore(self, chunk: Mapping[str, Body]) -> None:
        while not self._written([write for _, write in self._decide(chunk) if write]):
            continue

    def _written(self, writes: Sequence[Write]) -> bool:
        """False: somebody was faster, and nothing is written."""
        try:
            if writes:
                self.ports.documents.batch(self.scope, self.noun.kind, writes)
        except Stale:
            return False
        return True

    def _decide(self, chunk: Mapping[str, Body]) -> Iterator[tuple[str, Write | None]]:
        present = by_id(self.ports, self.scope, self.noun.kind, list(chunk))
        for id, image in chunk.items():
            document, read = present.get(id), self.noun.model.model_validate
            now = read(document.body) if document else None
            before = read(image["before"]) if image["before"] else None
            what, back = self.noun.taken_back(self.ports, self.scope, now, before, read(image["after"]))
            if document is None or back == now:
                yield what, None
            else:
                yield what, Write(id, back.model_dump(mode="json") if back else None, document.rev)

    def _rows(self) -> dict[str, list[E]]:
        rows: dict[str, list[E]] = {}
        for line in self.ports.files.get(self.scope, path(self.found.id, "batches", f"{self.n}.jsonl")).splitlines():
            if line:  # erasure may have left an empty one
                entry = self.noun.entry.model_validate_json(line)
                rows.setdefault(entry.id, []).append(entry)
        return rows

    def _images(self) -> dict[str, Body]:
        try:
            kept: dict[str, Body] = orjson.loads(self.ports.files.get(self.scope, self._before))
        except FileNotFoundError:
            return {}
        return kept

    def _keep(self, plans: Sequence[Planned[N, E]], only_new: bool) -> None:
        """What these were and are made to be; whoever was killed finds it again: what was kept first stays."""
        kept = self._images()
        new = {
            each.id: {
                "before": each.before.model_dump(mode="json") if each.before else None,
                "after": each.after.model_dump(mode="json"),
            }
            for each in _changed(plans)
            if not (only_new and each.id in kept)
        }
        if new:
            self.ports.files.put(self.scope, self._before, orjson.dumps(kept | new))

    @property
    def _before(self) -> str:
        return path(self.found.id, "before", f"{self.n}.json")


def _changed(plans: Sequence[Planned[N, E]]) -> list[Planned[N, E]]:
    return [each for each in plans if each.after != each.before]


def _examples(each: Planned[N, E]) -> Iterator[Example]:
    """Each row with what becomes of it and why."""
    first, *others = each.entries
    yield _example(first, each.outcome, each.why)
    for other in others:
        yield _example(other, "merged", f"the same as in line {first.line}")


def _example(entry: Entry, outcome: RowOutcome, why: str) -> Example:
    return Example(outcome=outcome, line=entry.line, file=entry.file, title=entry.name, why=why[:200])


def _chunks(of: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    every = list(of.items())
    yield from (dict(every[at : at + _CHUNK]) for at in range(0, len(every), _CHUNK))
