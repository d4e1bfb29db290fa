from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from shared.adapters.models._wire import TRIES
from shared.agents import budget
from shared.agents.generate import ASKED_AT_MOST, run
from shared.agents.records import change, load
from shared.domain.budget import Budget
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft, draft_id
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Refused
from shared.ports import Model, Ports
from shared.render.personal import Personal, sample_fields
from tests.contract.conftest import HeldClock
from tests.integration.generate.home import ORDER, SCOPE, accept, copy, opened
from tests.servers.models import ModelServer, Reply, failing


@pytest.fixture
def clock(tmp_path: Path) -> HeldClock:
    return HeldClock(tmp_path / "clock")


@pytest.fixture
def unplugged(tmp_path: Path) -> Iterator[Ports]:
    with opened(tmp_path / "unplugged") as made:
        yield made


def generate(ports: Ports):
    return run(ports, dict(ORDER))


def draft(ports: Ports, variant: str = "A", version: int = 1) -> Draft:
    found = ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", version, variant))
    assert found
    return Draft.model_validate(found.body)


def wish(ports: Ports, said: str) -> None:
    def carry(campaign: Campaign) -> None:
        campaign.change_wish = said

    change(ports, SCOPE, "spring", carry)


def test_every_variant_is_written_checked_and_kept(ports: Ports, server: ModelServer):
    accept(ports)
    server.script(Reply(copy()), Reply(copy(subject="Is your back ready?")))
    assert generate(ports) == Done({"version": 1})
    assert load(ports, SCOPE, "spring").version == 1
    assert (draft(ports, "A").subject, draft(ports, "B").subject) == (copy()["subject"], "Is your back ready?")
    assert draft(ports).written_by == "test-model"
    assert not draft(ports).blocked
    assert "Written with AI" in draft(ports).text


def test_the_model_is_told_the_brief_and_the_angle_of_each_variant(ports: Ports, server: ModelServer):
    accept(ports)
    server.script(Reply(copy()), Reply(copy()))
    generate(ports)
    told = [request["messages"][1]["content"] for request in server.requests]
    assert all("watches every movement" in each for each in told)
    assert "Lead with what the reader gains" in told[0]
    assert "honest question" in told[1]


def test_repeating_a_finished_step_asks_nobody_and_changes_nothing(ports: Ports, server: ModelServer):
    accept(ports)
    server.script(Reply(copy()), Reply(copy()))
    first = generate(ports)
    before = draft(ports)
    assert generate(ports) == first
    assert len(server.requests) == 2
    assert draft(ports) == before


def test_a_refused_text_is_written_again_with_what_was_wrong(ports: Ports, server: ModelServer):
    accept(ports, variants=1)
    server.script(Reply(copy(subject="RE: 50% off")), Reply(copy(greeting="Hi {{ first_name }},")), Reply(copy()))
    assert generate(ports) == Done({"version": 1})
    second, third = (request["messages"][1]["content"] for request in server.requests[1:])
    assert "pretends to be a reply" in second
    assert "'50%' is not in the brief" in second
    assert "needs a fallback" in third


def test_a_variant_that_stays_blocked_fails_the_campaign_with_the_reason(ports: Ports, server: ModelServer):
    accept(ports)
    server.script(*[Reply(copy(subject="RE: your back"))] * 9)
    refused = generate(ports)
    assert isinstance(refused, Refused)
    assert "pretends to be a reply" in refused.reason
    campaign = load(ports, SCOPE, "spring")
    assert (campaign.status, campaign.status_reason, campaign.version) == ("failed", refused.reason, 0)
    assert ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", 1, "A")) is None
    assert len(server.requests) == ASKED_AT_MOST
    assert generate(ports) == refused
    assert len(server.requests) == ASKED_AT_MOST


def test_a_change_wish_makes_a_new_version_that_knows_the_old_one(ports: Ports, server: ModelServer):
    accept(ports, variants=1)
    server.script(Reply(copy()), Reply(copy(subject="Calmer: six evenings, 30% less", notes=["No calmer word."])))
    generate(ports)
    wish(ports, "Calmer, and say 30%")
    assert generate(ports) == Done({"version": 2})
    campaign = load(ports, SCOPE, "spring")
    assert (campaign.version, campaign.change_wish) == (2, None)
    asked = server.requests[1]["messages"][1]["content"]
    assert "Calmer, and say 30%" in asked
    assert copy()["subject"] in asked
    assert draft(ports, version=1).subject == copy()["subject"]
    assert [finding.reason for finding in draft(ports, version=2).findings] == ["No calmer word."]


def test_a_cancelled_campaign_asks_nobody(ports: Ports, server: ModelServer):
    accept(ports)

    def cancel(campaign: Campaign) -> None:
        campaign.status, campaign.cancelled = "cancelled", True

    change(ports, SCOPE, "spring", cancel)
    assert generate(ports) == Done({"version": 0})
    assert server.requests == []


def test_an_endpoint_that_fails_is_waited_for_and_what_it_said_before_is_kept(
    tmp_path: Path, server: ModelServer, clock: HeldClock
):
    with opened(tmp_path, server.url, with_writer=True, clock=clock) as ports:
        accept(ports)
        server.script(Reply(copy()), *[failing(500)] * TRIES)
        later = generate(ports)
        assert later == Later(clock.now() + timedelta(seconds=30), "model")
        campaign = load(ports, SCOPE, "spring")
        assert campaign.version == 0
        assert "endpoint answers with errors" in (campaign.status_reason or "")
        clock.set(later.at)
        server.script(Reply(copy(subject="Is your back ready?")))
        assert generate(ports) == Done({"version": 1})
        assert load(ports, SCOPE, "spring").status_reason is None
        assert draft(ports, "A").subject == copy()["subject"]
        assert len(server.requests) == 5
        assert not [each for each in draft(ports, "B").findings if each.rule.startswith("written")]


def test_after_ten_minutes_of_errors_the_built_in_writer_takes_over_and_the_draft_says_so(
    tmp_path: Path, server: ModelServer, clock: HeldClock
):
    with opened(tmp_path, server.url, with_writer=True, clock=clock) as ports:
        accept(ports, variants=1)
        server.script(*[failing(429, after=3600)] * 9)
        later = generate(ports)
        assert later == Later(clock.now() + timedelta(hours=1), "model")
        clock.set(later.at)
        assert generate(ports) == Done({"version": 1})
        made = draft(ports)
        assert made.written_by == "built-in writer"
        (finding,) = [each for each in made.findings if each.rule == "written-elsewhere"]
        assert "endpoint answers with errors" in finding.reason
        assert not made.blocked


def test_unplugged_it_is_written_offline_at_once_and_the_draft_says_so(tmp_path: Path, server: ModelServer):
    with ModelServer() as gone:
        pass
    with opened(tmp_path, gone.url, with_writer=True) as ports:
        accept(ports)
        assert generate(ports) == Done({"version": 1})
        for variant in "AB":
            (finding,) = [each for each in draft(ports, variant).findings if each.rule == "written-offline"]
            assert finding.reason == "written offline by built-in writer: endpoint could not be reached"
            assert finding.severity == "info"


def test_without_money_it_waits_for_a_person_and_goes_on_when_there_is_some(
    tmp_path: Path, server: ModelServer, clock: HeldClock
):
    with opened(tmp_path, server.url, clock=clock) as ports:
        accept(ports, variants=1)
        budget.put(ports, SCOPE, "maria", "campaign-spring", Budget(calls=0))
        assert generate(ports) == Later(clock.now() + timedelta(minutes=10), "budget")
        assert "campaign-spring" in (load(ports, SCOPE, "spring").status_reason or "")
        assert server.requests == []
        budget.put(ports, SCOPE, "maria", "campaign-spring", Budget(calls=1))
        server.script(Reply(copy()))
        assert generate(ports) == Done({"version": 1})


@pytest.mark.parametrize(
    ("kind", "n", "when", "asked_again"),
    [
        (Kind.TAPE, 1, "after", 0),  # what it rests on is kept
        (Kind.TAPE, 2, "before", 0),  # nothing is reserved yet
        (Kind.TAPE, 2, "after", 0),  # reserved, and nobody asked
        (Kind.TAPE, 3, "before", 1),  # paid, but not yet on the tape: the only moment that can cost twice
        (Kind.TAPE, 3, "after", 0),
        (Kind.TAPE, 6, "after", 0),
        (Kind.DRAFT, 1, "before", 0),
        (Kind.DRAFT, 1, "after", 0),
        (Kind.DRAFT, 2, "after", 0),
        (Kind.CAMPAIGN, 1, "before", 0),
        (Kind.CAMPAIGN, 1, "after", 0),
    ],
)
def test_a_kill_neither_pays_twice_nor_changes_a_draft(
    tmp_path: Path, ports: Ports, server: ModelServer, kind: str, n: int, when: str, asked_again: int
):
    accept(ports)
    server.script(*[Reply(copy(subject=f"Text {word}?")) for word in ("Anton", "Berta", "Caesar", "Dora")])
    command = [sys.executable, "-m", "tests.integration.generate.killed", str(tmp_path), server.url, kind, str(n), when]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    kept = [ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", 1, variant)) for variant in "AB"]
    assert generate(ports) == Done({"version": 1})
    assert len(server.requests) == 2 + asked_again
    perhaps = (kind, n, when) in ((Kind.TAPE, 2, "after"), (Kind.TAPE, 3, "before"))
    for variant, again in zip("AB", (perhaps, False), strict=True):
        tape = ports.documents.get(SCOPE, Kind.TAPE, f"{ORDER['instance']}~generate~1~{variant}~0")
        assert tape
        assert tape.body["unrecorded"] is again
    counted = budget.left(ports, SCOPE, ["campaign-spring"])["campaign-spring"].used
    assert counted["calls"] == 2
    for variant, before in zip("AB", kept, strict=True):
        if before:
            assert draft(ports, variant) == Draft.model_validate(before.body)
    subjects = [draft(ports, variant).subject for variant in "AB"]
    assert subjects == (["Text Berta?", "Text Caesar?"] if asked_again else ["Text Anton?", "Text Berta?"])


def test_two_executions_at_once_keep_one_answer(ports: Ports, server: ModelServer):
    accept(ports, variants=1)
    both = threading.Barrier(2, timeout=20)
    endpoint: Any = ports.models["endpoint"]

    class Together:
        """The real model, made to answer both at the same time."""

        def __getattr__(self, name: str) -> Any:
            return getattr(endpoint, name)

        def ask(self, *asked: Any):
            answer = endpoint.ask(*asked)
            both.wait()
            return answer

    server.script(Reply(copy(subject="Text one?")), Reply(copy(subject="Text other?")))
    outcomes: list[object] = []
    racing = replace(ports, models={"endpoint": cast(Model, Together())})
    threads = [threading.Thread(target=lambda: outcomes.append(generate(racing))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Done({"version": 1})] * 2
    tape = ports.documents.get(SCOPE, Kind.TAPE, f"{ORDER['instance']}~generate~1~A~0")
    assert tape
    assert draft(ports).subject == tape.body["data"]["subject"]
    assert load(ports, SCOPE, "spring").version == 1


def test_the_tape_tells_who_wrote_what_from_which_prompt(ports: Ports, server: ModelServer):
    accept(ports, variants=1)
    server.script(Reply(copy()))
    generate(ports)
    tape = ports.documents.get(SCOPE, Kind.TAPE, f"{ORDER['instance']}~generate~1~A~0")
    assert tape
    assert tape.body["model"] == "test-model"
    assert len(tape.body["asked"]) == 64
    assert tape.body["output_tokens"] > 0


def test_without_a_model_the_built_in_writer_writes_four_different_variants(unplugged: Ports):
    accept(unplugged, variants=4)
    assert generate(unplugged) == Done({"version": 1})
    drafts = [draft(unplugged, variant) for variant in "ABCD"]
    assert len({each.subject for each in drafts}) == 4
    assert len({each.text for each in drafts}) == 4
    assert {each.written_by for each in drafts} == {"built-in writer"}
    assert all("Written by Baton's built-in writer" in each.text for each in drafts)


def test_a_mail_shows_its_reader_signed_links_and_nothing_unresolved(unplugged: Ports):
    accept(unplugged, variants=1)
    generate(unplugged)
    made = draft(unplugged)
    assert made.links == ["https://practice.example/course", "https://practice.example/dates?year=2027&from=mail"]
    signed = [f"https://baton.example/api/c/t{n}" for n in range(2)]
    seen = Personal(made).render(
        sample_fields(), signed, "https://baton.example/api/u/t", "https://baton.example/api/o/t"
    )
    for part in (seen.html, seen.text):
        assert all(link in part for link in signed)
        assert "https://practice.example" not in part
        assert "https://baton.example/api/u/t" in part
        assert "Anna" in part
        assert "1 Mill Road, Leeds" in part
        assert "{{" not in part
    assert 'src="https://baton.example/api/o/t"' in seen.html
    assert "https://baton.example/api/o/t" not in seen.text
