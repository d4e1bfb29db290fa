"""The certificate of an erasure as a page to hand over. It names nobody: codes, counts, times and a keyed hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.domain.data_use import HANDLINGS
from shared.domain.privacy import Check, Erasure, Requester, Treated
from shared.render.sheet import Section, Sheet, sheet_pdf
from shared.render.typesetting import Folders

REQUESTERS: Mapping[Requester, str] = {
    "person": "the person's",
    "guardian": "somebody's who acts for the person",
    "authority": "an authority's",
    "controller": "the client's whose data they are",
}
CHECKS: Mapping[Check, str] = {
    "wrote_from_the_address": "they wrote from the address that it is about",
    "signed_in": "they were signed in",
    "showed_a_document": "they showed a document",
    "known_in_person": "they are known in person",
    "not_needed": "not needed for this request",
}
_MEANING = (
    "Found: before anything was erased. Left: when everything had been looked through once more. What is kept is the "
    "keyed hash of the address, so that the person is not written to again even if a list brings the address back "
    "(GDPR Article 17(3)(b) and (e), Article 21(3)), and the journal, whose facts hold no personal data: their digests "
    "tell nothing without the evidence, which is gone. Backups that you make of the home, and services outside of it, "
    "are yours to clear; those that are set up are named above."
)


_UNCOUNTED = ("journal", "history", "disk")
"""Stores that are treated as a whole: nothing in them names anybody, or nobody can say whom."""


def certificate_pdf(erasure: Erasure, fonts: Folders = ()) -> bytes:
    """The same bytes for the same erasure."""
    found, erased = (sum(getattr(each, name) for each in erasure.treated) for name in ("found", "erased"))
    return sheet_pdf(
        Sheet(
            kind="Certificate of erasure",
            title=f"Erasure {erasure.id}",
            sentence=f"{found:,} records about one person were found, and {erased:,} of them erased.",
            facts=_facts(erasure),
            sections=[_stores(erasure), *_listed(erasure)],
            meaning=_MEANING,
            footer=f"Erasure {erasure.id}. SHA-256 {erasure.certificate}",
        ),
        fonts,
    )


def _facts(erasure: Erasure) -> list[tuple[str, str]]:
    done = erasure.completed_at
    return [
        ("Person", f"keyed hash {erasure.person}"),
        ("On whose request", f"{REQUESTERS[erasure.requested_by]}, received {erasure.received_at:%-d %B %Y}"),
        ("Identity", CHECKS[erasure.checked]),
        ("Due", f"{erasure.due:%-d %B %Y} (one month, GDPR Article 12(3))"),
        ("Ordered by", f"{erasure.by}, {erasure.started_at:%-d %B %Y %H:%M} UTC"),
        ("Completed", f"{done:%-d %B %Y %H:%M} UTC" if done else "not yet"),
        ("Workspaces", ", ".join(erasure.workspaces)),
        ("Where the stores lie", "; ".join(erasure.hosts) or "on the machine itself"),
        ("To be told", "; ".join(erasure.outside) or "nobody: nothing was handed on"),
    ]


def _stores(erasure: Erasure) -> Section:
    head = ("Workspace", "Store", "Found", "Erased", "Left", "What was done")
    return Section("Store by store", "", head, (3, 4, 2, 2, 2, 9), certificate_rows(erasure))


def certificate_rows(erasure: Erasure) -> list[tuple[str, ...]]:
    """Workspace, store, found, erased, left, what was done: a line for each store."""
    return [_row(each) for each in erasure.treated]


def _row(each: Treated) -> tuple[str, ...]:
    uncounted = not each.found and each.store in _UNCOUNTED
    counts = ("–",) * 3 if uncounted else (f"{each.found:,}", f"{each.erased:,}", f"{each.left:,}")
    return (each.workspace, each.store, *counts, HANDLINGS[each.handling])


def _listed(erasure: Erasure) -> list[Section]:
    decide = "These name the person. They were not changed: what was approved or signed is for people to decide."
    lost = (
        "These are encrypted, and the keys of this home do not open them: whether they are about the person, nobody "
        "can say here. They were not changed: with the key that is missing, if it is found, they can be read."
    )
    titles = (("For a person to decide", "listed", decide), ("Not to be read here", "unreadable", lost))
    sections = [(title, lead, list(_places(erasure, handling))) for title, handling, lead in titles]
    return [Section(title, lead, ("Workspace", "Where"), (1, 5), found) for title, lead, found in sections if found]


def _places(erasure: Erasure, handling: str) -> Iterator[tuple[str, str]]:
    for each in erasure.treated:
        if each.handling == handling:
            yield from ((each.workspace, place) for place in each.places)
