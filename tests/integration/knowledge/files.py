"""Files as people bring them, and as nobody should: made here, so that each is what its name says."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

import typst
from pypdf import PdfReader, PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = f"""<w:styles xmlns:w="{WORD}">
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style></w:styles>"""


def pdf(*pages: str, title: str = "") -> bytes:
    """One page a text, as typst sets it."""
    head = f'#set document(title: "{title}")\n' if title else ""
    source = head + "\n#pagebreak()\n".join(pages)
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(data)))
    writer.encrypt(password, "the owner's", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(body: str, **more: bytes) -> bytes:
    """A Word document with this content of `w:body`."""
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document.encode(), "word/styles.xml": STYLES.encode(), **more})


def paragraph(text: str, style: str = "", run: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A Word document of some kilobytes that unpacks to so much, and says so."""
    return zipped({"word/document.xml": b"<a>" + b" " * (megabytes * 1_000_000) + b"</a>"})


def lying_bomb(megabytes: int) -> bytes:
    """The same; its table of contents says that it unpacks to 100 bytes."""
    data = bytearray(bomb(megabytes))
    size = (megabytes * 1_000_000 + len(b"<a></a>")).to_bytes(4, "little")
    for at in [n for n in range(len(data) - 4) if data[n : n + 4] == size]:
        data[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def pdf_with_streams(streams: Sequence[bytes]) -> bytes:
    """A one-page PDF written by hand whose content is these compressed streams."""
    packed = [zlib.compress(stream) for stream in streams]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ["
        + b" ".join(b"%d 0 R" % (5 + n) for n in range(len(packed)))
        + b"] /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(b"<< /Length %d /Filter /FlateDecode >> stream\n%b\nendstream" % (len(each), each) for each in packed),
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj %b endobj\n" % (number, each)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)
