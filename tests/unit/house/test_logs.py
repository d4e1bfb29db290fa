"""The log never holds who somebody is or what opens a door."""

from __future__ import annotations

import json
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.logs import log, redact

SECRETS = {
    "address": "ann.o'neil+spring@people.example.org",
    "token": "mJ3k_x9QpL-7vVt2aYw8RrBzNq4uEoCsHfDgTi6K0Xc",
    "bearer": "Bearer short",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmVk",
    "phone": "+44 (0)20 7946-0958",
    "iban": "DE89 3704 0044 0532 0130 00",
}


@pytest.mark.parametrize("name", list(SECRETS))
def test_a_secret_in_an_allowed_field_is_blanked(name: str) -> None:
    kept = redact(None, "info", {"event": f"before {SECRETS[name]} after"})
    assert re.fullmatch(r"before \[\w+\] after", kept["event"])


def test_fields_that_nobody_allowed_are_dropped() -> None:
    assert redact(None, "info", {"event": "x", "first_name": "Ann", "instance": "i"}) == {"event": "x", "instance": "i"}


def test_ids_and_times_stay_readable() -> None:
    instance = "local~main~campaign~0190a1b2c3d4e5f60718293a4b5c6d7e~1"
    event = {
        "event": "at 2027-03-01T08:00:00Z in /srv/app/shared/adapters/documents/sqlite.py:71",
        "instance": instance,
    }
    assert redact(None, "info", dict(event)) == event


def test_a_canary_never_appears_whatever_was_raised(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(", ".join(SECRETS.values())) from KeyError(SECRETS["address"])
    except ValueError as error:
        log().error("step failed", verb="distribute", exc_info=True, recipient=SECRETS["address"])
        log().warning(f"again: {error}", exception=repr(error))
    assert caplog.records[0].levelno == logging.ERROR
    assert "Traceback" in json.loads(caplog.records[0].message)["exception"]
    for secret in SECRETS.values():
        assert secret not in caplog.text


@given(st.emails(), st.text(max_size=30), st.text(max_size=30))
def test_no_address_survives_wherever_it_stands(address: str, before: str, after: str) -> None:
    kept = redact(None, "info", {"event": f"{before} {address} {after}"})["event"]
    assert address not in kept
