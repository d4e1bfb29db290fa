"""Forms with a file, as browsers send them and as nobody should."""

from __future__ import annotations

import pytest

from shared.access.upload import Upload, uploaded
from shared.domain.faults import Rejected

FORM = 'multipart/form-data; boundary="B"'
FILE = b'Content-Disposition: form-data; name="file"; filename="people.csv"\r\nContent-Type: text/csv\r\n\r\n'
NO_FILE = "file: no file was chosen"


def form(*parts: bytes) -> bytes:
    return b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


@pytest.mark.parametrize(
    "data", [b"", b"email\r\na@x.example\r\n", b"\r\n\r\n--A\r\n", b"a\rb\nc\r\n", bytes(range(256))]
)
def test_a_file_comes_through_byte_by_byte(data: bytes) -> None:
    body = form(b'Content-Disposition: form-data; name="note"\r\n\r\nfile', FILE + data)
    assert uploaded(body, FORM, "file") == Upload("people.csv", data)


def test_a_name_in_any_script_is_kept() -> None:
    body = form('Content-Disposition: form-data; name="file"; filename="münchen.json"\r\n\r\n[]'.encode())
    assert uploaded(body, FORM, "file").name.endswith("nchen.json")


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (form(FILE), "text/csv", "file: must come as a form with a file (multipart/form-data)"),
        (form(FILE), "multipart/form-data", "file: must come as a form with a file (multipart/form-data)"),
        (b"", FORM, NO_FILE),
        (b"--B--", FORM, NO_FILE),
        (form(FILE.replace(b"people.csv", b"")), FORM, NO_FILE),
        (form(b"A: b\r\n\r\n") * 300_000, FORM, NO_FILE),
        (form(b"A: b\r\n" * 300_000 + b"\r\n"), FORM, NO_FILE),
        (form(b"Content-Type: multipart/mixed; boundary=B\r\n\r\n") * 3_000, FORM, NO_FILE),
    ],
    ids=["no form", "no boundary", "empty", "only the end", "nothing chosen", "many parts", "many fields", "nested"],
)
def test_what_brings_no_file_is_refused_at_once(body: bytes, content_type: str, words: str) -> None:
    with pytest.raises(Rejected) as refused:
        uploaded(body, content_type, "file")
    assert str(refused.value) == words
