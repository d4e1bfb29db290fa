"""STOP from a telephone number: proved once, whoever has the number."""

from __future__ import annotations

from pathlib import Path

from shared.agents.contacts import history
from shared.agents.feedback.texts import take_text
from shared.agents.numbers import number_id
from shared.domain.names import Kind
from tests.integration.contacts.home import SCOPE, bring_in, home

NUMBER = "+4915123456789"


def test_stop_from_a_number_that_nobody_has_is_suppressed_and_proved_once(tmp_path: Path) -> None:
    with home(tmp_path) as ports:
        number = number_id(NUMBER, None, ports.keys.address)
        assert number
        for _ in range(3):
            assert take_text(ports, [SCOPE], NUMBER, "Stop")
        assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, number)
        (proof,) = history(ports, SCOPE.agency, number)
        told = str(proof) + str(ports.journal.read(SCOPE.agency, f"contact/{number}"))
    assert (proof.status, proof.channel, proof.method, proof.verified) == ("withdrawn", "all", "text", True)
    assert NUMBER not in told


def test_stop_from_somebodys_number_is_proved_for_the_person_and_the_number(tmp_path: Path) -> None:
    with home(tmp_path) as ports:
        bring_in(ports, f"email,phone,consent_sms\nann@x.example,{NUMBER},yes\n".encode())
        assert take_text(ports, [SCOPE], NUMBER, "STOP")
        number = number_id(NUMBER, None, ports.keys.address)
        (contact,) = [each.id for each in ports.documents.find(SCOPE, Kind.CONTACT).documents]
        said = [(each.channel, each.status, each.verified) for each in history(ports, SCOPE, contact)]
        assert number
        assert [each.verified for each in history(ports, SCOPE.agency, number)] == [True]
    assert said == [("sms", "granted", True), ("all", "withdrawn", True)]
