"""One batch of an import. What becomes of its rows is decided and stored once, before the first write; the writes can
then be repeated after any kill, and the counts stay (design 4.7, 4.11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from shared.agents.contacts.columns import CHANNELS
from shared.agents.contacts.images import Images
from shared.agents.contacts.plan import Change, People, chunks_of, examples, people_of, plan, tallied
from shared.agents.contacts.proof import Proofs, evidenced
from shared.agents.contacts.records import change, load, path
from shared.agents.contacts.suppression import suppress_all
from shared.agents.contacts.taking import Taking
from shared.agents.contacts.undo import take_back
from shared.domain.contact import Contact
from shared.domain.imports import Doing, Example, Import
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import Ports, Stale, Write

_EXAMPLES = 5
"""Of each outcome."""


def pass_over(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
    """Preview batch `n`, merge it into the address book, or take it back, whichever the import is at."""
    return take_back(ports, scope, found, n) if found.doing == "undo" else _forward(ports, scope, found, n)


def apply(ports: Ports, scope: Scope, id: str, n: int, taking: Taking) -> Done:
    """One pass over batch `n`; count what came of it on the document."""
    found = load(ports, scope, id)
    outcomes = taking.pass_over(ports, scope, found, n)
    change(ports, scope, id, lambda present: _count(present, found.attempt, n, outcomes))
    return Done(outcomes)


def examples_of(ports: Ports, scope: Scope, id: str, doing: Doing) -> list[Example]:
    """Some rows of each outcome, as far as the pass has come."""
    try:
        stored = orjson.loads(ports.files.get(scope, _examples_path(id, doing)))
    except FileNotFoundError:
        return []
    return [Example.model_validate(each) for each in stored]


def _forward(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
    chunks = list(chunks_of(people_of(ports, scope, found, n)))
    plans = [plan(ports, scope, found, chunk) for chunk in chunks]
    changes = [each for some in plans for each in some]
    place = path(found.id, f"{found.doing}-{found.attempt}", f"{n}.json")
    outcomes = decided(ports, scope, place, tallied(changes))
    show(ports, scope, found, examples(changes))
    if found.doing == "import":
        _take_in(ports, scope, found, n, chunks, plans)
    return outcomes


def _take_in(
    ports: Ports, scope: Scope, found: Import, n: int, chunks: list[People], plans: list[list[Change]]
) -> None:
    """First who must not be written to, then what was there before, then the evidence, then the contacts."""
    changes = [each for some in plans for each in some]
    suppress_all(ports, scope, {each.before.person: each.no for each in changes if each.no}, f"import {found.id}")
    images = Images(ports, scope, found.id, n)
    images.keep(changes)
    told = evidenced(ports, scope, found, f"{found.id}-{n}", changes)
    for chunk, some in zip(chunks, plans, strict=True):
        _write(ports, scope, found, n, chunk, some, told, images)


def decided(ports: Ports, scope: Scope, file: str, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts of this batch: those of the first run that got here."""
    ports.files.put(scope, file, orjson.dumps(counts), only_new=True)
    kept: dict[str, int] = orjson.loads(ports.files.get(scope, file))
    return kept


def show(ports: Ports, scope: Scope, found: Import, rows: Iterable[Example]) -> None:
    """Keep the first rows of each outcome of which there are not enough yet. Repeating it changes nothing."""
    kept = {(each.outcome, each.file, each.line): each for each in examples_of(ports, scope, found.id, found.doing)}
    before = len(kept)
    for each in rows:
        if sum(outcome == each.outcome for outcome, _, _ in kept) < _EXAMPLES:
            kept.setdefault((each.outcome, each.file, each.line), each)
    if len(kept) > before:
        shown = sorted(kept.values(), key=lambda each: (each.outcome, each.file or "", each.line))
        data = orjson.dumps([each.model_dump() for each in shown])
        ports.files.put(scope, _examples_path(found.id, found.doing), data)


def _write(
    ports: Ports,
    scope: Scope,
    found: Import,
    n: int,
    people: People,
    changes: list[Change],
    told: Proofs,
    images: Images,
) -> None:
    """Write what differs; where somebody was faster, plan these people again."""
    while True:
        written = [(each, each.contact) for each in changes if each.is_written and each.contact]
        identities = [
            Write(each.before.person, {"contact": each.id}) for each in changes if each.contact and not each.named
        ]
        contacts = [
            Write(contact.id, _proved(contact, told).model_dump(mode="json"), each.rev) for each, contact in written
        ]
        try:
            for kind, writes in ((Kind.IDENTITY, identities), (Kind.CONTACT, contacts)):
                if writes:
                    ports.documents.batch(scope, kind, writes)
            return
        except Stale:
            changes = plan(ports, scope, found, people)
            images.replace(changes)
            told = evidenced(ports, scope, found, f"{found.id}-{n}", changes)


def _proved(contact: Contact, told: Proofs) -> Contact:
    proved = {
        each: contact.consent[each].model_copy(update={"evidence": told[contact.id, each]})
        for each in CHANNELS
        if (contact.id, each) in told
    }
    return contact.model_copy(update={"consent": {**contact.consent, **proved}}) if proved else contact


def _count(present: Import, attempt: int, n: int, outcomes: Mapping[str, int]) -> None:
    """Batches come one after another, so their number tells whether this one is counted already."""
    if (present.attempt, present.batches_done) == (attempt, n):
        present.batches_done = n + 1
        present.count(outcomes)


def _examples_path(id: str, doing: Doing) -> str:
    return path(id, f"examples-{doing}.json")
