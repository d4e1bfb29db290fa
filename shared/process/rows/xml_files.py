"""XML: one element a row, its attributes and children are the values. Files with a document type are refused before
any entity of it is looked at, so none can grow or lead elsewhere (CWE-776, CWE-611)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any
from xml.parsers import expat

from shared.process.errors import InputError
from shared.process.rows.raw import REJECTED, Options, Raw, Rejected, of_object

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
        for element in self._elements():
            raw = of_object(self.headings, _values(element))
            yield raw._replace(original=element)

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
        for element in self._elements():
            found |= dict.fromkeys(_values(element))
        return list(found)

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
