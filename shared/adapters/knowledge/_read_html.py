"""HTML: the main text of the page, without what a reader does not see. trafilatura finds it; nothing is fetched."""

from __future__ import annotations

from lxml import html
from lxml.etree import ParserError

from shared.adapters.knowledge._blocks import Document, Refused
from shared.adapters.knowledge._markup import blocks_of
from shared.adapters.knowledge._unseen import remove_unseen
from shared.domain.knowledge_passages import as_seen


def read_html(data: bytes) -> Document:
    """Raises Refused."""
    import trafilatura

    if not data.strip():
        raise Refused("is empty")
    try:
        page = html.document_fromstring(data, parser=html.HTMLParser(encoding=_encoding(data)))
    except (ParserError, ValueError):
        raise Refused("has no HTML in it") from None
    title = as_seen(page.findtext(".//title") or "").replace("\n", " ") or None
    remove_unseen(page)
    main = trafilatura.extract(
        page, output_format="html", favor_recall=True, include_comments=False, include_links=False,
        include_images=False, include_tables=True, with_metadata=False,
    )  # fmt: skip
    return Document(title, blocks_of(html.document_fromstring(main) if main else page))


def _encoding(data: bytes) -> str | None:
    """UTF-8 where it is that; else the page's own word for it, which lxml reads."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
