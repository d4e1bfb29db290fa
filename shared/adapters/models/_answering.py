"""From what an endpoint says to an answer that may be used, or a clear failure."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import NamedTuple

from shared.adapters.models._parse import arguments, parsed
from shared.adapters.models._wire import checked
from shared.domain.routing import HomeName
from shared.ports import Answer, ModelUnavailable, Question, ToolCall

REPAIRS = 2
"""How often an answer that does not meet the schema is sent back with what is wrong."""


class Said(NamedTuple):
    """One reply as it came: `calls` are (id, tool, arguments as text); `cut`: it reached its limit of tokens. Tokens
    None: the endpoint did not count."""

    text: str
    model: str
    calls: Sequence[tuple[str, str, str]] = ()
    cut: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None


class Repair(NamedTuple):
    """A reply that could not be used, and what is wrong with it."""

    text: str
    wrong: str


class Piece(NamedTuple):
    """Some of a streamed text; the last one has `end`, the whole reply, whose text need not be there."""

    text: str
    end: Said | None = None


def answered(home: HomeName, question: Question, say: Callable[[Sequence[Repair]], Said]) -> Answer:
    """The first reply that can be used, with the tokens of all. Raises ModelUnavailable, with the tokens till then."""
    repairs: list[Repair] = []
    read: int | None = 0
    written: int | None = 0
    for _ in range(1 + REPAIRS):
        try:
            said = say(repairs)
        except ModelUnavailable as fault:
            fault.input_tokens = _plus(read, fault.input_tokens)
            fault.output_tokens = _plus(written, fault.output_tokens)
            raise
        read, written = _plus(read, said.input_tokens), _plus(written, said.output_tokens)
        answer, wrong = _used(question, said)
        if answer:
            return Answer(answer.data, said.model[:100], read, written, answer.text, answer.calls)
        repairs.append(Repair(said.text, wrong))
    wrong = f"{home} gave no usable answer: {repairs[-1].wrong}"
    raise ModelUnavailable(wrong, "unusable", None, read, written)


def streamed(home: HomeName, pieces: Iterable[Piece]) -> Generator[str, None, Answer]:
    """Text as it comes; then the whole answer. Raises ModelUnavailable, also for one that was cut."""
    text, source = "", iter(pieces)
    while piece := checked(home, lambda: next(source, None)):
        text += piece.text
        if piece.text:
            yield piece.text
        if piece.end:
            end = piece.end
            if end.cut:
                reason = f"{home}: its answer reached the limit of tokens and was cut"
                raise ModelUnavailable(reason, "unusable", None, end.input_tokens, end.output_tokens)
            return Answer({}, end.model[:100], end.input_tokens, end.output_tokens, text)
    raise ModelUnavailable(f"{home}: the stream was cut in the middle", "busy", None, None, None)


def _used(question: Question, said: Said) -> tuple[Answer | None, str]:
    """What the reply is as an answer, or None and why it is none."""
    if said.calls:
        return _calls(question, said)
    if said.cut:
        return None, f"it was cut after {question.most_tokens:,} tokens"
    if question.schema is not None:
        data, wrong = parsed(said.text, question.schema)
        return (None, wrong) if data is None else (Answer(data, said.model), "")
    text = said.text.replace("\x00", "")
    return (Answer({}, said.model, text=text), "") if text.strip() else (None, "it is empty")


def _calls(question: Question, said: Said) -> tuple[Answer | None, str]:
    calls = []
    for id, name, text in said.calls:
        given, wrong = arguments(question.tools, name, text)
        if given is None:
            return None, wrong
        calls.append(ToolCall(id, name, given))
    return Answer({}, said.model, calls=tuple(calls)), ""


def _plus(sum: int | None, more: int | None) -> int | None:
    """Unknown and known is unknown."""
    return None if sum is None or more is None else sum + more
