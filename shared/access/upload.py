"""A file that a browser form brings (multipart/form-data, RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple

from shared.domain.faults import FieldError, Rejected

_MOST_PARTS = 20
_LONGEST_HEAD = 8_000
"""Bytes of a part's header fields."""


class Upload(NamedTuple):
    """One uploaded file: the name it had there, and its bytes."""

    name: str
    data: bytes


def uploaded(body: bytes, content_type: str, field: str) -> Upload:
    """The file in `field` of a form. Raises Rejected if the body is no such form or nothing was chosen."""
    form = _head(f"Content-Type: {content_type}".encode("latin-1", "replace"))
    boundary = form.get_boundary()
    if form.get_content_type() != "multipart/form-data" or not boundary:
        raise Rejected(FieldError(field, "must come as a form with a file (multipart/form-data)"))
    for head, data in _parts(body, boundary.encode("latin-1", "replace")):
        name = head.get_filename()
        if head.get_param("name", header="content-disposition") == field and name:
            return Upload(name, data)
    raise Rejected(FieldError(field, "no file was chosen"))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[EmailMessage, bytes]]:
    """(header fields, content) of the first parts: forms here have few, and a hostile body could hold millions."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary, _MOST_PARTS + 1)[1 : _MOST_PARTS + 1]:
        head, found, data = part.partition(b"\r\n\r\n")
        if found and len(head) <= _LONGEST_HEAD and not head.startswith(b"--"):
            yield _head(head.partition(b"\r\n")[2]), data


def _head(lines: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=HTTP).parsebytes(lines + b"\r\n\r\n", headersonly=True)
