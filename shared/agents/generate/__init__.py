"""generate: write the variants of a campaign's next version, check them, and keep them as drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import ValidationError

from shared.agents.asking import Answered, Call, NoHome, Waiting, ask, tally_of
from shared.agents.generate.prompt import question
from shared.agents.generate.texting import text_findings
from shared.agents.records import change, load, note
from shared.domain.budget import OverBudget, added
from shared.domain.campaign import ENDED, Campaign
from shared.domain.checks import review
from shared.domain.draft import Draft, Finding, draft_id
from shared.domain.money import MixedCurrencies
from shared.domain.names import Kind, Verb
from shared.domain.outcome import Done, Later, Outcome, Refused
from shared.domain.placeholders import clean
from shared.domain.scope import Scope
from shared.domain.wording import Copy
from shared.ports import Ports, Stale
from shared.render.letter import lay_out
from shared.render.personal import draft_findings, with_fallbacks
from shared.render.sandbox import judge

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
    if campaign.status in ENDED or (campaign.version and campaign.change_wish is None):
        return Done({"version": campaign.version})
    try:
        drafts = []
        for variant in VARIANTS[: campaign.request.variants]:
            written, findings = _Writing(ports, scope, order["instance"], campaign, variant).write()
            if written is None:
                return _refuse(ports, scope, campaign, "brief", _blocked(variant, findings))
            drafts.append(written)
    except Waiting as waiting:
        return _later(ports, scope, campaign, waiting.until, "model", f"waits for a model: {waiting}")
    except OverBudget as over:
        return _over(ports, scope, campaign, over)
    except MixedCurrencies as two:
        return _later(ports, scope, campaign, ports.clock.now() + ASKED_AGAIN, "budget", str(two))
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

    def write(self) -> tuple[Draft | None, list[Finding]]:
        """Ask until nothing blocks it; the draft, or None and what blocks it after the last time."""
        findings: list[Finding] = []
        for attempt in range(ASKED_AT_MOST):
            asked = question(self._campaign, self._variant, attempt, findings, self._previous())
            call = Call(f"{self._tape}~{attempt}", asked, AGENT, campaign=self._campaign.id)
            answer = ask(self._ports, self._scope, call)
            self._cost = added(self._cost, tally_of(answer))
            draft, findings = self._examine(answer)
            if draft and not draft.blocked:
                return draft.model_copy(update={"cost": self._cost}), findings
        return None, findings

    def _examine(self, answer: Answered) -> tuple[Draft | None, list[Finding]]:
        try:
            copy = Copy.model_validate(answer.data).mapped(clean)
        except ValidationError as error:
            return None, [_unreadable(error)]
        findings = [finding for where, text in copy.parts() for finding in judge(text, where)]
        if findings:
            return None, findings
        request = self._campaign.request
        draft = lay_out(
            copy,
            request,
            campaign=self._campaign.id,
            version=self._version,
            variant=self._variant,
            written_by=answer.model,
        )
        seen_by_strangers = copy.mapped(with_fallbacks)
        findings = [
            *_written_elsewhere(answer),
            *draft_findings(draft),
            *review(draft, seen_by_strangers, request, self._campaign.change_wish or ""),
            *text_findings(self._ports, self._scope, self._campaign, draft),
        ]
        return draft.model_copy(update={"findings": findings}), [each for each in findings if each.severity == "error"]

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
            present.version, present.change_wish, present.status_reason = version, None, None

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
