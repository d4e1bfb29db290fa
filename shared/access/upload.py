"""A file that a browser form brings (multipart/form-data, RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple

from shared.domain.faults import FieldError, Rejected

_MOST_PARTS = 220
_LONGEST_HEAD = 8_000
"""Bytes of a part's header fields."""


class Upload(NamedTuple):
    """One uploaded file: the name it had there, and its bytes."""

    name: str
    data: bytes


def uploaded(body: bytes, content_type: str, field: str) -> Upload:
    """The file in `field` of a form. Raises Rejected if the body is no such form or nothing was chosen."""
    if found := uploads(body, content_type, field):
        return found[0]
    raise Rejected(FieldError(field, "no file was chosen"))


def uploads(body: bytes, content_type: str, field: str) -> list[Upload]:
    """All files in `field`. Raises Rejected if the body is no such form."""
    found = []
    for head, data in _form(body, content_type, field):
        name = head.get_filename()
        if head.get_param("name", header="content-disposition") == field and name:
            found.append(Upload(name, data))
    return found


def filled_in(body: bytes, content_type: str) -> dict[str, str]:
    """The fields of such a form that are no files; those that were left empty are absent. Raises Rejected."""
    found: dict[str, str] = {}
    for head, data in _form(body, content_type, "body"):
        name = head.get_param("name", header="content-disposition")
        if isinstance(name, str) and head.get_filename() is None:
            try:
                found[name] = data.decode().replace("\r\n", "\n")
            except UnicodeDecodeError:
                raise Rejected(FieldError(name, "must be UTF-8")) from None
    return {name: text for name, text in found.items() if text.strip()}


def _form(body: bytes, content_type: str, field: str) -> Iterator[tuple[EmailMessage, bytes]]:
    form = _head(f"Content-Type: {content_type}".encode("latin-1", "replace"))
    boundary = form.get_boundary()
    if form.get_content_type() != "multipart/form-data" or not boundary:
        raise Rejected(FieldError(field, "must come as a form with a file (multipart/form-data)"))
    return _parts(body, boundary.encode("latin-1", "replace"))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[EmailMessage, bytes]]:
    """(header fields, content) of the first parts: no form here has more, and a hostile body could hold millions."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary, _MOST_PARTS + 1)[1 : _MOST_PARTS + 1]:
        head, found, data = part.partition(b"\r\n\r\n")
        if found and len(head) <= _LONGEST_HEAD and not head.startswith(b"--"):
            yield _head(head.partition(b"\r\n")[2]), data


def _head(lines: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=HTTP).parsebytes(lines + b"\r\n\r\n", headersonly=True)
