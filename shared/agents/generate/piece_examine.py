"""Words become a text of a piece, and proposals a plan: laid out, checked, every claim with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from shared.domain.checks import claims, finding, notes
from shared.domain.claims import READ, Source, judge
from shared.domain.draft import Finding
from shared.domain.formats import FormatName, Words, named
from shared.domain.formats_checks import format_findings
from shared.domain.formats_layout import published
from shared.domain.knowledge import Hit, citation_of, source_name
from shared.domain.piece import Piece, PieceRequest, PieceText, Plan, Point
from shared.domain.style_guide import StyleGuide
from shared.domain.wording import BUILT_IN_WRITER
from shared.render.personal import with_fallbacks
from shared.render.sandbox import judge as template_findings


class Written(NamedTuple):
    """What a writer handed in for one text."""

    format: FormatName
    words: Words
    language: str
    notes: list[str]
    by: str


def sources_of(piece: Piece, confirmed: Sequence[Source], passages: Sequence[Hit]) -> list[Source]:
    """All that a text may rest on: the brief, the sender, a plan that a person confirmed, facts, passages."""
    brief, plan = piece.request.brief, piece.plan
    planned = [plan.message, *(point.text for point in plan.points)] if plan and piece.confirmed_by else []
    return [
        Source("offer", brief.offer),
        *(Source(f"facts.{number}", fact) for number, fact in enumerate(brief.facts)),
        Source("goal", brief.goal),
        Source("audience", "\n".join([brief.audience, *piece.request.audiences])),
        Source("call", f"{brief.call_to_action.text}\n{brief.call_to_action.url}"),
        Source("sender", piece.request.sender),
        *(Source("plan", text) for text in planned),
        *confirmed,
        *(Source(source_name(hit.citation), hit.passage.text) for hit in passages),
    ]


def plan_of(request: PieceRequest, proposed: dict[str, Any], sources: Sequence[Source]) -> Plan:
    """The proposal as a plan. Points that their source does not carry are left out and named.

    Raises ValueError (pydantic's among them) for what is no plan, or a message that nobody has said."""
    language = request.brief.language
    if beyond := _beyond(str(proposed["message"]), sources, language):
        raise ValueError(f"message: {beyond}")
    points, left_out = [], []
    for each in proposed["points"]:
        point = Point.model_validate(each)
        carriers = [source for source in sources if source.id == point.source]
        if carriers and not _beyond(point.text, carriers, language):
            points.append(point)
        else:
            left_out.append(" ".join(point.text.split())[:200])
    return Plan(
        message=proposed["message"], angles=proposed["angles"], points=points, call=proposed["call"],
        formats=[*request.formats], audiences=request.audiences or [request.brief.audience], left_out=left_out,
    )  # fmt: skip


def look_at(
    text: PieceText, written: Written, request: PieceRequest, sources: Sequence[Source], guide: StyleGuide
) -> PieceText:
    """The text with these words, laid out and with all its findings."""
    made = text.model_copy(update={"words": written.words, "language": written.language, "written_by": written.by})
    broken = [each for where, said in named(written.words) for each in template_findings(said, where)]
    if broken:
        return made.model_copy(update={"findings": broken, "published": "", "claims": [], "citations": []})
    call = request.brief.call_to_action
    whole = published(
        written.format, written.words, sender=request.sender, call=call.text, url=str(call.url),
        language=written.language, written_by=written.by,
    )  # fmt: skip
    seen = _seen(written.words)
    found = format_findings(written.format, seen, written.language, with_fallbacks(whole), sources, guide)
    found += [*_language(written, request), *notes(written.notes)]
    cited = claims(named(seen), written.language, sources)
    read = [citation_of(name) for claim in cited for name in claim.sources if name.startswith("passage:")]
    return made.model_copy(
        update={"published": whole, "findings": found, "claims": cited, "citations": [*dict.fromkeys(read)]}
    )


def _seen(words: Words) -> Words:
    """As somebody reads it of whom nothing is known."""
    return {
        name: [*map(with_fallbacks, said)] if isinstance(said, list) else with_fallbacks(said)
        for name, said in words.items()
    }


def _language(written: Written, request: PieceRequest) -> list[Finding]:
    if written.language == request.brief.language:
        return []
    reason = f"written in {written.language!r}, asked for in {request.brief.language!r}"
    return [finding("info" if written.by == BUILT_IN_WRITER else "error", "language", "text", reason)]


def _beyond(text: str, sources: Sequence[Source], language: str) -> str:
    if language not in READ:
        return ""
    judged = judge(text, sources, language)
    return next((each.reason for each in judged if each.verdict == "unsupported"), "")
