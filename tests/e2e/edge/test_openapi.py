"""The OpenAPI document is what the routes do: requests are made up from it, and no answer is one that it does not show.

Schemathesis writes the requests, right ones and wrong ones, and compares the answers: two each, many with `nightly`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, seed, settings

from functions.http.handlers.platform import VERSION
from functions.http.resolve import handler_of
from functions.http.table import ROWS
from shared.access.openapi import openapi
from tests.e2e.campaign.baton import Baton

LABELS = [f"{row.method} {row.path}" for row in ROWS if row.path.startswith("/api/")]


@cache
def document() -> dict[str, Any]:
    return openapi(ROWS, handler_of, VERSION)


def document_of(label: str) -> dict[str, Any]:
    method, _, path = label.partition(" ")
    operation: dict[str, Any] = document()["paths"][path][method.lower()]
    return operation


@cache
def operations() -> dict[str, Any]:
    # Not with this file: whoever only collects the tests need not wait for it.
    from schemathesis.openapi import from_dict

    return {result.ok().label: result.ok() for result in from_dict(document()).get_all_operations()}


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, requests.Session]]:
    """Where the host is, and the owner's way there."""
    # No name server: what a made-up domain says in DNS is nobody's business here.
    baton = Baton(tmp_path_factory.mktemp("openapi"), BATON_DNS_SERVER="127.0.0.1:9").start()
    assert baton.host
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer " + (baton.home / "owner.token").read_text().strip()
        yield str(baton.host.http.base_url), session
    baton.host.stop()


def test_the_document_is_the_one_of_the_host_and_shows_every_row_below_api(
    asking: tuple[str, requests.Session],
) -> None:
    url, session = asking
    assert session.get(f"{url}/api/v1/openapi.json").json() == document()
    assert set(LABELS) == operations().keys()


@pytest.mark.parametrize("label", LABELS)
def test_rule_s8_no_answer_is_one_that_the_document_does_not_show(
    asking: tuple[str, requests.Session], label: str
) -> None:
    fuzz(*asking, label, examples=2)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.parametrize("label", LABELS)
def test_rule_s8_nor_is_one_of_many(asking: tuple[str, requests.Session], label: str) -> None:
    fuzz(*asking, label, examples=15)


def fuzz(url: str, session: requests.Session, label: str, examples: int) -> None:
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi import checks

    # Of a signed link nothing can be wrong in form: any text may be a token.
    wrong = [] if document_of(label).get("security") == [] else [GenerationMode.NEGATIVE]
    for mode in (GenerationMode.POSITIVE, *wrong):
        strategy = operations()[label].as_strategy(generation_mode=mode)

        @seed(1)
        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def asked(case: Any) -> None:
            answer = case.call(base_url=url, session=session)
            assert answer.status_code != 500, answer.text
            case.validate_response(
                answer,
                checks=[
                    checks.content_type_conformance,
                    checks.response_schema_conformance,
                    checks.status_code_conformance,
                ],
            )

        asked()
