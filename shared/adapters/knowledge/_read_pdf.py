"""PDF: the text of each page. pypdf is written in Python alone: a broken file can cost time and memory, which the
process is limited in, and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from shared.adapters.knowledge._blocks import Document, Refused, paragraphs
from shared.domain.knowledge_passages import Block, as_seen

_MOST_PAGES = 5_000
_SMALLEST = 2.0
"""Points: what is smaller nobody reads."""
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zäöüß])")


def read_pdf(data: bytes) -> Document:
    """Raises Refused."""
    if b"%PDF-" not in data[:1024]:
        raise Refused("is no PDF: it does not begin like one")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("is encrypted; save it without a password")
        if len(reader.pages) > _MOST_PAGES:
            raise Refused(f"has more than {_MOST_PAGES:,} pages; split it")
        title = reader.metadata.title if reader.metadata else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused(f"is broken, or no PDF: {type(error).__name__}") from None
    return Document(as_seen(str(title or "")).replace("\n", " ") or None, _pages(reader))


def _pages(reader: PdfReader) -> Iterator[Block]:
    for number, page in enumerate(reader.pages, start=1):
        try:
            text = _text(page)
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise Refused(f"page {number} is broken: {type(error).__name__}") from None
        yield from paragraphs(_HYPHENATED.sub("", text), page=number)


def _text(page: PageObject) -> str:
    """What is large enough to be seen."""
    parts: list[str] = []

    def visit(text: str, transform: list[float], matrix: list[float], font: Any, size: float) -> None:
        scale = abs(matrix[3] or matrix[1]) * abs(transform[3] or transform[1])
        if not text.strip() or abs(size) * scale >= _SMALLEST:
            parts.append(text)

    page.extract_text(visitor_text=visit)
    return "".join(parts)
