"""The test server is trusted by other tests, so it is tested itself."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

from shared.adapters.models.openai import OpenAiModel
from shared.domain.scope import Scope
from shared.ports import Question
from tests.servers.openai_server import OpenAiServer, synthesised


class Leaf(BaseModel):
    kind: Literal["a", "b"]
    only: Literal["x"]


class Tree(BaseModel):
    name: str
    count: int = Field(ge=3)
    sure: bool
    leaf: Leaf | None
    leaves: list[Leaf] = Field(min_length=2)
    nothing: None


def test_synthesised_answers_meet_their_schema():
    made = synthesised(Tree.model_json_schema())
    assert list(Draft202012Validator(Tree.model_json_schema()).iter_errors(made)) == []
    assert Tree.model_validate(made).count == 3


def test_as_a_process_it_answers_and_tells_what_it_was_asked():
    command = [sys.executable, "-m", "tests.servers.openai_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        try:
            model = OpenAiModel(url, None, "any")
            question = Question("task.x", "Do.", {"n": 1}, Leaf.model_json_schema())
            assert model.ask(Scope("t", "w"), question).data == {"kind": "a", "only": "x"}
            model.close()
            with urllib.request.urlopen(url.removesuffix("/v1") + "/requests") as answered:
                assert [asked["model"] for asked in json.load(answered)] == ["any"]
        finally:
            process.terminate()


def test_an_unknown_path_is_not_found():
    with OpenAiServer() as server, pytest.raises(urllib.error.HTTPError, match="404") as raised:
        urllib.request.urlopen(server.url + "/models")
    raised.value.close()
