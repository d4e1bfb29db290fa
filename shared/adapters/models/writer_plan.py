"""The built-in writer's plans, and single parts written again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from shared.adapters.models.writer_order import SHORTER, Order, ended, sentence
from shared.adapters.models.writer_pieces import piece
from shared.domain.claims.lexicon import all_keys
from shared.domain.claims.sentences import sentences
from shared.domain.formats import FormatName, Words, named
from shared.ports import Body, Question

_SEEDS = 12
_PASSAGES_MOST = 3
_SAID_MOST = 300
_QUOTABLE = re.compile(r"^[A-ZÄÖÜ0-9][^\n<>{}\[\]|]{30,220}[.]$")


def plan(order: Order, question: Question) -> Body:
    """Message, points with their sources, call: what the brief says, then what passages say in whole sentences."""
    points = [{"text": sentence(fact)[:2000], "source": f"facts.{n}"} for n, fact in enumerate(order.facts)]
    quoted = [{"text": text, "source": source} for source, text in _quoted(order, question)]
    restore = order.shelf.restore
    return {
        "message": restore(sentence(order.offer))[:2000],
        "angles": dict(question.data["angles"]),
        "points": [{**point, "text": restore(point["text"])} for point in (*points, *quoted)],
        "call": restore(order.call)[:200],
    }


def part(question: Question) -> Body:
    """One part said otherwise: shorter if that is wished, else in the tone or the words of another try."""
    data = question.data
    where, said = data["part"]["where"], data["part"]["text"]
    order = Order.of(replace(question, data=data | {"change_wish": data["part"]["comment"]}))
    if re.search(SHORTER, data["part"]["comment"], re.IGNORECASE):
        text = _shorter(order, said)
        return {"text": text, "notes": [] if text != said else ["The built-in writer cannot make this part shorter."]}
    order = replace(order, angle=data["variant"])
    others = (_part_of(replace(order, seed=order.seed + n), data["format"], where) for n in range(1, _SEEDS))
    text = next((each for each in others if each is not None and each != said), said)
    notes = [*order.notes] if text != said else ["The built-in writer has no other words for this part."]
    return {"text": text, "notes": notes}


def _part_of(order: Order, format: FormatName, where: str) -> str | None:
    written = piece(order, format)
    words: Words = {name: said for name, said in written.items() if isinstance(said, str | list)}
    return dict(named(words)).get(where)


def _shorter(order: Order, said: str) -> str:
    """Without its last sentence; of a single one its beginning. A section keeps its heading."""
    heading, line, text = said.rpartition("\n")
    told = list(sentences(order.shelf.put(text)))
    if len(told) > 1:
        short = " ".join(told[:-1])
    else:
        short = order.short(text, max(12, len(text) * 2 // 3))
        short = ended(short) if text.rstrip().endswith((".", "!", "?")) else short
    return heading + line + order.shelf.restore(short)


def _quoted(order: Order, question: Question) -> Iterator[tuple[str, str]]:
    """Whole sentences of passages that share a word of meaning with the offer; strangers' text is only ever quoted."""
    about = {key for key in all_keys(order.offer) if key.startswith("stem:") and len(key) > 9}
    found = 0
    for passage in question.outside:
        for said in sentences(passage.text):
            fits = _QUOTABLE.match(said) and "://" not in said and "@" not in said
            if fits and about & all_keys(said) and found < _PASSAGES_MOST:
                found += 1
                yield passage.source, said
