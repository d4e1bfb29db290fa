"""From copy to draft: the layout of a mail around a writer's words, in HTML and in plain text.

What a writer hands in is text: it is escaped, never markup. Personal fields stay in it as expressions; every address
becomes a place of its own (`links[n]`), filled per person with a signed link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from shared.domain.brand import STANDARD, Look
from shared.domain.campaign import CampaignRequest
from shared.domain.draft import Draft
from shared.domain.legal import legal_lines
from shared.domain.placeholders import URL, Shelf, clean
from shared.domain.wording import Copy

Variant = Literal["A", "B", "C", "D"]
SHOWN_URL = 48


def lay_out(
    copy: Copy,
    request: CampaignRequest,
    *,
    campaign: str,
    version: int,
    variant: Variant,
    written_by: str,
    look: Look = STANDARD,
) -> Draft:
    """The draft of one variant. `links[0]` is the call to action; addresses in the copy follow in their order.

    The texts must have passed the template rules: their expressions are found without a parser."""
    links = [str(request.brief.call_to_action.url)]
    return Draft(
        campaign=campaign,
        version=version,
        variant=variant,
        subject=" ".join(copy.subject.split()),
        preheader=" ".join(copy.preheader.split()),
        html=_Layout(links, look).html(copy, request, written_by),
        text=_Layout(links, look).text(copy, request, written_by),
        links=links,
        written_by=written_by,
    )


class _Layout:
    """One rendering of the layout; expressions wait on a shelf, so that neither escaping nor inlining touches them."""

    def __init__(self, links: list[str], look: Look) -> None:
        self._links, self._look = links, look
        self._shelf = Shelf()

    def html(self, copy: Copy, request: CampaignRequest, written_by: str) -> str:
        laid = self._fill("mail.html.j2", self._as_html, copy, request, written_by)
        inliner = CSSInliner(load_remote_stylesheets=False, minify_css=True)
        return self._shelf.restore(inliner.inline(laid))

    def text(self, copy: Copy, request: CampaignRequest, written_by: str) -> str:
        return self._shelf.restore(self._fill("mail.txt.j2", self._as_text, copy, request, written_by))

    def _fill(
        self, template: str, dress: Callable[[str], str], copy: Copy, request: CampaignRequest, written_by: str
    ) -> str:
        sender = clean(request.sender.name)
        layout = _layouts().get_template(template)
        return layout.render(
            copy=copy.mapped(dress),
            sender=sender,
            look=self._look,
            postal=", ".join(line.strip() for line in clean(request.sender.postal_address).splitlines()),
            legal=legal_lines(copy.language, sender, written_by),
            call=self._place(self._links[0]),
            call_text=dress(request.brief.call_to_action.text),
            unsubscribe=self._shelf.keep("{{ unsubscribe }}"),
            preferences=self._shelf.keep("{{ preferences }}"),
            notice=self._shelf.keep("{{ notice }}"),
            open_pixel=self._shelf.keep("{{ open_pixel }}"),
        )

    def _as_html(self, text: str) -> str:
        pieces = []
        for piece, url in _pieces(self._shelf.put(text)):
            pieces.append(escape(piece).replace("\n", Markup("<br>")))
            if url:
                pieces.append(Markup('<a class="link" href="{}">{}</a>').format(self._place(url), _shown(url)))
        return Markup("").join(pieces)

    def _as_text(self, text: str) -> str:
        return "".join(piece + (self._place(url) if url else "") for piece, url in _pieces(self._shelf.put(text)))

    def _place(self, url: str) -> str:
        """The mark of the place where this address will stand."""
        if url not in self._links:
            self._links.append(url)
        return self._shelf.keep(f"{{{{ links[{self._links.index(url)}] }}}}")


def _shown(url: str) -> str:
    """An address as readers like to see it: host and path, not for ever."""
    short = url.split("://", 1)[1].split("?", 1)[0].rstrip("/")
    return short if len(short) <= SHOWN_URL else short[: SHOWN_URL - 1] + "…"


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text cut at its addresses: (text before, address); the last address is empty."""
    start = 0
    for found in URL.finditer(text):
        yield text[start : found.start()], found[0]
        start = found.end()
    yield text[start:], ""


@cache
def _layouts() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
