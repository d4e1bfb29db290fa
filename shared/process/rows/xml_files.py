"""XML: one element a row, its attributes and children are the values. Files with a document type are refused before
any entity of it is looked at, so none can grow or lead elsewhere (CWE-776, CWE-611). A file that breaks off gives the
elements that are whole; what is left is one refused row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any
from xml.parsers import expat

from shared.process.errors import InputError
from shared.process.rows.raw import LEFT, REJECTED, Options, Raw, Rejected, of_object
from shared.process.rows.text import encoding_of
from shared.process.rows.written import NO_XML

_BLOCK = 2**16


class Xml:
    """`options.record` names the elements that are rows; without it, those below the root."""

    ending = "xml"

    def __init__(self, path: Path, options: Options) -> None:
        refuse_document_types(path)
        self._path = path
        self._record = options.record or self._below_the_root()
        self.headings = self._keys()

    def rows(self) -> Iterator[Raw]:
        count = 0
        try:
            for count, element in enumerate(self._elements(), 1):  # noqa: B007 – how many came before the break
                raw = of_object(self.headings, _values(element))
                yield raw._replace(original=element)
        except InputError as error:
            yield self._left(count, str(error))

    def rejects(self, path: Path) -> XmlRejects:
        return XmlRejects(path)

    def _elements(self) -> Iterator[Any]:
        with _parsed(self._path, tag=f"{{*}}{self._record}") as found:
            for _, element in found:
                if any(each.tag == element.tag for each in element.iterancestors()):
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _keys(self) -> list[str]:
        found: dict[str, None] = {}
        any_is_whole = False
        try:
            for element in self._elements():
                found |= dict.fromkeys(_values(element))
                any_is_whole = True
        except InputError:
            if not any_is_whole:
                raise
        return list(found)

    def _left(self, count: int, why: str) -> Raw:
        """What stands behind the last whole element."""
        from lxml import etree

        with self._path.open("rb") as file:
            file.seek(_end_of(self._path, self._record, count))
            text = file.read(4 * LEFT).decode(encoding_of(self._path, None), errors="replace")
        element = etree.Element(self._record)
        etree.SubElement(element, "baton_text").text = NO_XML.sub("\ufffd", text.strip())[:LEFT]
        return Raw([], element, f"{why}: what comes behind element {count:,} is not read")

    def _below_the_root(self) -> str:
        from lxml import etree

        with _parsed(self._path, events=("start",)) as found:
            for depth, (_, element) in enumerate(found):
                if depth == 1:
                    return str(etree.QName(element).localname)
        return "row"


class XmlRejects:
    """The elements as they were, with three children more."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<quarantine>\n')

    def add(self, rejected: Rejected, raw: Raw) -> None:
        from lxml import etree

        element = deepcopy(raw.original)
        for child in [each for each in element if etree.QName(each).localname in REJECTED]:
            element.remove(child)
        for name, value in zip(REJECTED, rejected, strict=True):
            etree.SubElement(element, name).text = str(value)
        element.tail = "\n"
        self._file.write(etree.tostring(element, encoding="utf-8", xml_declaration=False))

    def close(self) -> None:
        self._file.write(b"</quarantine>\n")
        self._file.close()


def _end_of(path: Path, record: str, count: int) -> int:
    """How many bytes the file has up to the end of so many elements of this name."""
    inside, left, end = 0, count, 0
    parser = expat.ParserCreate()

    def begun(name: str, _: object) -> None:
        nonlocal inside
        inside += name.rpartition(":")[2] == record

    def ended(name: str) -> None:
        nonlocal inside, left, end
        if name.rpartition(":")[2] == record:
            inside -= 1
            left -= not inside
            if not inside and not left:
                end = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    with path.open("rb") as file:
        with suppress(expat.ExpatError):  # where it breaks off
            while not end and (block := file.read(_BLOCK)):
                parser.Parse(block, False)
        file.seek(end)
        return end + file.read(_BLOCK).find(b">") + 1


def refuse_document_types(path: Path) -> None:
    """Reads as far as the root element. Raises InputError."""

    def refuse(*_: object) -> None:
        raise InputError("the file has a document type (DTD): entities are not allowed", "file")

    begun: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, _: begun.append(name)
    with path.open("rb") as file:
        try:
            while not begun and (block := file.read(_BLOCK)):
                parser.Parse(block, False)
            if not begun:
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            if not begun:
                raise InputError(f"the file is no XML: {error}", "file") from None


@contextmanager
def _parsed(path: Path, events: tuple[str, ...] = ("end",), tag: str | None = None) -> Iterator[Any]:
    """What the parser comes upon. Raises InputError."""
    from lxml import etree

    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    with path.open("rb") as file:
        try:
            yield etree.iterparse(file, events=events, tag=tag, remove_comments=True, remove_pis=True, **safe)
        except etree.XMLSyntaxError as error:
            raise InputError(f"the file is no XML: line {error.lineno}: {error.msg}", "file") from None


def _values(element: Any) -> dict[str, str]:
    """Attributes and children by their local names; what comes several times is one value, with ; between."""
    from lxml import etree

    found = {etree.QName(name).localname: value for name, value in element.attrib.items()}
    for child in element:
        name, text = etree.QName(child).localname, "".join(child.itertext()).strip()
        found[name] = f"{found[name]}; {text}" if name in found else text
    if not found and element.text:
        found["text"] = element.text
    return found
