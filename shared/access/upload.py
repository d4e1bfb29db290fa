"""A file that a browser form brings (multipart/form-data, RFC 7578)."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple

from shared.domain.faults import FieldError, Rejected


class Upload(NamedTuple):
    """One uploaded file: the name it had there, and its bytes."""

    name: str
    data: bytes


def uploaded(body: bytes, content_type: str, field: str) -> Upload:
    """The file in `field` of a form. Raises Rejected if the body is no such form or nothing was chosen."""
    if not content_type.startswith("multipart/form-data"):
        raise Rejected(FieldError(field, "must come as a form with a file (multipart/form-data)"))
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_filename()
        if part.get_param("name", header="content-disposition") == field and name:
            data = part.get_payload(decode=True)
            return Upload(name, data if isinstance(data, bytes) else b"")
    raise Rejected(FieldError(field, "no file was chosen"))
