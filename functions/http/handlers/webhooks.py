"""News that others bring: verified on the raw bytes before anything is read, taken once, in any order (rule B5)."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
from pydantic import TypeAdapter, ValidationError

from functions.unreadable import tell
from shared.access.call import Answer, Call
from shared.access.limits import JSON_BYTES, check_json, check_size
from shared.access.problem import Refusal, rejected
from shared.agents import feedback, mailbox
from shared.agents.return_settings import decide_return_settings, return_settings
from shared.domain.faults import FieldError, Rejected
from shared.domain.links import Link, door, sign, verify
from shared.domain.return_settings import ReturnSettings
from shared.domain.scope import Scope
from shared.domain.webhook import verified_twilio, verified_webhook, webhook_secret
from shared.domain.webhook_news import FeedbackAddresses, Taken, WebhookNews
from shared.ports import LETTER_BYTES, Ports

Door = Literal["feedback", "events", "texts"]

_NEWS: TypeAdapter[list[WebhookNews] | WebhookNews] = TypeAdapter(list[WebhookNews] | WebhookNews)


def feedback_(call: Call, body: bytes) -> Answer[Taken]:
    """Events in Baton's own words, or a mail that came back (message/rfc822), signed by Standard Webhooks."""
    scope = _behind(call, "feedback")
    check_size(body, LETTER_BYTES)
    id = verified_webhook(secrets_of(call.ports, scope), call.headers, body, call.ports.clock.now())
    if id is None:
        raise Refusal(401, "not-signed", "webhook-signature", "these bytes are not signed with this secret, now")
    events = _events(call, body)
    taken = feedback.arrive(call.ports, scope, "feedback", id, events)
    if not taken and _is_mail(call):
        taken = int(mailbox.take(call.ports, [scope], body, tell))
    return Answer(Taken(events=len(events), taken=taken))


def events(call: Call, body: bytes) -> Answer[Taken | dict[str, str]]:
    """Events of Azure Communication Services, as Event Grid delivers them; the address itself is the signature."""
    scope = _behind(call, "events")
    given = _event_grid(body)
    if code := feedback.validation_code(given):
        return Answer({"validationResponse": code})
    taken = 0
    for event in given:
        news = feedback.read_event(event)
        taken += feedback.arrive(call.ports, scope, "events", str(event.get("id", ""))[:500], [news] if news else [])
    return Answer(Taken(events=len(given), taken=taken))


def texts(call: Call, body: bytes) -> Answer[Taken]:
    """What became of text messages, and what came in, as Twilio brings it, signed with the account's token.

    It signs the address, too, as it is known outside."""
    scope = _behind(call, "texts")
    check_size(body, JSON_BYTES)
    form, query = list(call.form.items()), urlsplit(call.url).query
    url = f"{call.ports.public_url}/api/v1/webhooks/texts/{call.path['token']}" + (f"?{query}" if query else "")
    if not verified_twilio(call.ports.text_signers, call.headers.get("x-twilio-signature", ""), url, form):
        raise Refusal(401, "not-signed", "x-twilio-signature", "this was not signed with the token of our account")
    said = dict(form)
    id = "/".join(said.get(name, "")[:200] for name in ("MessageSid", "MessageStatus", "ErrorCode"))
    found = feedback.read_twilio(call.query, said)
    return Answer(Taken(events=1, taken=feedback.arrive(call.ports, scope, "texts", id, found)))


def addresses(call: Call) -> Answer[FeedbackAddresses]:
    """Where others bring news to, and the secret to sign it with."""
    return Answer(_addresses(call))


def decide(call: Call, body: ReturnSettings) -> Answer[FeedbackAddresses]:
    """Name the domain that undelivered messages come back to."""
    decide_return_settings(call.ports, call.scope, call.principal, body)
    return Answer(_addresses(call))


def _behind(call: Call, name: Door) -> Scope:
    """The workspace for which the address was made. Raises Refusal (401) for an address that nobody signed."""
    link = verify(call.path["token"], "w", call.ports.keys.link)
    if link is None or link.person != name:
        raise Refusal(401, "not-signed", "token", "this address was not signed here")
    return link.scope


def secrets_of(ports: Ports, scope: Scope) -> list[str]:
    """With which others sign: one for each link key of this home, newest last. Rotating the keys rotates the secret,
    the old one holds on."""
    return [webhook_secret(key, f"feedback|{scope}") for key in ports.keys.link.values()]


def _events(call: Call, body: bytes) -> list[feedback.Event]:
    if _is_mail(call):
        return [feedback.read_letter(body)]
    check_size(body, JSON_BYTES)
    check_json(body)
    try:
        said = _NEWS.validate_json(body)
    except ValidationError as error:
        raise rejected(error, "body") from None
    return [feedback.event_of(each) for each in (said if isinstance(said, list) else [said])]


def _is_mail(call: Call) -> bool:
    return call.headers.get("content-type", "").partition(";")[0].strip().lower() == "message/rfc822"


def _event_grid(body: bytes) -> list[dict[str, Any]]:
    check_size(body, JSON_BYTES)
    check_json(body)
    given = orjson.loads(body)
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise Rejected(FieldError("body", "must be a list of events in the Event Grid schema"))
    return given


def _addresses(call: Call) -> FeedbackAddresses:
    def address(name: Door) -> str:
        return door(call.ports.public_url, call.scope, name, call.ports.keys.link)

    return FeedbackAddresses(
        webhook=address("feedback"),
        secret=secrets_of(call.ports, call.scope)[-1],
        event_grid=address("events"),
        texts=address("texts"),
        task_status=_report(call, "task/status"),
        workflow_completed=_report(call, "workflow/completed"),
        bounce_domain=return_settings(call.ports, call.scope).bounce_domain,
        mailbox=call.ports.mailbox.name if call.ports.mailbox else None,
    )


def _report(call: Call, what: str) -> str:
    token = sign(Link("w", call.scope, "", 0, "reports"), call.ports.keys.link)
    return f"{call.ports.public_url}/api/v1/webhooks/{what}?door={token}"
