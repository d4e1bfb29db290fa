"""One suite for every Model: it answers a campaign's question with copy, or says that it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.adapters.models.openai import TRIES, OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.scope import Scope
from shared.domain.wording import BUILT_IN_WRITER, TASK, Copy
from shared.ports import Model, ModelUnavailable, Question
from tests.servers.openai_server import OpenAiServer, Reply, failing

SCOPE = Scope("local", "main")
BRIEF = {
    "goal": "Fill the spring back course",
    "offer": "Six evenings, eight people, one physiotherapist who watches every movement",
    "audience": "Former patients",
    "tone": "friendly",
    "language": "en",
    "call_to_action": {"text": "Book a place", "url": "https://practice.example/course"},
    "facts": ["It starts on Tuesday 3 March at 18:30"],
}


def question(task: str = TASK, seed: int = 0, **changes: Any) -> Question:
    data = {"variant": "A", "brief": {**BRIEF, **changes}, "sender": "The Practice", "change_wish": None}
    return Question(task, "Write.", data, Copy.model_json_schema(), seed)


def good(subject: str) -> str:
    """An answer that meets the schema, as JSON; `subject` is as it stands between the quotes."""
    text = dict.fromkeys(("preheader", "headline", "greeting", "closing", "sign_off", "language"), "x")
    lists: dict[str, list[str]] = {name: [] for name in ("paragraphs", "points", "notes")}
    return json.dumps({"subject": "SUBJECT", **text, **lists}).replace("SUBJECT", subject)


@pytest.fixture
def server() -> Iterator[OpenAiServer]:
    with OpenAiServer() as running:
        yield running


@pytest.fixture
def openai(server: OpenAiServer) -> Iterator[OpenAiModel]:
    model = OpenAiModel(server.url, "secret", "test-model")
    yield model
    model.close()


@pytest.fixture(params=["writer", "openai"])
def model(request: pytest.FixtureRequest) -> Model:
    adapters: dict[str, Callable[[], Model]] = {
        "writer": BuiltInWriter,
        "openai": lambda: request.getfixturevalue("openai"),
    }
    return adapters[request.param]()


def test_the_answer_meets_the_schema_and_says_who_wrote_it(model: Model):
    answer = model.ask(SCOPE, question())
    assert Copy.model_validate(answer.data).subject
    assert answer.model in (BUILT_IN_WRITER, "test-model")
    assert answer.cost_micros == 0


def test_the_same_question_gets_the_same_answer(model: Model):
    assert model.ask(SCOPE, question(seed=7)) == model.ask(SCOPE, question(seed=7))


def test_a_task_that_cannot_be_done_is_a_fault_of_the_model(model: Model, server: OpenAiServer):
    server.script(Reply(status=404), Reply(status=404))
    with pytest.raises(ModelUnavailable):
        model.ask(SCOPE, question(task="campaign.unheard-of"))


# ------------------------------------------------------------------ what only an endpoint can get wrong


def test_the_endpoint_gets_the_instructions_apart_from_the_data_and_the_schema(
    server: OpenAiServer, openai: OpenAiModel
):
    answer = openai.ask(SCOPE, question(seed=3))
    (asked,) = server.requests
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["messages"][0]["content"] == "Write."
    assert "Fill the spring back course" in asked["messages"][1]["content"]
    assert asked["response_format"]["json_schema"]["schema"] == Copy.model_json_schema()
    assert (asked["model"], asked["seed"]) == ("test-model", 3)
    assert server.keys == ["Bearer secret"]
    assert answer.input_tokens > 0
    assert answer.output_tokens > 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_error_is_retried(server: OpenAiServer, openai: OpenAiModel, status: int):
    server.script(failing(status), failing(status))
    assert openai.ask(SCOPE, question()).data
    assert len(server.requests) == 3


def test_retries_end(server: OpenAiServer, openai: OpenAiModel):
    server.script(*[failing(429)] * 20)
    with pytest.raises(ModelUnavailable, match="429"):
        openai.ask(SCOPE, question())
    assert len(server.requests) == 4


def test_a_wrong_key_is_not_retried(server: OpenAiServer, openai: OpenAiModel):
    server.script(Reply(status=401))
    with pytest.raises(ModelUnavailable, match="401"):
        openai.ask(SCOPE, question())
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "content",
    ["Sure! Here is your mail.", "{}", "[]", "", '{"subject": 7}', "[" * 100_000, good("\\u0000"), good("\\ud800")],
    ids=range(8),
)
def test_an_answer_that_misses_the_schema_is_sent_back_once(server: OpenAiServer, openai: OpenAiModel, content: str):
    server.script(Reply(content))
    answer = openai.ask(SCOPE, question())
    assert Copy.model_validate(answer.data)
    first, second = server.requests
    assert "cannot be used" in second["messages"][-1]["content"]
    assert answer.input_tokens > len(str(first)) // 8, "the refused answer was paid for as well"


def test_a_model_that_only_talks_nonsense_is_unavailable(server: OpenAiServer, openai: OpenAiModel):
    server.script(*[Reply("no")] * TRIES)
    with pytest.raises(ModelUnavailable, match="no usable answer: it is not JSON"):
        openai.ask(SCOPE, question())
    assert len(server.requests) == TRIES


@pytest.mark.parametrize(
    "raw", [b"<html>Bad gateway</html>", b"{}", b'{"choices": []}', b'{"choices": [{}]}', b"null", b""]
)
def test_garbage_instead_of_a_completion_is_unavailable(server: OpenAiServer, openai: OpenAiModel, raw: bytes):
    server.script(*[Reply(raw=raw)] * TRIES)
    with pytest.raises(ModelUnavailable):
        openai.ask(SCOPE, question())


def test_an_endpoint_that_does_not_answer_in_time_is_unavailable(server: OpenAiServer):
    model = OpenAiModel(server.url, None, "test-model", timeout=0.05, retries=0)
    server.script(*[Reply(delay=30)] * 20)
    with pytest.raises(ModelUnavailable, match="timed out"):
        model.ask(SCOPE, question())
    model.close()


def test_an_endpoint_that_is_not_there_is_unavailable():
    with OpenAiServer() as gone:
        pass
    model = OpenAiModel(gone.url, None, "test-model", timeout=0.05, retries=0)
    with pytest.raises(ModelUnavailable, match="onnection"):
        model.ask(SCOPE, question())
    model.close()
