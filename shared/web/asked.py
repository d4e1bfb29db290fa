"""The page on which somebody without a login decides about a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from shared.domain.approval import Approval
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft
from shared.domain.figures import people
from shared.render.personal import Personal, no_fields
from shared.web.plain import plain_page
from shared.web.words import CHANNELS

_MAIL = """<h2>{title}</h2>
<p><b>{subject}</b><br>{preheader}</p>
<iframe sandbox title="{title}" srcdoc="{html}" style="width:100%;height:34rem;border:1px solid
 color-mix(in srgb, currentColor 20%, transparent);border-radius:10px"></iframe>
<details><summary>As plain text</summary><p class="words">{text}</p></details>
"""
_FORM = """<form method="post"><input type="hidden" name="digest" value="{digest}">
<label class="ask" for="comment">Comment, or what should change</label>
<textarea id="comment" name="comment" maxlength="2000" rows="4" style="width:100%;font:inherit"></textarea>
<button name="decision" value="approve">Approve</button>
<button class="quiet" name="decision" value="changes">Ask for changes</button>
<button class="quiet" name="decision" value="reject">Reject</button></form>
<p style="font-size:.8rem;overflow-wrap:anywhere">What you decide about is sealed: sha256 {digest}</p>
"""


def question_page(campaign: Campaign, approval: Approval, drafts: Sequence[Draft]) -> str:
    """Exactly what is sealed. Personal fields show what stands there for people who gave none: nobody is named."""
    request, sealed = campaign.request, approval.sealed
    said = (
        f"{people(sealed['people'])} would get it by {CHANNELS[request.channels[0]]}, from {request.sender.name} "
        f"<{request.sender.address}>. Nothing leaves before it is approved."
    )
    shown = "".join(_shown(draft, len(drafts) > 1) for draft in drafts)
    return plain_page(f"“{campaign.name}”", said, content=shown + _FORM.format(digest=escape(approval.digest)))


def _shown(draft: Draft, many: bool) -> str:
    rendered = Personal(draft).render(no_fields(), ["#"] * len(draft.links), unsubscribe="#", open_pixel="")
    title = f"Variant {draft.variant}" if many else "What they get"
    if not rendered.html:
        return f'<h2>{title}</h2><p class="words">{escape(rendered.text)}</p>\n'
    said = {"subject": rendered.subject, "preheader": rendered.preheader, "html": rendered.html, "text": rendered.text}
    return _MAIL.format(title=title, **{name: escape(text) for name, text in said.items()})
