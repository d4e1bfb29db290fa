"""Secrets that processes use by name. A value goes in and never comes out."""

from __future__ import annotations

import re

from shared.access.call import Answer, Call, Listing
from shared.domain.faults import Missing
from shared.process import vault
from shared.process.vault import Secret, SecretValue

_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


def listing(call: Call) -> Answer[Listing[Secret]]:
    """The names of the workspace's secrets, and who set them when."""
    return Answer(Listing(items=vault.every(call.ports, call.scope), cursor=None))


def put(call: Call, body: SecretValue) -> Answer[Secret]:
    """Keep a secret, in the place of the one of this name."""
    name = call.path["name"]
    if not _NAME.fullmatch(name):
        raise Missing("name that a plan could write (a to z, digits, _)", name)
    return Answer(vault.put(call.ports, call.scope, call.principal, name, body.value))


def remove(call: Call) -> Answer[Secret]:
    """Forget a secret; steps that name it fail from now on."""
    return Answer(vault.remove(call.ports, call.scope, call.principal, call.path["name"]))
