"""Words of a text message or a post become a draft: laid out, checked by the rules of its format and network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.agents.channels import channel_of
from shared.agents.generate.basis import Basis
from shared.agents.generate.examine import Variant
from shared.agents.generate.texting import text_findings
from shared.domain.campaign import Campaign
from shared.domain.checks import claims, finding, notes
from shared.domain.draft import Draft, Finding
from shared.domain.formats_checks import format_findings
from shared.domain.knowledge import citation_of
from shared.domain.required import promotion
from shared.domain.scope import Scope
from shared.domain.wording import BUILT_IN_WRITER, ShortCopy
from shared.ports import Ports
from shared.render.personal import draft_findings, with_fallbacks
from shared.render.sandbox import judge
from shared.render.short import lay_out_short


def examine_short(
    ports: Ports,
    scope: Scope,
    campaign: Campaign,
    copy: ShortCopy,
    variant: Variant,
    written_by: str,
    basis: Basis,
    tape: str,
    remarks: Sequence[Finding] = (),
) -> tuple[Draft | None, list[Finding]]:
    """As `examine` does it for mails."""
    broken = [each for where, text in copy.parts() for each in judge(text, where)]
    if broken:
        return None, broken
    version = campaign.version + 1
    laid = lay_out_short(
        copy, campaign.request, campaign=campaign.id, version=version, variant=variant, written_by=written_by
    )
    laid = laid.model_copy(update={"words": copy})
    seen = copy.mapped(with_fallbacks)
    whole = with_fallbacks(laid.text)
    found = [
        *remarks,
        *draft_findings(laid),
        *format_findings(copy.format, seen.words, copy.language, whole, basis.sources, basis.guide),
        *_kind(seen, campaign),
        *_language(copy, campaign, written_by),
        *notes(copy.notes),
    ]
    if channel_of(ports, campaign).tariff:  # It knows its own limit, and everybody's own values.
        found = [each for each in found if not each.rule.startswith("sms-")]
    found += text_findings(ports, scope, campaign, laid, tape)
    cited = claims(seen.parts(), copy.language, basis.sources)
    read = [citation_of(name) for claim in cited for name in claim.sources if name.startswith("passage:")]
    kept = {"findings": found, "claims": cited, "citations": [*dict.fromkeys(read)]}
    return laid.model_copy(update=kept), [each for each in found if each.severity == "error"]


def _kind(seen: ShortCopy, campaign: Campaign) -> Iterator[Finding]:
    """Rule C8: what is declared transactional must not advertise."""
    for where, text in seen.parts() if campaign.request.message == "transactional" else ():
        if (said := promotion(text)) is not None:
            reason = f"{said!r} advertises, but the message is declared transactional"
            yield finding("error", "promotion", where, reason)


def _language(copy: ShortCopy, campaign: Campaign, written_by: str) -> Iterator[Finding]:
    if copy.language != campaign.request.brief.language:
        reason = f"written in {copy.language!r}, asked for in {campaign.request.brief.language!r}"
        yield finding("info" if written_by == BUILT_IN_WRITER else "error", "language", "text", reason)
