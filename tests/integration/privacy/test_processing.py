"""Rule G8: the record of processing activities says what is set up and stored, and nothing that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shared.agents.privacy import processing, retention
from shared.domain.data_use import KINDS
from shared.domain.names import Kind
from shared.domain.processing import Agreement, Particulars
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


def test_rule_g8_who_is_given_data_is_who_is_set_up_with_what_was_agreed(ports: Ports) -> None:
    assert processing.record(ports, SCOPE).processors == []
    outward = replace(ports, relays=(Relay("mail.relay.example", ()),), public_url="https://praxis.example")
    kept = replace(ports, hosts=("files: Azure Blob storage, agency.blob.example",))
    assert [each.name for each in processing.record(kept, SCOPE).processors] == list(kept.hosts)
    made = processing.record(outward, SCOPE)
    assert [each.name for each in made.processors] == [
        "mail server: mail.relay.example",
        "public address: praxis.example",
    ]
    assert made.missing == [
        "the controller's name",
        "how the controller is reached",
        "the contract with mail server: mail.relay.example (Article 28)",
        "the contract with public address: praxis.example (Article 28)",
    ]
    agreed = Agreement(contract="of 1 March 2027", country="US", safeguard="standard contractual clauses")
    known = Particulars(
        controller="Praxis Nord GmbH", contact="datenschutz@praxis.example", officer="Dr. Ada Ames",
        processors={each.name: agreed for each in made.processors},
    )  # fmt: skip
    processing.fill_in(outward, SCOPE, "owner", known)
    filled = processing.record(outward, SCOPE)
    assert filled.missing == []
    assert [each.agreement for each in filled.processors] == [agreed, agreed]
    assert record_pdf(filled) == record_pdf(filled)


def test_rule_g8_picking_people_by_what_article_9_protects_asks_for_an_assessment(
    ports: Ports, people: Callable[..., object], walk: Callable[..., Walk]
) -> None:
    people(1, attributes={"kurs": "yoga", "diagnose": "back"})
    walk(segment={"where": [{"field": "attributes.kurs", "op": "eq", "value": "yoga"}]})
    assert processing.record(ports, SCOPE).impact == []
    walk(name="Two", segment={"where": [{"field": "attributes.diagnose", "op": "eq", "value": "back"}]})
    (reason,) = processing.record(ports, SCOPE).impact
    assert reason.endswith(": diagnose")
