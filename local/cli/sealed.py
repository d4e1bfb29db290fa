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
_INTACT = (
    "Intact: all that the seal covers is as it was sealed, and that is the whole file but the place of the seal itself."
)
_END = b"%%EOF"


class Certificate(NamedTuple):
    """`own`: nobody but its holder vouches for the name."""

    name: str
    sha256: str
    own: bool


class Examined(NamedTuple):
    """`intact`: nothing was found wrong. `wrong` says what was, in words. `expected`: somebody said by which
    certificate it must be, and it is."""

    intact: bool
    wrong: list[str]
    sealed_at: datetime | None = None
    certificate: Certificate | None = None
    evidence: Evidence | None = None
    expected: bool = False

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "intact": self.intact,
            "wrong": self.wrong,
            "sealed_at": self.sealed_at.isoformat() if self.sealed_at else None,
            "certificate": self.certificate._asdict() if self.certificate else None,
            "evidence": self.evidence.model_dump(mode="json") if self.evidence else None,
            "note": self.note,
        }

    @property
    def note(self) -> str:
        """What it does not prove."""
        return _HONEST if self.certificate and self.certificate.own and not self.expected else ""


def examined(file: bytes, expected: str | None = None) -> Examined:
    """What a PDF proves; `expected`: SHA-256 of the certificate that it must be sealed with, in lower case.
    Never raises, whatever file it is given."""
    try:
        return _examined(file, expected)
    except Exception as fault:  # whatever a library says of octets that anybody may have made
        return Examined(False, [f"it cannot be read as a sealed PDF: {type(fault).__name__}"])


def lines(found: Examined) -> Iterator[str]:
    """In plain words."""
    yield _INTACT if found.intact else "NOT in order:"
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
        if found.expected:
            yield "It is the certificate that you expect."
        if found.note:
            yield found.note


def _examined(file: bytes, expected: str | None) -> Examined:
    from pyhanko.pdf_utils.reader import PdfFileReader

    signatures = PdfFileReader(BytesIO(file)).embedded_signatures
    if len(signatures) != 1:
        return Examined(False, [f"it has {len(signatures) or 'no'} seals; a sealed contract has one"])
    [seal] = signatures
    evidence, certificate = _evidence(file), _certificate(seal)
    wrong = [*_seal_wrong(seal), *_evidence_wrong(file, evidence)]
    same = certificate.sha256 == expected
    if expected is not None and not same:
        wrong.append(f"it was sealed with another certificate than the one that you expect, {expected}")
    return Examined(not wrong, wrong, seal.self_reported_timestamp, certificate, evidence, same)


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
    if not _is_first_revision(file, evidence.octets):
        yield "what was signed is not what the file begins with, as a PDF of its own"
    if any(each.document != evidence.document for each in evidence.signatures):
        yield "the signatures are of different documents"
    if missing := {*ROLES} - {each.role for each in evidence.signatures}:
        yield f"a signature is missing: {', '.join(sorted(missing))}"
    if len(evidence.signatures) > len(ROLES):
        yield "there are more signatures than sides"


def _is_first_revision(file: bytes, octets: int) -> bool:
    """Do the first octets end where the first revision does (ISO 32000-2, 7.5.6), and does something follow?"""
    end = file.find(_END)
    return end >= 0 and octets < len(file) and file[end:octets].rstrip(b"\r\n") == _END


def _certificate(seal: EmbeddedPdfSignature) -> Certificate:
    found = seal.signer_cert
    own = found.subject == found.issuer
    return Certificate(str(found.subject.native.get("common_name", "")), found.sha256.hex(), own)
