"""A home, a clock that a test moves by hand, and a workspace that says who it writes as."""

from __future__ import annotations

import pytest

from shared.agents import house, inbound
from shared.domain.campaign import Sender
from shared.domain.house import House
from shared.domain.inbound import InboundSettings
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, START, Hand, hand, ports

__all__ = ["SCOPE", "START", "Hand", "door", "hand", "ports"]


@pytest.fixture
def door(ports: Ports) -> str:
    """The address of the open form. Mails to hello@practice.example count, too."""
    sender = Sender(name="Practice", address="info@practice.example", postal_address="1 Mill Road, Leeds")
    house.write(ports, SCOPE, "owner", House(sender=sender))
    wanted = InboundSettings(open=True, consent="Practice may send me news.", address="hello@practice.example")
    return inbound.write(ports, SCOPE, "owner", wanted).url
