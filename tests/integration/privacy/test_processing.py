"""Rule G8: the record of processing activities says what is set up and stored, and nothing that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shared.agents.privacy import processing, retention
from shared.domain.data_use import KINDS
from shared.domain.names import Kind
from shared.domain.relay import Relay
from shared.domain.retention import Retention
from shared.ports import Ports
from shared.render.processing import record_pdf
from tests.integration.agents.conftest import SCOPE, Walk


def test_rule_g8_the_record_names_controllers_data_and_how_long_it_is_kept(
    ports: Ports, people: Callable[..., object], walk: Callable[..., Walk]
) -> None:
    assert processing.record(ports, SCOPE).senders == []
    people(1)
    walk()
    retention.write(ports, SCOPE, "ann", Retention(days={"tape": 90}))
    made = processing.record(ports, SCOPE)
    assert made.senders == ["Praxis, 1 Mill Road, Leeds, hallo@praxis.example"]
    assert KINDS[Kind.CONTACT].holds in made.data
    assert "90 days" in made.kept.values()
    assert record_pdf(made).startswith(b"%PDF")


def test_rule_g8_who_is_given_data_is_who_is_set_up(ports: Ports) -> None:
    assert processing.record(ports, SCOPE).recipients == []
    outward = replace(ports, relays=(Relay("mail.relay.example", ()),), public_url="https://praxis.example")
    assert processing.record(outward, SCOPE).recipients == [
        "mail server: mail.relay.example",
        "public address: praxis.example",
    ]
