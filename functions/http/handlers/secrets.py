"""Secrets that processes use by name. A value goes in and never comes out."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from shared.access.call import Answer, Call, Listing
from shared.access.problem import rejected
from shared.process import vault
from shared.process.vault import Secret, SecretName, SecretValue

_NAME = TypeAdapter[str](SecretName)


def listing(call: Call) -> Answer[Listing[Secret]]:
    """The names of the workspace's secrets, and who set them when."""
    return Answer(Listing(items=vault.every(call.ports, call.scope), cursor=None))


def put(call: Call, body: SecretValue) -> Answer[Secret]:
    """Keep a secret, in the place of the one of this name."""
    try:
        name = _NAME.validate_python(call.path["name"])
    except ValidationError as error:
        raise rejected(error, "name") from None
    return Answer(vault.put(call.ports, call.scope, call.principal, name, body.value))


def remove(call: Call) -> Answer[Secret]:
    """Forget a secret; steps that name it fail from now on."""
    return Answer(vault.remove(call.ports, call.scope, call.principal, call.path["name"]))
