"""From copy to draft for what is no mail: a text message, a post."""

from __future__ import annotations

from typing import Literal

from shared.domain.campaign import CampaignRequest
from shared.domain.draft import Draft
from shared.domain.formats_layout import published
from shared.domain.wording import ShortCopy
from shared.render.forms import text_around


def lay_out_short(
    copy: ShortCopy,
    request: CampaignRequest,
    *,
    campaign: str,
    version: int,
    variant: Literal["A", "B", "C", "D"],
    written_by: str,
) -> Draft:
    """The draft of one variant: the very words that will leave. `links[0]` is the call to action."""
    link, first = str(request.brief.call_to_action.url), copy.parts()[0][1]
    return Draft(
        campaign=campaign,
        version=version,
        variant=variant,
        subject=" ".join(first.split()),
        preheader="",
        html="",
        text=_whole(copy, request, link),
        links=[link],
        written_by=written_by,
    )


def _whole(copy: ShortCopy, request: CampaignRequest, link: str) -> str:
    if copy.format == "sms":
        return text_around(request, " ".join(str(copy.words["text"]).split()), link)
    call = request.brief.call_to_action.text
    return published(
        copy.format, copy.words, sender=request.sender.name, call=call, url=link, language=copy.language, written_by=""
    )
