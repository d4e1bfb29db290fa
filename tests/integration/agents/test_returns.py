"""Rule B3 whole: what Baton itself sent is recognised when it comes back, by its return path or its Message-ID."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest

from shared.agents import campaigns, feedback
from shared.agents.campaigns.audience import contacts_by_id
from shared.agents.distribute.composer import Composer
from shared.agents.return_settings import decide_return_settings
from shared.domain.contact import Contact
from shared.domain.return_settings import ReturnSettings
from shared.ports import Outgoing, Ports
from tests.integration.feedback.letters import bounce, reply

from .conftest import SCOPE, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def composed(ports: Ports, spring: Walk) -> list[Outgoing]:
    rows = ports.ledger.of_shard(SCOPE, spring.id, 0)
    readers = contacts_by_id(ports, SCOPE, [row.contact for row in rows])
    composer = Composer(ports, SCOPE, spring.campaign, campaigns.drafts(ports, SCOPE, spring.id))
    return composer.messages(rows, readers)


def test_rule_b3_every_message_has_a_return_path_of_its_own_once_a_domain_is_named(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(3)
    spring = walk()
    spring.plan()
    assert {each.sender for each in composed(ports, spring)} == {"hallo@praxis.example"}
    decide_return_settings(ports, SCOPE, "ann", ReturnSettings(bounce_domain="Bounces.Praxis.example"))
    messages = composed(ports, spring)
    assert len({each.sender for each in messages}) == 3
    assert all(each.sender.endswith("@bounces.praxis.example") for each in messages)
    spring.send_all()
    assert feedback.take(ports, [SCOPE], feedback.read_letter(bounce(messages[1].sender, "5.1.1")))
    states = {row.key: row.state for row in ports.ledger.of_shard(SCOPE, spring.id, 0)}
    assert states == {each.key: "failed" if each is messages[1] else "accepted" for each in messages}


def test_rule_b3_without_a_domain_the_message_id_says_which_message_it_was(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(2)
    spring = walk()
    spring.plan()
    spring.send_all()
    first, second = (message_from_bytes(path.read_bytes()) for path in spring.outbox(tmp_path))
    returned = f"Message-ID: {first['Message-ID']}\r\n"
    assert feedback.take(ports, [SCOPE], feedback.read_letter(bounce("hallo@praxis.example", "5.7.1", returned)))
    answer = reply(second["Message-ID"].strip("<>").partition("@")[0])
    assert feedback.take(ports, [SCOPE], feedback.read_letter(answer))
    states = {row.key: row.state for row in ports.ledger.of_shard(SCOPE, spring.id, 0)}
    assert states == {first["Baton-Effect"]: "failed", second["Baton-Effect"]: "delivered"}


@pytest.mark.parametrize(
    "domain", ["praxis", "-x.example", "a..example", "bücher.example", "x.example\r\nTo: y", "1.2.3.4"]
)
def test_a_return_domain_that_cannot_be_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="must be a domain"):
        ReturnSettings(bounce_domain=domain)
