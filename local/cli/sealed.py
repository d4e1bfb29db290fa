"""A sealed contract read without a network: was it changed since, what was signed by whom, by which certificate.

It does not use the code that seals, so that one does not vouch for the other's mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from shared.domain.contract import EVIDENCE_FILE, ROLES, Evidence

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_HONEST = (
    "An own certificate proves that nothing was changed since the seal, not who made it: compare its SHA-256 with the "
    "one that the agency tells you on another way."
)


class Certificate(NamedTuple):
    """`own`: nobody but its holder vouches for the name."""

    name: str
    sha256: str
    own: bool


class Examined(NamedTuple):
    """`intact`: nothing was found wrong. `wrong` says what was, in words."""

    intact: bool
    wrong: list[str]
    sealed_at: datetime | None
    certificate: Certificate | None
    evidence: Evidence | None

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "intact": self.intact,
            "wrong": self.wrong,
            "sealed_at": self.sealed_at.isoformat() if self.sealed_at else None,
            "certificate": self.certificate._asdict() if self.certificate else None,
            "evidence": self.evidence.model_dump(mode="json") if self.evidence else None,
            "note": _HONEST if self.certificate and self.certificate.own else "",
        }


def examined(file: bytes) -> Examined:
    """What a PDF proves. Never raises, whatever it is given."""
    try:
        return _examined(file)
    except Exception as fault:  # whatever a library says of octets that anybody may have made
        said = f"it cannot be read as a sealed PDF: {type(fault).__name__}"
        return Examined(False, [said], None, None, None)


def lines(found: Examined) -> Iterator[str]:
    """In plain words."""
    yield "Intact: nothing was changed since it was sealed." if found.intact else "NOT intact:"
    yield from (f"  {each}" for each in found.wrong)
    if found.evidence and found.intact:
        yield f"{found.evidence.title}, version {found.evidence.version} (SHA-256 {found.evidence.document})"
        for each in found.evidence.signatures:
            party = found.evidence.client if each.role == "client" else found.evidence.agency
            where = f", from {each.address}" if each.address else ""
            yield f"  signed for {party} by {each.name}, {each.at:%Y-%m-%d %H:%M:%S} UTC{where}"
    if found.certificate and found.sealed_at:
        yield f"Sealed {found.sealed_at:%Y-%m-%d %H:%M:%S} UTC, by the clock of whoever sealed it."
        own = "which it issued itself" if found.certificate.own else "which somebody else issued"
        yield f"Certificate of “{found.certificate.name}”, {own}: SHA-256 {found.certificate.sha256}"
        if found.certificate.own:
            yield _HONEST


def _examined(file: bytes) -> Examined:
    from pyhanko.pdf_utils.reader import PdfFileReader

    signatures = PdfFileReader(BytesIO(file)).embedded_signatures
    if len(signatures) != 1:
        return Examined(False, [f"it has {len(signatures) or 'no'} seals; a sealed contract has one"], None, None, None)
    [seal] = signatures
    evidence = _evidence(file)
    wrong = [*_seal_wrong(seal), *_evidence_wrong(file, evidence)]
    return Examined(not wrong, wrong, seal.self_reported_timestamp, _certificate(seal), evidence)


def _seal_wrong(seal: EmbeddedPdfSignature) -> Iterator[str]:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    moment = seal.self_reported_timestamp
    trust = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False, moment=moment)
    status = validate_pdf_signature(seal, trust)
    if not status.intact:
        yield "octets under the seal were changed since"
    if not status.valid:
        yield "the seal was not made with the key of its certificate"
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.modification_level != ModificationLevel.NONE:
        yield "something was added behind the seal"


def _evidence(file: bytes) -> Evidence | None:
    from pypdf import PdfReader

    found = PdfReader(BytesIO(file)).attachments.get(EVIDENCE_FILE)
    try:
        return Evidence.model_validate_json(found[0]) if found else None
    except ValidationError:
        return None


def _evidence_wrong(file: bytes, evidence: Evidence | None) -> Iterator[str]:
    if evidence is None:
        yield f"it has no {EVIDENCE_FILE} inside that says who signed what"
        return
    if hashlib.sha256(file[: evidence.octets]).hexdigest() != evidence.document:
        yield "the document is another than the one that was signed: its SHA-256 differs"
    if any(each.document != evidence.document for each in evidence.signatures):
        yield "the signatures are of different documents"
    if missing := {*ROLES} - {each.role for each in evidence.signatures}:
        yield f"a signature is missing: {', '.join(sorted(missing))}"


def _certificate(seal: EmbeddedPdfSignature) -> Certificate:
    found = seal.signer_cert
    own = found.subject == found.issuer
    return Certificate(str(found.subject.native.get("common_name", "")), found.sha256.hex(), own)
