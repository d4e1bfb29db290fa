"""What a person answers to a sentence of a piece that no source carries: vouch for it, name who says it, or have it
said otherwise."""

from __future__ import annotations

from shared.agents import confirmed, knowledge, style_guide
from shared.agents.campaigns.claims import check_passage
from shared.agents.generate.basis import PASSAGES
from shared.agents.generate.piece_examine import Written, look_at, sources_of
from shared.agents.pieces import rewrite
from shared.agents.records import Records
from shared.domain.draft import Finding
from shared.domain.fact import REPHRASE, ClaimRequest, FactRequest
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.formats import named
from shared.domain.names import Kind
from shared.domain.piece import PartWish, Piece, PieceText
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.personal import with_fallbacks

_PIECES = Records(Kind.PIECE, Piece)
_KEPT = ("writer-note", "variants-alike")
"""Findings of the writing itself: they do not come again when a text is only looked at."""


def answer_claim(ports: Ports, scope: Scope, id: str, by: str, request: ClaimRequest) -> Piece:
    """Keep the answer and hold every text against its sources once more; the words stay. After `rephrase` the caller
    starts the flow. Raises Rejected for a sentence that is not in question, Conflict when nothing can be answered."""
    found = _PIECES.load(ports, scope, id)
    if found.status != "ready":
        raise Conflict("answer", f"there is nothing to answer; the piece is {found.status}")
    said_in = [text for text in found.texts if request.sentence in _unsaid(text)]
    if not said_in:
        raise Rejected(FieldError("sentence", "no text of the piece says this without a source"))
    if request.answer == "rephrase":
        return rewrite(ports, scope, id, by, _wish(said_in[0], request))
    if request.passage is not None:
        check_passage(ports, scope, request.passage)
    kept = confirmed.confirm(
        ports, scope, by, FactRequest(text=request.sentence, until=request.until, source=request.passage)
    )
    said = {"fact": kept.id, "answer": request.answer}
    ports.journal.append(scope, f"piece/{id}", ports.clock.now(), by, "confirmed", said)
    return _looked_at_again(ports, scope, id)


def _looked_at_again(ports: Ports, scope: Scope, id: str) -> Piece:
    def again(piece: Piece) -> None:
        brief = piece.request.brief
        passages = knowledge.search(ports, scope, f"{brief.offer} {brief.goal}"[:400], PASSAGES)
        sources = sources_of(piece, confirmed.carrying(ports, scope), passages)
        guide = style_guide.read(ports, scope)

        def look(text: PieceText) -> PieceText:
            if not text.words:
                return text
            written = Written(text.format, text.words, text.language, [], text.written_by)
            made = look_at(text, written, piece.request, sources, guide)
            made.findings += [each for each in text.findings if each.rule in _KEPT]
            return made

        piece.texts = [look(text) for text in piece.texts]

    return _PIECES.change(ports, scope, id, again)


def _unsaid(text: PieceText) -> list[str]:
    return [claim.sentence for claim in text.claims if not claim.sources]


def _wish(text: PieceText, request: ClaimRequest) -> PartWish:
    """To the part that says it; where it runs over two, to the one that was found at fault."""
    flat = " ".join(request.sentence.split())
    says = [where for where, said in named(text.words) if flat in " ".join(with_fallbacks(said).split())]
    part = says[0] if says else _at_fault(text.findings, text)
    wish = f"{REPHRASE}{request.sentence}" + (f" ({request.comment})" if request.comment else "")
    return PartWish(text=text.id, part=part, comment=wish[:2000])


def _at_fault(findings: list[Finding], text: PieceText) -> str:
    there = [where for where, _ in named(text.words)]
    return next((each.where for each in findings if each.severity == "error" and each.where in there), there[0])
