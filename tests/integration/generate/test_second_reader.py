"""A model as second reader: what only unknown words speak against may be the sources' statement in other words. It is
asked, not believed; nothing that the check found wrong is put right by it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.agents.campaigns import drafts
from shared.domain.draft import Draft
from shared.domain.outcome import Done, Refused
from shared.ports import Ports
from tests.integration.generate.home import SCOPE, accept, copy
from tests.integration.generate.test_generate import generate
from tests.servers.models import ModelServer, Reply, failing

SAID = "One physiotherapist scrutinises every movement."
QUOTE = "one physiotherapist who watches every movement"


def reading(quote: str = QUOTE, source: str = "offer", sentence: int = 1) -> dict[str, Any]:
    return {"readings": [{"sentence": sentence, "source": source, "quote": quote}]}


def written(ports: Ports, server: ModelServer, said: str, *replies: Reply) -> Draft:
    """The draft of a campaign whose writer insists on a sentence, and whose second reader answers so."""
    accept(ports, variants=1)
    server.script(*[Reply(copy(points=[said]))] * 3, *replies)
    assert generate(ports) == Done({"version": 1})
    (draft,) = drafts(ports, SCOPE, "spring")
    return draft


def rules(draft: Draft) -> list[str]:
    return [each.rule for each in draft.findings if each.rule.startswith("claim-")]


def test_what_it_quotes_word_for_word_is_said_and_the_approver_sees_the_quotation(
    ports: Ports, server: ModelServer
) -> None:
    draft = written(ports, server, SAID, Reply(reading()))
    assert (draft.blocked, rules(draft)) == (False, ["claim-read-by-model"])
    assert {each.sentence: each.sources for each in draft.claims}[SAID] == ["offer"]
    (finding,) = (each for each in draft.findings if each.rule == "claim-read-by-model")
    assert QUOTE in finding.reason
    assert "test-model" in finding.reason
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "answer",
    [
        reading("one physiotherapist who scrutinises every movement"),
        reading("one"),
        reading(source="facts.0"),
        reading(source="facts.99"),
        reading(sentence=0),
        reading(sentence=-1),
        reading(sentence=7),
        reading("All dates: https://practice.example", source="facts.1"),
        {"readings": []},
    ],
    ids=["not verbatim", "too short", "other source", "no source", "zero", "minus", "beyond", "beside it", "silent"],
)
def test_a_reader_that_lies_or_errs_changes_nothing(ports: Ports, server: ModelServer, answer: dict[str, Any]) -> None:
    draft = written(ports, server, SAID, Reply(answer))
    assert (draft.blocked, rules(draft)) == (True, ["claim-unsupported"])


@pytest.mark.parametrize(
    "said",
    [
        "One physiotherapist scrutinises nine people.",
        "No physiotherapist scrutinises every movement.",
        "One certified physiotherapist scrutinises every movement.",
        "One physiotherapist, Miranda, watches every movement.",
        "One physiotherapist scrutinises every movement on Friday.",
    ],
    ids=["figure", "negation", "strong word", "name", "day"],
)
def test_what_the_check_found_wrong_is_not_asked(ports: Ports, server: ModelServer, said: str) -> None:
    draft = written(ports, server, said, Reply(reading()))
    assert draft.blocked
    assert len(server.requests) == 3, "the second reader was asked"


@pytest.mark.parametrize("reply", [failing(400), Reply("no JSON at all"), Reply({"readings": "yes"})])
def test_a_reader_that_fails_leaves_the_check_as_strict_as_it_is(
    ports: Ports, server: ModelServer, reply: Reply
) -> None:
    draft = written(ports, server, SAID, *[reply] * 3)
    assert (draft.blocked, rules(draft)) == (True, ["claim-unsupported"])


def test_where_no_person_looks_no_model_is_asked(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1, approval="none")
    server.script(*[Reply(copy(points=[SAID]))] * 3, Reply(reading()))
    assert isinstance(generate(ports), Refused)
    assert len(server.requests) == 3


def test_what_it_took_is_in_the_draft_s_price(ports: Ports, server: ModelServer) -> None:
    assert written(ports, server, SAID, Reply(reading())).cost["calls"] == 4
