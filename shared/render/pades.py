"""The seal of a house on a PDF: PAdES baseline B-B (ETSI EN 319 142-1), by a certificate that the house made itself.

Such a certificate proves that nothing was changed since, not who holds it: nobody but the house vouches for the name.
What was signed stays the beginning of the file, octet for octet; evidence and seal come behind it (ISO 32000-2, 7.5.6).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.contract import EVIDENCE_FILE

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.sign.signers.pdf_cms import SimpleSigner

_YEARS = timedelta(days=365 * 20)


class SealKey(NamedTuple):
    """A private key and its certificate, both PEM."""

    key: str
    certificate: str


def make_seal_key(name: str, at: datetime) -> SealKey:
    """An ECDSA key (P-256) and a certificate of its own in this name, for twenty years; of a longer one its first 64
    octets."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    said = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _within(name, 64))])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder(said, said, key.public_key(), x509.random_serial_number(), at, at + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SealKey(private.decode(), made.public_bytes(serialization.Encoding.PEM).decode())


def sealed(document: bytes, evidence: bytes, said: bytes, key: SealKey, at: datetime, reason: str) -> bytes:
    """The document, then the pages of evidence and the same as a file inside (`said`, JSON), sealed at this moment. No
    later change is allowed by it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession

    class AtThisMoment(PdfSigner):
        """The library would ask the machine for the time."""

        def init_signing_session(
            self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
        ) -> PdfSigningSession:
            made = super().init_signing_session(pdf_out, existing_fields_only)
            made.system_time = at
            return made

    meta = PdfSignatureMetadata(
        field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason, certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )  # fmt: skip
    whole = IncrementalPdfFileWriter(BytesIO(_with_evidence(document, evidence, said)))
    made: bytes = AtThisMoment(meta, signer=_signer(key)).sign_pdf(whole).getvalue()
    return made


def fingerprint(certificate: str) -> str:
    """SHA-256 of a certificate (PEM), as readers of PDF show it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    return x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256()).hex()


def holder(certificate: str) -> str:
    """The name in a certificate (PEM)."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    [name] = x509.load_pem_x509_certificate(certificate.encode()).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def _within(text: str, octets: int) -> str:
    """Its beginning, in whole characters."""
    return text.encode()[:octets].decode(errors="ignore")


def _with_evidence(document: bytes, evidence: bytes, said: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(BytesIO(document), incremental=True)
    for page in PdfReader(BytesIO(evidence)).pages:
        writer.add_page(page)
    writer.add_attachment(EVIDENCE_FILE, said)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _signer(key: SealKey) -> SimpleSigner:
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
    from pyhanko.sign.signers.pdf_cms import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    [certificate] = load_certs_from_pemder_data(key.certificate.encode())
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(key.key.encode(), None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
