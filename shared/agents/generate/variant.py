"""One variant of one version of a campaign: written, looked at again, said otherwise in one part, or taken from a
piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from pydantic import ValidationError

from shared.agents.asking import Answered, Call, ask, recorded, tally_of
from shared.agents.channel_formats import format_of
from shared.agents.generate.basis import basis_of
from shared.agents.generate.examine import examine, for_a_person
from shared.agents.generate.handed import handed, plan_sources
from shared.agents.generate.piece_prompt import channel_question, part_question
from shared.agents.generate.prompt import question, seed_of_variant
from shared.agents.generate.second_reader import read_again
from shared.agents.generate.short_examine import examine_short
from shared.domain.budget import added
from shared.domain.campaign import Campaign
from shared.domain.checks import notes
from shared.domain.draft import Draft, Finding, draft_id
from shared.domain.names import Kind, Verb
from shared.domain.part import DraftWish, PartRequest
from shared.domain.placeholders import clean
from shared.domain.scope import Scope
from shared.domain.wording import BUILT_IN_WRITER, BY_A_PERSON, Copy, ShortCopy
from shared.ports import Ports, Question

ASKED_AT_MOST = 3
"""Times that a variant is asked for: once, and twice more with what was wrong."""
AGENT = "copywriter"
"""Whose budget pays."""


class Writing:
    """One variant of the campaign's next version, from the question to a draft. `others` are its variants so far."""

    def __init__(
        self,
        ports: Ports,
        scope: Scope,
        instance: str,
        campaign: Campaign,
        variant: Literal["A", "B", "C", "D"],
        others: Mapping[str, str],
    ) -> None:
        self._ports, self._scope, self._campaign, self._variant = ports, scope, campaign, variant
        self._others, self._format = others, format_of(ports, campaign.request)
        self._tape = f"{instance}~{Verb.GENERATE}~{campaign.version + 1}~{variant}"
        basis = basis_of(ports, scope, campaign, self._tape, anew=self._unanswered())
        self._basis = basis._replace(sources=[*basis.sources, *plan_sources(ports, scope, campaign)])

    def write(self) -> tuple[Draft | None, list[Finding]]:
        """The draft, or None and what blocks it: asked for until nothing blocks it, or nothing but what a person must
        answer for. What was written stays as it is unless a wish is about it."""
        draft, findings = self._written()
        if draft is None or not for_a_person(self._campaign, draft):
            return draft, findings
        sources = self._basis.sources
        draft = read_again(self._ports, self._scope, f"{self._tape}~read", self._campaign, draft, sources)
        return draft, [each for each in draft.findings if each.severity == "error"]

    def _written(self) -> tuple[Draft | None, list[Finding]]:
        campaign, before = self._campaign, self._previous
        if before and campaign.change_wish is None:
            wish = campaign.part_wish
            return self._part(wish, before) if wish and wish.variant == self._variant else self._again(before)
        own = campaign.journey.words if campaign.journey else None
        taken = campaign.request.piece or campaign.request.texts or own
        draft, findings = self._taken() if taken and not before else self._ask()
        if draft and (not draft.blocked or for_a_person(campaign, draft)):
            return draft, findings
        return None, findings

    def _unanswered(self) -> bool:
        """Nothing was written yet of what an earlier execution has read: it may have waited for long."""
        if self._previous and self._campaign.change_wish is None and not self._campaign.part_wish:
            return False
        first = "part~0" if self._campaign.part_wish and self._campaign.change_wish is None else "0"
        return recorded(self._ports, self._scope, f"{self._tape}~{first}") is None

    def _again(self, before: Draft, remarks: Sequence[Finding] = ()) -> tuple[Draft | None, list[Finding]]:
        draft, findings = self._looked_at(_words(before), before.written_by, remarks)
        kept = {"cost": before.cost, "by_hand": before.by_hand, "origin": before.origin}
        return draft.model_copy(update=kept) if draft else None, findings

    def _taken(self) -> tuple[Draft | None, list[Finding]]:
        """The words of a piece, of another campaign or of a person, as they are."""
        if (journey := self._campaign.journey) and journey.words:
            return self._looked_at(journey.words, BY_A_PERSON)
        found = handed(self._ports, self._scope, self._campaign, self._format, self._variant)
        if isinstance(found, Finding):
            return None, [found]
        draft, findings = self._looked_at(found.words, found.written_by)
        kept = {"origin": found.origin, "by_hand": [*found.by_hand]}
        return draft.model_copy(update=kept) if draft else None, findings

    def _part(self, wish: PartRequest | DraftWish, before: Draft) -> tuple[Draft | None, list[Finding]]:
        """All other parts byte for byte. What cannot be laid out is not taken, and that is said."""
        if isinstance(wish, DraftWish):
            return self._edited(wish, before)
        if wish.text is not None:
            draft, findings = self._looked_at(_words(before).exchanged(wish.part, wish.text), before.written_by)
            by_hand, cost = [*dict.fromkeys([*before.by_hand, wish.part])], before.cost
        else:
            draft, findings, cost = self._part_asked(wish, before)
            by_hand = [part for part in before.by_hand if part != wish.part]
        if draft is None:
            return self._unchanged(before, wish.part, findings)
        return draft.model_copy(update={"cost": cost, "by_hand": by_hand, "origin": before.origin}), findings

    def _edited(self, wish: DraftWish, before: Draft) -> tuple[Draft | None, list[Finding]]:
        """In a person's own words, or as an earlier version had it; either is looked at as if it were new."""
        source = self._version(wish.version) if wish.version else before
        words = _words(source)
        for part, text in wish.parts.items():
            words = words.exchanged(part, text)
        draft, findings = self._looked_at(words, source.written_by)
        if draft is None:
            return self._unchanged(before, "text", findings)
        by_hand = [*dict.fromkeys([*source.by_hand, *wish.parts])]
        return draft.model_copy(update={"cost": before.cost, "by_hand": by_hand, "origin": source.origin}), findings

    def _unchanged(self, before: Draft, where: str, findings: Sequence[Finding]) -> tuple[Draft | None, list[Finding]]:
        reason = f"it stays as it was: {findings[0].reason}"
        return self._again(before, [Finding(severity="warning", rule="part-unchanged", where=where, reason=reason)])

    def _part_asked(self, wish: PartRequest, before: Draft) -> tuple[Draft | None, list[Finding], dict[str, int]]:
        copy, request, draft = _words(before), self._campaign.request, None
        cost, new = before.cost, list[Finding]()
        accepted = {(each.rule, each.reason) for each in before.findings}
        for attempt in range(ASKED_AT_MOST):
            spot = (copy.format, self._variant, self._seed(attempt))
            part = (wish.part, wish.comment or "")
            asked = part_question(
                request.brief, request.sender.name, None, spot, copy.words, part, self._basis.guide, new
            )  # fmt: skip
            answer = self._asked(f"part~{attempt}", asked)
            cost = added(cost, tally_of(answer))
            said = copy.exchanged(wish.part, clean(str(answer.data["text"])).strip())
            by = answer.model if answer.model != BUILT_IN_WRITER else before.written_by
            made, findings = self._looked_at(said, by, notes([str(note) for note in answer.data["notes"]]))
            draft = made or draft
            new = [each for each in findings if (each.rule, each.reason) not in accepted]
            if made and not new:
                break
        return draft, new, cost

    def _ask(self) -> tuple[Draft | None, list[Finding]]:
        draft, findings, cost = None, list[Finding](), dict[str, int]()
        for attempt in range(ASKED_AT_MOST):
            answer = self._asked(str(attempt), self._question(attempt, findings))
            cost = added(cost, tally_of(answer))
            draft, findings = self._examine(answer)
            if draft and not draft.blocked:
                break
        by_hand = self._previous.by_hand if self._previous else []
        return draft.model_copy(update={"cost": cost, "by_hand": by_hand}) if draft else None, findings

    def _question(self, attempt: int, findings: Sequence[Finding]) -> Question:
        campaign, before, basis = self._campaign, self._previous, self._basis
        if self._format == "email":
            return question(campaign, self._variant, attempt, findings, before, basis.passages, basis.guide)
        spot = (self._format, self._variant, self._seed(attempt))
        words = before.words.words if before and before.words else None
        return channel_question(campaign, spot, basis.guide, basis.passages, self._others, words, findings)

    def _asked(self, what: str, asked: Question) -> Answered:
        campaign = self._campaign
        call = Call(f"{self._tape}~{what}", asked, AGENT, campaign=campaign.id, local=campaign.local_only)
        return ask(self._ports, self._scope, call)

    def _examine(self, answer: Answered) -> tuple[Draft | None, list[Finding]]:
        try:
            copy = self._read(answer).mapped(clean)
        except ValidationError as error:
            return None, [_unreadable(error)]
        return self._looked_at(_kept_by_hand(copy, self._previous), answer.model, _written_elsewhere(answer))

    def _read(self, answer: Answered) -> Copy | ShortCopy:
        if self._format == "email":
            return Copy.model_validate(answer.data)
        words = {name: said for name, said in answer.data.items() if name not in ("language", "notes")}
        said = {name: answer.data.get(name) for name in ("language", "notes")}
        return ShortCopy.model_validate({"format": self._format, "words": words, **said})

    def _looked_at(
        self, copy: Copy | ShortCopy, written_by: str, remarks: Sequence[Finding] = ()
    ) -> tuple[Draft | None, list[Finding]]:
        place = self._ports, self._scope, self._campaign
        if isinstance(copy, ShortCopy):
            return examine_short(*place, copy, self._variant, written_by, self._basis, self._tape, remarks)
        return examine(*place, copy, self._variant, written_by, self._basis, self._tape, remarks)

    def _seed(self, attempt: int) -> int:
        return seed_of_variant(self._campaign, self._variant) + attempt

    @cached_property
    def _previous(self) -> Draft | None:
        """The draft of the present version, which a wish or a second look is about."""
        return self._kept(self._campaign.version) if self._campaign.version else None

    def _version(self, version: int) -> Draft:
        draft = self._kept(version)
        assert draft is not None, "what a person asked to have back was there, and drafts never go"
        return draft

    def _kept(self, version: int) -> Draft | None:
        found = self._ports.documents.get(self._scope, Kind.DRAFT, draft_id(self._campaign.id, version, self._variant))
        return Draft.model_validate(found.body) if found else None


def _words(draft: Draft) -> Copy | ShortCopy:
    assert draft.words is not None, "every draft that a person is asked about keeps its words"
    return draft.words


def _kept_by_hand(copy: Copy | ShortCopy, before: Draft | None) -> Copy | ShortCopy:
    """With the parts that a person wrote; a list of which an item is theirs stays whole, in its order."""
    if before is None or before.words is None or type(before.words) is not type(copy):
        return copy
    own = {part.partition(".")[0] for part in before.by_hand}
    theirs = {name: said for name, said in before.words.words.items() if name in own}
    if isinstance(copy, ShortCopy):
        return copy.model_copy(update={"words": copy.words | theirs})
    return copy.model_copy(update=theirs)


def _written_elsewhere(answer: Answered) -> list[Finding]:
    """That not the home wrote it which would have been asked first, if the approver may want it written again."""
    if answer.offline:
        reason = f"written offline by {answer.model}: {answer.why}"
        return [Finding(severity="info", rule="written-offline", where="text", reason=reason)]
    if answer.code in ("failover", "budget"):
        return [
            Finding(severity="info", rule="written-elsewhere", where="text", reason=f"by {answer.model}: {answer.why}")
        ]
    return []


def _unreadable(error: ValidationError) -> Finding:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "answer"
    return Finding(severity="error", rule="answer-shape", where=where, reason=first["msg"])
