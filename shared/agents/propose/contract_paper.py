"""A contract on paper: as it would be signed, as it was signed, and sealed with the evidence behind it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from zoneinfo import ZoneInfo

from shared.agents import brand as brands
from shared.agents.propose.contracts import content_of
from shared.agents.propose.seal_keys import seal_key
from shared.domain.contract import Contract, Evidence
from shared.domain.contract_words import WORDS
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.contract import Outline, contract_pdf, evidence_pdf, outline
from shared.render.pades import fingerprint, sealed


def pdf(ports: Ports, scope: Scope, found: Contract, version: int) -> bytes:
    """A version: the very file that is signed, or a draft that says so. Raises Missing, and Rejected if it cannot be
    drawn."""
    named = found.of_version(version)
    if named is None:
        raise Missing("version", str(version))
    if named.document:
        return ports.files.get(scope, _path(found.id, version))
    return _drawn(ports, scope, said(ports, scope, found, version, draft=True))


def frozen(ports: Ports, scope: Scope, found: Contract, version: int) -> str:
    """SHA-256 of the file that is signed: made once, and the same for ever after."""
    path = _path(found.id, version)
    if ports.files.size(scope, path) is None:
        made = _drawn(ports, scope, said(ports, scope, found, version))
        ports.files.put(scope, path, made, only_new=True)
    return hashlib.sha256(ports.files.get(scope, path)).hexdigest()


def said(ports: Ports, scope: Scope, found: Contract, version: int, draft: bool = False) -> Outline:
    """What a version says, as paper and page show it."""
    named = found.of_version(version)
    assert named is not None, "checked"
    made = named.at.astimezone(ZoneInfo(ports.timezone)).date()
    return outline(content_of(ports, scope, found, version), version, named.digest, made, draft)


def seal(ports: Ports, scope: Scope, found: Contract) -> str:
    """SHA-256 of the sealed file, which is made once. The contract is signed by both sides."""
    sent = found.current
    assert sent is not None
    path = _sealed(found.id)
    if ports.files.size(scope, path) is None:
        ports.files.put(scope, path, _made(ports, scope, found, sent.version), only_new=True)
    return hashlib.sha256(ports.files.get(scope, path)).hexdigest()


def sealed_pdf(ports: Ports, scope: Scope, found: Contract) -> bytes:
    """The sealed file. Raises Conflict while there is none."""
    with suppress(FileNotFoundError):
        return ports.files.get(scope, _sealed(found.id))
    raise Conflict("contract", "it is sealed when both sides have signed")


def _made(ports: Ports, scope: Scope, found: Contract, version: int) -> bytes:
    content, document = content_of(ports, scope, found, version), ports.files.get(scope, _path(found.id, version))
    signatures = sorted(found.counted, key=lambda each: each.at)
    evidence = Evidence(
        contract=found.id, version=version, title=content.title, document=signatures[0].document,
        octets=len(document), agency=content.agency.name, client=content.client.name, signatures=signatures,
        sealed_at=ports.clock.now(),
    )  # fmt: skip
    key = seal_key(ports, scope, content.agency.name)
    brand, _ = brands.read(ports, scope)
    logo = brands.logo_file(ports, scope, brand)
    page = evidence_pdf(
        evidence, content, fingerprint(key.certificate), ports.timezone, brand, logo, ports.fonts
    )  # fmt: skip
    inside = evidence.model_dump_json(indent=2).encode()
    return sealed(document, page, inside, key, evidence.sealed_at, WORDS[content.language]["reason"])


def _drawn(ports: Ports, scope: Scope, outline: Outline) -> bytes:
    brand, _ = brands.read(ports, scope)
    try:
        return contract_pdf(outline, brand, brands.logo_file(ports, scope, brand), ports.fonts)
    except ValueError as error:
        raise Rejected(FieldError("content", str(error))) from None


def _path(id: str, version: int) -> str:
    return f"contracts/{id}/v{version}.pdf"


def _sealed(id: str) -> str:
    return f"contracts/{id}/sealed.pdf"
