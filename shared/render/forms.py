"""The form that an approved draft takes on each channel but e-mail, from the same sealed words.

The address of the call to action stands in it as it is: a signed link would fill a text message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from shared.domain.campaign import CampaignRequest
from shared.domain.contact import PERSONAL_FIELDS, Contact
from shared.domain.draft import Draft
from shared.domain.sms import length
from shared.domain.wording import ShortCopy
from shared.render.personal import Rendered

FORMS: Mapping[str, str] = {
    "sms": "baton-sms-1",
    "webhook": "baton-webhook-1",
    "chat": "baton-chat-1",
    "social": "baton-social-1",
}
"""Channel -> name of its form; it changes when the same approved drafts would come out as other words."""

_STOP = {
    "en": "Reply STOP to opt out",
    "de": "Abmelden mit STOP",
    "es": "Responda STOP para baja",
    "fr": "STOP pour se désinscrire",
    "it": "Rispondi STOP per uscire",
}


def text_message(request: CampaignRequest, draft: Draft, rendered: Rendered) -> str:
    """Who, what, where, and how to stop it (rule C5)."""
    return text_around(request, rendered.subject, draft.links[0])


def text_around(request: CampaignRequest, words: str, link: str) -> str:
    """The text message that says these words."""
    stop = _STOP.get(request.brief.language, _STOP["en"])
    return f"{request.sender.name}: {words} {link}\n{stop}"


def event(
    request: CampaignRequest, draft: Draft, rendered: Rendered, reader: Contact, key: str, unsubscribe: str
) -> str:
    """One message as an event for whoever delivers it; the same bytes for the same arguments."""
    person = {name: getattr(reader, name) for name in PERSONAL_FIELDS}
    data = {
        "key": key,
        "campaign": draft.campaign,
        "variant": draft.variant,
        "sender": {"name": request.sender.name, "address": str(request.sender.address)},
        "recipient": {"id": reader.id, "email": reader.email, "phone": reader.phone, **person},
        "subject": rendered.subject,
        "preheader": rendered.preheader,
        "text": rendered.text,
        "html": rendered.html,
        "unsubscribe": unsubscribe,
    }
    return json.dumps({"type": "campaign.message", "data": data}, ensure_ascii=False, separators=(",", ":"))


def chat_message(request: CampaignRequest, draft: Draft, rendered: Rendered) -> str:
    """Title, text and the one thing to do, for the channel to dress."""
    call = request.brief.call_to_action
    said = {"title": rendered.subject, "text": rendered.preheader, "link_text": call.text, "link": draft.links[0]}
    return json.dumps(said, ensure_ascii=False)


def post(draft: Draft, rendered: Rendered) -> str:
    """A short public text; drafts of before a post was written as one have a mail's subject and preview."""
    if isinstance(draft.words, ShortCopy):
        return rendered.text
    return "\n\n".join(part for part in (rendered.subject, rendered.preheader, draft.links[0]) if part)


def shown(request: CampaignRequest, draft: Draft, rendered: Rendered) -> Rendered:
    """What the approver sees: the very words that will leave over this campaign's channel, and what they take."""
    match request.channels[0]:
        case "sms":
            text = text_message(request, draft, rendered)
            found = length(text)
            title = f"Text message, {found.segments} segment{'s' if found.segments > 1 else ''} ({found.encoding})"
        case "chat":
            title, text = "Message to your chat", "\n\n".join((rendered.subject, rendered.preheader, draft.links[0]))
        case "social":
            title, text = "Post of your account", post(draft, rendered)
        case _:
            return rendered
    return Rendered(title, "", f'<p style="white-space: pre-wrap">{escape(text)}</p>', text)
