"""Markdown (CommonMark with tables): the text that a reader of the page sees, without marks and the targets of links.
It may hold HTML, so it is read as the page that it becomes."""

from __future__ import annotations

from lxml import html
from markdown_it import MarkdownIt

from shared.adapters.knowledge._blocks import Document, decoded
from shared.adapters.knowledge._markup import blocks_of
from shared.adapters.knowledge._unseen import remove_unseen


def read_markdown(data: bytes) -> Document:
    """Raises Refused."""
    return markdown(decoded(data))


def markdown(text: str) -> Document:
    """What this Markdown says."""
    page = html.document_fromstring(f"<body>{MarkdownIt('commonmark').enable('table').render(text)}</body>")
    remove_unseen(page)
    return Document(None, blocks_of(page))
