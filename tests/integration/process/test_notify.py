"""Notices of a process: once each, whatever happens in between."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.channels._smtp_connect import Timeouts
from shared.adapters.channels.smtp import SmtpChannel
from shared.adapters.channels.webhook import WebhookChannel
from shared.agents.contacts.suppression import suppress
from shared.domain.address import person_of
from shared.process.errors import PolicyError, ProviderError
from shared.process.steps.call import Again
from tests.integration.process.real_desk import Room
from tests.servers.endpoints import SECRET, WebhookEndpoint
from tests.servers.smtp_strict import Manner, Record, strict_server

SENDER = {"name": "Kanzlei Øst", "address": "office@kanzlei.example"}


def mailed(here: Room, *to: str) -> Any:
    given = {"to": list(to), "from": SENDER, "subject": "Import – done", "text": "41 <new> cases.\n\nSee the report."}
    return here.do("notify.email", given, here.desk("tell"))


def over(here: Room, record: Record) -> None:
    made = SmtpChannel(f"smtp://127.0.0.1:{record.port}?connections=1", "")
    made.timeouts = Timeouts(connect=5, command=5, data=2, block=5, end=2)
    here.ports = replace(here.ports, channels={"email": made})


def test_each_recipient_gets_one_mail_however_often_the_step_is_run(here: Room) -> None:
    with strict_server(Manner()) as record:
        over(here, record)
        for _ in range(3):
            answer = mailed(here, "ada@kanzlei.example", "bo@kanzlei.example")
            assert answer.outputs == {"sent": 2, "held": 0}
            assert answer.left == ("2 by email",)
    assert sorted(record.recipients()) == ["ada@kanzlei.example", "bo@kanzlei.example"]
    letter = email.message_from_bytes(record.taken[0].content, policy=email.policy.default)
    assert letter["Subject"] == "Import – done"
    assert "Kanzlei Øst" in letter["From"]
    html = letter.get_body(("html",))
    assert html is not None
    assert "41 &lt;new&gt; cases." in html.get_content()
    assert "process run r1" in html.get_content()


def test_whoever_wants_nothing_gets_nothing(here: Room) -> None:
    with strict_server(Manner()) as record:
        over(here, record)
        person = person_of("ada@kanzlei.example", here.ports.keys.address)
        suppress(here.ports, here.desk().scope, person, "unsubscribed")
        assert mailed(here, "ada@kanzlei.example", "bo@kanzlei.example").outputs == {"sent": 1, "held": 1}
    assert record.recipients() == ["bo@kanzlei.example"]


def test_what_nobody_knows_of_is_told_and_never_sent_again(here: Room) -> None:
    with strict_server(Manner()) as record:
        over(here, record)
        for _ in range(2):
            with pytest.raises(ProviderError, match="nobody knows whether 1 left") as told:
                mailed(here, "drop-reply@people.example", "bo@kanzlei.example")
            assert told.value.left == ("1 by email",)
    assert len(record.recipients()) == len(set(record.recipients()))


def test_a_busy_server_is_waited_for_and_a_refusal_is_final(here: Room) -> None:
    with strict_server(Manner()) as record:
        over(here, record)
        with pytest.raises(Again, match="not yet answered"):
            mailed(here, "late451@people.example")
        with pytest.raises(ProviderError, match="1 refused for good"):
            here.do(
                "notify.email",
                {"to": ["r550@people.example"], "from": SENDER, "subject": "x", "text": "y"},
                here.desk("other"),
            )


def test_a_system_is_told_by_a_signed_event(here: Room) -> None:
    with WebhookEndpoint() as server:
        made = WebhookChannel(f"{server.url}/in#allow=127.0.0.1:{server.port}", SECRET, here.ports.clock.now)
        here.ports = replace(here.ports, channels={"webhook": made})
        given = {"type": "import.done", "data": {"cases": 41}}
        for _ in range(2):
            assert here.do("notify.webhook", given, here.desk("tell")).outputs["sent"] == 1
        assert len(server.events) == 1
        assert b'"import.done"' in next(iter(server.events.values()))


def test_a_channel_that_is_not_there_says_its_setting(here: Room) -> None:
    with pytest.raises(PolicyError, match="BATON_CHAT_URL"):
        here.do("notify.chat", {"title": "Done", "text": "41 cases"})
