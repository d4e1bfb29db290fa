"""Word (Office Open XML, ECMA-376): paragraphs, headings and tables of the document and its footnotes, as they would
be printed. A ZIP archive of XML, both read with a limit: what unpacks to too much is refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from shared.adapters.knowledge._blocks import Document, Outline, Refused
from shared.domain.knowledge_passages import Block, as_seen

_MOST_UNPACKED = 200_000_000
_MOST_XML = 60_000_000
_MOST_FILES = 5_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "sectPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_OFF = ("0", "false", "off")
_SMALLEST = 6
"""Half points: what is smaller nobody reads."""


def read_docx(data: bytes) -> Document:
    """Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
            body = _part(archive, "word/document.xml")
            if body is None:
                raise Refused("is no Word document: there is no word/document.xml in it")
            levels = _levels(_part(archive, "word/styles.xml"))
            notes = _part(archive, "word/footnotes.xml")
            core = _part(archive, "docProps/core.xml")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Refused("is no Word document, broken, or encrypted; save it again as .docx without a password") from None
    title = core.findtext(".//{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    return Document(as_seen(title or "").replace("\n", " ") or None, _blocks(body, notes, levels))


def _check(archive: zipfile.ZipFile) -> None:
    files = archive.infolist()
    if len(files) > _MOST_FILES or sum(file.file_size for file in files) > _MOST_UNPACKED:
        raise Refused(f"would unpack to more than {_MOST_UNPACKED // 1_000_000} MB: not taken")


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """One XML file of the archive; what it says of its size is not believed."""
    try:
        with archive.open(name) as file:
            data = file.read(_MOST_XML + 1)
    except KeyError:
        return None
    if len(data) > _MOST_XML:
        raise Refused(f"{name} in it is larger than {_MOST_XML // 1_000_000} MB: not taken")
    if b"<!DOCTYPE" in data[:4096]:
        raise Refused(f"{name} in it has a document type, which no Word file has: not taken")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(f"{name} in it is broken, or too complicated: {error.msg}") from None


def _levels(styles: etree._Element | None) -> dict[str, int]:
    """Style id -> level of heading. Names are English in every language's Word, ids are not."""
    found: dict[str, int] = {}
    for style in () if styles is None else styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        said = ("" if name is None else name.get(f"{_W}val") or "").lower()
        if said == "title":
            found[style.get(f"{_W}styleId", "")] = 1
        elif said.startswith("heading ") and said[8:].isdigit():
            found[style.get(f"{_W}styleId", "")] = int(said[8:])
    return found


def _blocks(body: etree._Element, notes: etree._Element | None, levels: dict[str, int]) -> Iterator[Block]:
    outline = Outline()
    for part in (body, notes):
        for element in () if part is None else _top(part):
            text = _table(element) if element.tag == f"{_W}tbl" else _text(element)
            level = levels.get(_value(element, "pPr", "pStyle") or "")
            yield from outline.heading(level, text) if level else outline.text(text)
    yield from outline.end()


def _top(element: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables that are in no other."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _SKIPPED:
            yield from _top(child)


def _table(table: etree._Element) -> str:
    rows = table.iter(f"{_W}tr")
    return "\n".join(" | ".join(_text(cell).replace("\n", " ") for cell in row.iter(f"{_W}tc")) for row in rows)


def _text(element: etree._Element) -> str:
    match element.tag:
        case tag if tag in _SKIPPED or (tag == f"{_W}r" and _is_hidden(element)):
            return ""
        case tag if tag == f"{_W}t":
            return element.text or ""
        case tag if tag == f"{_W}tab":
            return " "
        case tag if tag in (f"{_W}br", f"{_W}cr"):
            return "\n"
        case tag:
            return "".join(_text(child) for child in element) + ("\n" if tag == f"{_W}p" else "")


def _is_hidden(run: etree._Element) -> bool:
    """Hidden text, text too small to be seen, and white text on no colour."""
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    if vanish is not None and (vanish.get(f"{_W}val") or "true") not in _OFF:
        return True
    size = _value(run, "rPr", "sz") or ""
    if size.isdigit() and int(size) < _SMALLEST:
        return True
    coloured = any(run.find(f"{_W}rPr/{_W}{name}") is not None for name in ("shd", "highlight"))
    return (_value(run, "rPr", "color") or "").upper() == "FFFFFF" and not coloured


def _value(element: etree._Element, properties: str, name: str) -> str | None:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    return None if found is None else found.get(f"{_W}val")
