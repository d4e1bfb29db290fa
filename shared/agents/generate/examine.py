"""Words become a draft: laid out, checked, every claim with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shared.agents.generate.basis import Basis
from shared.agents.generate.texting import text_findings
from shared.domain.campaign import Campaign
from shared.domain.checks import UNGROUNDED, claims, review
from shared.domain.draft import Draft, Finding
from shared.domain.knowledge import citation_of
from shared.domain.likeness import ALIKE, nearest
from shared.domain.scope import Scope
from shared.domain.style_guide import style_findings
from shared.domain.wording import Copy
from shared.ports import Ports
from shared.render.letter import lay_out
from shared.render.personal import draft_findings, with_fallbacks
from shared.render.sandbox import judge

Variant = Literal["A", "B", "C", "D"]


def examine(
    ports: Ports,
    scope: Scope,
    campaign: Campaign,
    copy: Copy,
    variant: Variant,
    written_by: str,
    basis: Basis,
    tape: str,
    remarks: Sequence[Finding] = (),
) -> tuple[Draft | None, list[Finding]]:
    """The draft of the campaign's next version with all its findings, and those that block it. What is counted for it
    is kept on the tape under `tape`.

    None if the words cannot be laid out at all: they break the rules of templates."""
    broken = [finding for where, text in copy.parts() for finding in judge(text, where)]
    if broken:
        return None, broken
    version = campaign.version + 1
    laid = lay_out(
        copy,
        campaign.request,
        campaign=campaign.id,
        version=version,
        variant=variant,
        written_by=written_by,
        look=basis.look,
    )
    seen_by_strangers = copy.mapped(with_fallbacks)
    findings = [
        *remarks,
        *draft_findings(laid),
        *review(laid, seen_by_strangers, campaign.request, basis.sources),
        *text_findings(ports, scope, campaign, laid, tape),
        *style_findings(basis.guide, seen_by_strangers.parts(), copy.language),
    ]
    cited = claims(seen_by_strangers.parts(), copy.language, basis.sources)
    read = [citation_of(name) for claim in cited for name in claim.sources if name.startswith("passage:")]
    kept = {"findings": findings, "words": copy, "claims": cited, "citations": [*dict.fromkeys(read)]}
    draft = laid.model_copy(update=kept)
    return draft, [each for each in findings if each.severity == "error"]


def for_a_person(campaign: Campaign, draft: Draft | None) -> bool:
    """May it be shown although it is blocked? If all that is wrong is what only a person knows: whether it is true."""
    errors = [finding for finding in draft.findings if finding.severity == "error"] if draft else []
    return bool(errors) and campaign.request.approval == "required" and all(each.rule in UNGROUNDED for each in errors)


def apart(draft: Draft, others: Sequence[Draft]) -> Draft:
    """The draft; with a warning and the figure if it hardly differs from another variant."""
    alike = nearest(_spoken(draft), [(other.variant, _spoken(other)) for other in others])
    if alike is None or alike[1] >= ALIKE:
        return draft
    reason = f"differs from variant {alike[0]} by {alike[1]} %; below {ALIKE} % they are one text said twice"
    warned = Finding(severity="warning", rule="variants-alike", where="text", reason=reason)
    return draft.model_copy(update={"findings": [*draft.findings, warned]})


def _spoken(draft: Draft) -> str:
    return "\n".join(text for _, text in draft.words.parts()) if draft.words else draft.text
