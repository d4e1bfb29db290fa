"""generate: write the variants of a campaign's next version, check them, and keep them as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import ValidationError

from shared.agents.asking import Answered, Call, NoHome, Waiting, ask, recorded, tally_of
from shared.agents.generate.basis import Basis, basis_of
from shared.agents.generate.examine import apart, examine, for_a_person
from shared.agents.generate.prompt import question
from shared.agents.records import change, load, note
from shared.agents.roster import AgentOff
from shared.domain.budget import OverBudget, added
from shared.domain.campaign import ENDED, Campaign
from shared.domain.draft import Draft, Finding, draft_id
from shared.domain.money import MixedCurrencies
from shared.domain.names import Kind, Verb
from shared.domain.outcome import Done, Later, Outcome, Refused
from shared.domain.placeholders import clean
from shared.domain.scope import Scope
from shared.domain.wording import Copy
from shared.ports import Ports, Stale

VARIANTS: tuple[Literal["A", "B", "C", "D"], ...] = ("A", "B", "C", "D")
ASKED_AT_MOST = 3
"""Times that a variant is asked for: once, and twice more with what was wrong."""
ASKED_AGAIN = timedelta(minutes=10)
"""So often it is looked whether a person has given the budget more."""
AGENT = "copywriter"
"""Whose budget pays."""


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """Done({version}) once all variants are stored; Refused, and the campaign failed, if one stays blocked.

    May be repeated at any moment: answers come from the tape, drafts are created once, and a version that is already
    written (no change is wished) is only named. Later if no model or no money is there now. Raises ModelUnavailable."""
    scope, id = Scope(*order["scope"]), order["campaign"]
    campaign = load(ports, scope, id)
    if campaign.status == "failed":
        return Refused("brief", campaign.status_reason or "the campaign failed")
    if campaign.status in ENDED or (campaign.version and campaign.change_wish is None and not campaign.recheck):
        return Done({"version": campaign.version})
    try:
        drafts: list[Draft] = []
        for variant in VARIANTS[: campaign.request.variants]:
            written, findings = _Writing(ports, scope, order["instance"], campaign, variant).write()
            if written is None:
                return _refuse(ports, scope, campaign, "brief", _blocked(variant, findings))
            drafts.append(apart(written, drafts))
    except Waiting as waiting:
        return _later(ports, scope, campaign, waiting.until, "model", f"waits for a model: {waiting}")
    except OverBudget as over:
        return _over(ports, scope, campaign, over)
    except MixedCurrencies as two:
        return _later(ports, scope, campaign, ports.clock.now() + ASKED_AGAIN, "budget", str(two))
    except AgentOff as off:
        return _later(ports, scope, campaign, ports.clock.now() + ASKED_AGAIN, "agent", str(off))
    except NoHome as nobody:
        return _refuse(ports, scope, campaign, "models", str(nobody))
    return _keep(ports, scope, campaign, drafts)


class _Writing:
    """One variant of one version, from the question to a draft without errors."""

    def __init__(
        self, ports: Ports, scope: Scope, instance: str, campaign: Campaign, variant: Literal["A", "B", "C", "D"]
    ) -> None:
        self._ports, self._scope, self._campaign, self._variant = ports, scope, campaign, variant
        self._version = campaign.version + 1
        self._tape = f"{instance}~{Verb.GENERATE}~{self._version}~{variant}"
        self._cost: dict[str, int] = {}
        self._basis: Basis = basis_of(ports, scope, campaign, self._tape, anew=self._unanswered())

    def write(self) -> tuple[Draft | None, list[Finding]]:
        """The draft, or None and what blocks it: what was written looked at again, else asked for until nothing blocks
        it, or nothing but what a person must answer for."""
        if self._campaign.recheck and self._campaign.change_wish is None:
            return self._again()
        draft, findings = self._ask()
        if draft and (not draft.blocked or for_a_person(self._campaign, draft)):
            return draft, findings
        return None, findings

    def _unanswered(self) -> bool:
        """Nothing was written yet of what an earlier execution has read: it may have waited for long."""
        looked_at = self._campaign.recheck and self._campaign.change_wish is None
        return not looked_at and recorded(self._ports, self._scope, f"{self._tape}~0") is None

    def _again(self) -> tuple[Draft | None, list[Finding]]:
        before = self._previous()
        assert before is not None, "only what was written is looked at again"
        assert before.words is not None, "every draft that a person is asked about keeps its words"
        draft, findings = self._looked_at(before.words, before.written_by)
        return draft.model_copy(update={"cost": before.cost}) if draft else None, findings

    def _ask(self) -> tuple[Draft | None, list[Finding]]:
        draft, findings, basis = None, list[Finding](), self._basis
        for attempt in range(ASKED_AT_MOST):
            before = self._previous()
            asked = question(self._campaign, self._variant, attempt, findings, before, basis.passages, basis.guide)
            call = Call(f"{self._tape}~{attempt}", asked, AGENT, campaign=self._campaign.id)
            answer = ask(self._ports, self._scope, call)
            self._cost = added(self._cost, tally_of(answer))
            draft, findings = self._examine(answer)
            if draft and not draft.blocked:
                break
        return draft.model_copy(update={"cost": self._cost}) if draft else None, findings

    def _examine(self, answer: Answered) -> tuple[Draft | None, list[Finding]]:
        try:
            copy = Copy.model_validate(answer.data).mapped(clean)
        except ValidationError as error:
            return None, [_unreadable(error)]
        return self._looked_at(copy, answer.model, _written_elsewhere(answer))

    def _looked_at(
        self, copy: Copy, written_by: str, remarks: Sequence[Finding] = ()
    ) -> tuple[Draft | None, list[Finding]]:
        return examine(
            self._ports, self._scope, self._campaign, copy, self._variant, written_by, self._basis, self._tape, remarks
        )

    def _previous(self) -> Draft | None:
        """The draft that the approver wants changed."""
        if not self._campaign.version:
            return None
        key = draft_id(self._campaign.id, self._campaign.version, self._variant)
        found = self._ports.documents.get(self._scope, Kind.DRAFT, key)
        return Draft.model_validate(found.body) if found else None


def _keep(ports: Ports, scope: Scope, campaign: Campaign, drafts: list[Draft]) -> Outcome:
    """Store the drafts, then make their version the campaign's."""
    version = campaign.version + 1
    for draft in drafts:
        try:
            key = draft_id(campaign.id, version, draft.variant)
            ports.documents.put(scope, Kind.DRAFT, key, draft.model_dump(mode="json"))
        except Stale:
            continue  # An earlier execution stored it, from the same tape; a draft never changes.

    def advance(present: Campaign) -> None:
        if present.version < version:
            present.version, present.change_wish, present.recheck = version, None, False
            present.status_reason = None

    note(ports, scope, campaign.id, Verb.GENERATE, "written", {"version": version, "by": drafts[0].written_by})
    change(ports, scope, campaign.id, advance)
    return Done({"version": version})


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


def _over(ports: Ports, scope: Scope, campaign: Campaign, over: OverBudget) -> Outcome:
    """What the budget says is to be done: wait for its next period, or for a person who gives it more."""
    if over.then == "refuse":
        return _refuse(ports, scope, campaign, "budget", str(over))
    again = over.until if over.then == "wait" and over.until else ports.clock.now() + ASKED_AGAIN
    return _later(ports, scope, campaign, again, "budget", str(over))


def _later(ports: Ports, scope: Scope, campaign: Campaign, at: datetime, why: str, reason: str) -> Outcome:
    """Say on the campaign what it waits for."""

    def wait(present: Campaign) -> None:
        if present.status not in ENDED:
            present.status_reason = reason

    change(ports, scope, campaign.id, wait)
    return Later(at, why)


def _blocked(variant: str, findings: list[Finding]) -> str:
    said = "; ".join(f"{each.where}: {each.reason}" for each in findings[:3])
    return f"variant {variant} was written {ASKED_AT_MOST} times and stays blocked: {said}"


def _refuse(ports: Ports, scope: Scope, campaign: Campaign, field: str, reason: str) -> Outcome:
    """Say on the campaign what could not be mended."""

    def fail(present: Campaign) -> None:
        if present.status not in ENDED:
            present.status, present.status_reason = "failed", reason

    change(ports, scope, campaign.id, fail)
    return Refused(field, reason)


def _unreadable(error: ValidationError) -> Finding:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "answer"
    return Finding(severity="error", rule="answer-shape", where=where, reason=first["msg"])
