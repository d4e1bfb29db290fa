from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import secrets
from typing import Any

import orjson
import pyrage
import pytest
import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from lxml import etree

from shared.process.errors import InputError, PolicyError
from shared.process.rows.columns import RowColumn
from shared.process.rows.sensitive import masked, sensitivity
from tests.integration.process.real_desk import Room

COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer"},
    {"name": "note"},
    {"name": "amount", "type": "decimal", "places": 2},
    {"name": "paid", "type": "boolean"},
]
NOTES = ["=1+1", "@SUM(A1)", "-5", "+49 30 123", "<b>&\x01", 'a "quoted", b', "", "é\nü", "\tx"]


def rows_of(here: Room, notes: list[str] = NOTES) -> dict[str, Any]:
    lines = [{"id": n, "note": note, "amount": f"{n}.50", "paid": n % 2 == 0} for n, note in enumerate(notes, 1)]
    file = here.file("n.jsonl", b"\n".join(map(orjson.dumps, lines)))
    found: dict[str, Any] = here.do("read", {"file": file, "columns": COLUMNS}).outputs["rows"]
    return found


def out(here: Room, rows: dict[str, Any], **more: Any) -> bytes:
    done = here.do("output", {"rows": rows, **more}).outputs
    data = here.bytes(done["file"])
    line = f"{hashlib.sha256(data).hexdigest()}  {done['file']['name']}\n"
    assert here.bytes(done["checksums"]).decode() == line
    return data


def test_a_spreadsheet_takes_no_cell_for_a_formula(here: Room) -> None:
    found = list(csv.reader(io.StringIO(out(here, rows_of(here)).decode(), newline="")))
    assert found[0] == ["id", "note", "amount", "paid"]
    assert [row[1] for row in found[1:]] == [
        *("'=1+1", "'@SUM(A1)", "-5", "'+49 30 123", "<b>&\x01", 'a "quoted", b', "", "é\nü", "x"),
    ]
    assert found[1] == ["1", "'=1+1", "1.50", "false"]
    plain = out(here, rows_of(here), guard=False, columns=["note"], encoding="utf-8-sig", delimiter=";")
    assert plain.startswith(b"\xef\xbb\xbfnote\r\n=1+1\r\n")
    with pytest.raises(InputError, match="cp1250"):
        out(here, rows_of(here, ["\N{SNOWMAN}"]), encoding="cp1250")


def test_every_format_says_the_same(here: Room) -> None:
    rows = rows_of(here)
    listed = json.loads(out(here, rows, format="json"), parse_float=str)
    lines = [json.loads(line, parse_float=str) for line in out(here, rows, format="jsonl").splitlines()]
    assert listed == lines
    assert listed[0] == {"id": 1, "note": "=1+1", "amount": "1.50", "paid": False}
    tree = etree.fromstring(out(here, rows, format="xml", root="list", record="it"))
    assert [each.findtext("amount") for each in tree] == [each["amount"] for each in listed]
    assert tree[4].findtext("note") == "<b>&\ufffd"
    empty = here.do("read", {"file": here.file("e.csv", "a\n")}).outputs["rows"]
    assert json.loads(out(here, empty, format="json")) == []
    assert out(here, empty) == b"a\r\n"


def test_compressed_and_encrypted_files_are_what_their_tools_expect(here: Room) -> None:
    rows, key, identity = rows_of(here), secrets.token_bytes(32), pyrage.x25519.Identity.generate()
    plain = out(here, rows)
    assert gzip.decompress(out(here, rows, compress="gzip")) == plain
    assert zstandard.ZstdDecompressor().decompressobj().decompress(out(here, rows, compress="zstd")) == plain
    sealed = out(here, rows, compress="gzip", encrypt={"key": key.hex()})
    assert (
        by_the_book(sealed, key) == gzip.compress(plain, 6, mtime=0)
        or gzip.decompress(by_the_book(sealed, key)) == plain
    )
    assert sealed == out(here, rows, compress="gzip", encrypt={"key": key.hex()})
    aged = out(here, rows, encrypt={"recipients": [str(identity.to_public())]})
    assert pyrage.decrypt(aged, [identity]) == plain
    opened = here.do("decrypt", {"file": here.file("a.csv.age", aged), "identity": str(identity)}).outputs["file"]
    assert (opened["name"], here.bytes(opened)) == ("a.csv", plain)
    with pytest.raises(InputError, match="32 bytes"):
        out(here, rows, encrypt={"key": "short"})
    with pytest.raises(InputError, match="public keys of age"):
        out(here, rows, encrypt={"recipients": ["age1x"]})


@pytest.mark.parametrize("format", ["csv", "json", "xml"])
def test_every_row_is_looked_at_before_anything_leaves(here: Room, format: str) -> None:
    """What is personal only from the 2,001st row on is masked from the first one on; what may not leave does not."""
    iban, mail = "DE89370400440532013000", "ada@example.org"
    lines = [{"id": n, "note": f"note {n}", "amount": "1.00", "paid": True} for n in range(2000)]
    late = [{**lines[0], "note": iban if n % 10 else "none"} for n in range(900)]
    mixed = [{**lines[0], "note": mail} for _ in range(1000)]
    for rest, kind, mark in (
        (late, "iban", b"***00"),
        ([*mixed, *late], "iban", b"***00"),
        (mixed, "email", b"a***@***"),
    ):
        file = here.file("n.jsonl", b"\n".join(map(orjson.dumps, [*lines, *rest])))
        rows = here.do("read", {"file": file, "columns": COLUMNS}).outputs["rows"]
        done = here.do("output", {"rows": rows, "format": format}).outputs
        data = here.bytes(done["file"])
        assert done["masked"] == {"note": kind}
        assert mark in data
        assert not [each for each in (iban.encode(), mail.encode(), b"note 7") if each in data]
        if kind == "iban":
            with pytest.raises(PolicyError, match="note holds iban"):
                here.do("output", {"rows": rows, "format": format, "allow": ["note"]})


def by_the_book(data: bytes, key: bytes) -> bytes:
    """What the documentation of the format says, done at once."""
    header, body = data[:48], data[48:]
    assert header[:9] == b"BATONGCM\x01"
    cipher = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=header[16:48], info=b"batongcm 1").derive(key))
    chunks = [body[at : at + 65_552] for at in range(0, len(body), 65_552)]
    last = len(chunks) - 1
    nonces = [header[9:16] + n.to_bytes(4, "big") + bytes([n == last]) for n in range(len(chunks))]
    return b"".join(cipher.decrypt(nonce, chunk, header) for nonce, chunk in zip(nonces, chunks, strict=True))


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_sealed_file_that_was_touched_is_refused(here: Room, size: int) -> None:
    from shared.process.rows.sealing import encrypt

    key, desk = secrets.token_bytes(32), here.desk()
    content = secrets.token_bytes(size)
    (desk.folder / "plain").write_bytes(content)
    encrypt(desk.folder / "plain", desk.folder / "sealed", key)
    sealed = (desk.folder / "sealed").read_bytes()
    assert by_the_book(sealed, key) == content

    def opened(data: bytes, key: bytes = key) -> bytes:
        return here.bytes(here.do("decrypt", {"file": here.file("x.enc", data), "key": key.hex()}).outputs["file"])

    assert opened(sealed) == content
    first, second = sealed[48 : 48 + 65_552], sealed[48 + 65_552 : 48 + 2 * 65_552]
    touched = [
        sealed[:-1],
        sealed[:50],
        sealed + b"x",
        sealed[:60] + bytes([sealed[60] ^ 1]) + sealed[61:],
        b"x" + sealed[1:],
    ]
    touched += (
        [sealed[:48] + second + first + sealed[48 + 2 * 65_552 :], sealed[: 48 + 65_552]] if size == 200_000 else []
    )
    for data in touched:
        with pytest.raises(InputError, match=r"BATONGCM|cut off"):
            opened(data)
    with pytest.raises(InputError, match="another"):
        opened(sealed, secrets.token_bytes(32))


PEOPLE = """name,contact,bank,number,when,note
Ada Lovelace,ada@example.org,DE89 3704 0044 0532 0130 00,078-05-1120,2024-01-01,a
Alan Turing,alan@example.org,GB29NWBK60161331926819,219-09-9999,2024-01-02,b
"""


def test_personal_data_are_masked_unless_allowed_and_bank_data_leave_encrypted_only(here: Room) -> None:
    rows = here.do("read", {"file": here.file("p.csv", PEOPLE)}).outputs["rows"]
    desk = here.desk()
    done = here.do("output", {"rows": rows}, desk).outputs
    assert done["masked"] == {"name": "name", "contact": "email", "bank": "iban", "number": "ssn"}
    text = here.bytes(done["file"]).decode()
    assert text.splitlines()[1] == "A. L.,a***@***,***00,***20,2024-01-01,a"
    assert "ada@" not in "".join(desk.lines)
    assert "ada@example.org" in out(here, rows, allow=["contact"]).decode()
    for column in ("bank", "number"):
        with pytest.raises(PolicyError, match=f"{column} holds"):
            out(here, rows, allow=[column])
    key = secrets.token_bytes(32)
    assert b"DE89" in by_the_book(out(here, rows, allow=["bank"], encrypt={"key": key.hex()}), key)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("x", ["a@b.example", "c@d.example"], "email"),
        ("x", ["a@b.example", "no", "no"], None),
        ("x", ["4111 1111 1111 1111"], "card"),
        ("x", ["4111 1111 1111 1112"], None),
        ("x", ["DE89370400440532013000"], "iban"),
        ("x", ["DE88370400440532013000"], None),
        ("x", ["+49 30 901820", "(030) 901 820"], "phone"),
        ("clientName", [], "name"),
        ("Date of birth", [], "birth_date"),
        ("filename", ["a.csv"], None),
        ("amount", ["12.50"], None),
    ],
)
def test_what_a_column_holds_is_seen_from_its_values_and_its_name(
    name: str, values: list[str], kind: str | None
) -> None:
    assert sensitivity(RowColumn(name=name), values) == kind


def test_a_line_of_a_log_loses_what_looks_like_somebodys() -> None:
    line = (
        "7: ada@example.org paid 12.50 with 4111 1111 1111 1111 on 2024-01-02 (078-05-1120), +49 30 901820, no 12345678"
    )
    assert masked(line) == "7: a***@*** paid 12.50 with ***11 on 2024-01-02 (***20), ***20, no 12345678"
