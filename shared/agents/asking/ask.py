"""What agents call: a question, a picture, embeddings. Each from the tape, or by the route of the policy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import orjson

from shared.agents.asking.call import Answered, Call
from shared.agents.asking.carry import Work, carry, told
from shared.agents.asking.tape import recorded
from shared.agents.roster.employed import employed
from shared.domain.invisible import visible, visible_json
from shared.domain.routing import Ability
from shared.domain.scope import Scope
from shared.ports import Answer, Model, Outside, Ports, Question


def ask(ports: Ports, scope: Scope, call: Call) -> Answered:
    """The answer on the tape under the call's key; if there is none yet, that of the home which the policy chooses.

    Rule L1: a question that holds strangers' text, people's data and tools at once is a mistake of whoever wrote it,
    ValueError. Raises NoHome, Waiting, OverBudget (its `then` says what is to be done) and ModelUnavailable: what
    failed cannot be waited for, the flow may ask again."""
    question = _seen(call.question)
    if question.tools and question.outside and call.sensitivity == "personal":
        raise ValueError("strangers' text, people's data and tools: a model may hold two of them at once (rule L1)")
    abilities: set[Ability] = {"structure" if question.schema is not None else "text"}
    if question.tools:
        abilities.add("tools")
    return _answer(
        ports, scope, call, Work(question, frozenset(abilities), lambda model, asked: model.ask(scope, asked))
    )


def draw(ports: Ports, scope: Scope, call: Call) -> Answered:
    """A picture of what the question's instructions wish, kept in Files: `data` has its `file` and `media_type`.

    Raises as `ask` does."""

    def work(model: Model, question: Question) -> Answer:
        made = model.draw(scope, question.instructions)
        file = f"{_file(call)}.{made.media_type.partition('/')[2]}"
        ports.files.put(scope, file, made.content)
        data = {"file": file, "media_type": made.media_type}
        return Answer(data, made.model, made.input_tokens, made.output_tokens)

    return _answer(ports, scope, call, Work(_seen(call.question), frozenset[Ability]({"draw"}), work, images=1))


def embed(ports: Ports, scope: Scope, call: Call, texts: Sequence[str]) -> list[list[float]]:
    """One vector a text, in order; they are kept in Files. Raises as `ask` does."""
    question = replace(_seen(call.question), data={"texts": [visible(text) for text in texts]}, most_tokens=0)

    def work(model: Model, question: Question) -> Answer:
        made = model.embed(scope, question.data["texts"])
        ports.files.put(scope, f"{_file(call)}.json", orjson.dumps(made.vectors))
        return Answer({"file": f"{_file(call)}.json"}, made.model, made.input_tokens, 0)

    found = _answer(ports, scope, call, Work(question, frozenset[Ability]({"embed"}), work))
    vectors: list[list[float]] = orjson.loads(ports.files.get(scope, found.data["file"]))
    return vectors


def _answer(ports: Ports, scope: Scope, call: Call, work: Work) -> Answered:
    if ports.listener:
        ports.listener(call.key, told(work.question, employed(ports, scope, call.agent)))
    entry = recorded(ports, scope, call.key) or carry(ports, scope, call, work)
    return entry.answered


def _seen(question: Question) -> Question:
    """The question without the characters that a person would not see in it (rule L3)."""
    outside = tuple(Outside(visible(each.source), visible(each.text)) for each in question.outside)
    results = tuple(each._replace(output=visible_json(each.output)) for each in question.results)
    return replace(question, data=visible_json(question.data), outside=outside, results=results)


def _file(call: Call) -> str:
    return f"tape/{hashlib.sha256(call.key.encode()).hexdigest()}"
