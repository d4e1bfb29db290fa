from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.upload import uploaded
from shared.domain.faults import Rejected

FORM = "multipart/form-data; boundary=----XyZ"


def form(field: bytes, filename: bytes | None, data: bytes) -> bytes:
    name = b'; filename="%b"' % filename if filename is not None else b""
    head = b'Content-Disposition: form-data; name="%b"%b\r\nContent-Type: text/csv\r\n\r\n' % (field, name)
    return b"------XyZ\r\n" + head + data + b"\r\n------XyZ--\r\n"


@given(st.binary().filter(lambda data: b"------XyZ" not in data))
def test_a_file_comes_through_byte_by_byte(data: bytes) -> None:
    assert uploaded(form(b"file", b"people.csv", data), FORM, "file") == ("people.csv", data)


def test_a_file_name_may_have_umlauts() -> None:
    assert uploaded(form(b"file", "Käse.csv".encode(), b"x"), FORM, "file").name == "Käse.csv"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"no form at all", FORM),
        (b"a=1", "application/x-www-form-urlencoded"),
        (form(b"file", b"", b""), FORM),
        (form(b"file", None, b"x"), FORM),
        (form(b"other", b"people.csv", b"x"), FORM),
        (form(b"file", b"people.csv", b"x"), "multipart/form-data"),
    ],
)
def test_what_is_no_upload_is_refused_with_the_field(body: bytes, content_type: str) -> None:
    with pytest.raises(Rejected) as refused:
        uploaded(body, content_type, "file")
    assert refused.value.errors[0].field == "file"
