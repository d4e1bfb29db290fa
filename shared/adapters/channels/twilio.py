"""Text messages by Twilio: REST, version 2010-04-01. It knows no ids of ours: what got no answer may have been taken,
and is looked for in its list of messages, by number, sender, time and text."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from shared.adapters._http.wire import Answer, Limits, Lost, NotSent, Request, Wire
from shared.adapters.channels._options import Options
from shared.adapters.channels._posting import PostingSession, asked, failed, posting, refused, unknown
from shared.adapters.channels._texting import NUMBER, SETTING, cost_of, most_micros, tariff_of, text_of
from shared.domain.scope import Scope
from shared.domain.sms import Tariff, length
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_OPTED_OUT = 21610
"""Error: the person answered STOP to this sender."""
_GIVEN_UP = ("failed", "undelivered", "canceled")
_CLOCKS_APART = timedelta(minutes=2)
_PAGES = 5
"""Of the list for one number: people get few messages from one sender in a day."""


class TwilioChannel:
    """`twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com/+15550100001?rate_per_second=1&cost_per_segment=0.0075`; instead
    of the number the sid of a messaging service (MG…). `callback`: where it is to tell what becomes of the messages of
    a scope. Raises ValueError naming what is wrong."""

    name = "twilio"
    reported_as = None

    def __init__(self, url: str, limits: Limits | None = None, callback: Callable[[Scope], str] | None = None) -> None:
        options = Options(SETTING, url, ("twilio", "twilio+http"), "twilio://SID:TOKEN@api.twilio.com/+15550100001")
        account, token = unquote(options.parts.username or ""), unquote(options.parts.password or "")
        sender = unquote(options.parts.path.strip("/"))
        if not re.fullmatch(r"AC[0-9a-f]{32}", account) or not token:
            raise options.wrong("must hold the account sid (AC…) and its token")
        if not NUMBER.fullmatch(sender) and not re.fullmatch(r"MG[0-9a-f]{32}", sender):
            raise options.wrong("must end with the number that sends (+…) or a messaging service (MG…)")
        base = options.base("http" if options.parts.scheme == "twilio+http" else "https")
        self.rate_per_second, self._connections = options.rate("1"), options.connections()
        self.tariff, self._ca, self._limits = tariff_of(options), options.authorities(), limits
        self.cost_micros = most_micros(self.tariff)
        options.end()
        login = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._told, self._is_here = callback, options.parts.scheme == "twilio+http"
        self._account = _Account(f"{base}/2010-04-01/Accounts/{account}", login, sender)

    def _callback(self, scope: Scope) -> str | None:
        """None where Twilio could not reach it."""
        address = self._told(scope) if self._told else ""
        return address if address.startswith("https://") or (address and self._is_here) else None

    def refusal(self) -> str | None:
        """None: whoever gets a text message can always answer STOP."""
        return None

    @contextmanager
    def session(self, scope: Scope) -> Iterator[PostingSession]:
        provider = _Provider(self._account, self.tariff, self._connections, self._callback(scope))
        with posting(provider, Wire(self._limits, self._ca)) as session:
            yield session

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """By the list of messages to each number since then. One that is not listed proves nothing: it may be on its
        way into the list."""
        known = {key: sent[key] for key in keys if key in sent}
        return asked(Wire(self._limits, self._ca), lambda wire: _found(self._account, wire, known)) if known else {}


def twilio_tokens(urls: str | None) -> tuple[str, ...]:
    """With what Twilio signs what it brings: the tokens of the accounts that are set up."""
    parts = [urlsplit(url) for url in (urls or "").split() if url.startswith("twilio")]
    return tuple(unquote(each.password) for each in parts if each.password)


@dataclass(frozen=True)
class _Account:
    """Where it is and as whom it is asked; `login` is the value of HTTP's basic authentication."""

    base: str
    login: str
    sender: str

    def request(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Request:
        headers = {"Authorization": f"Basic {self.login}", "Accept": "application/json"}
        if form is None:
            return Request(method, self.base + path, headers)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(method, self.base + path, headers, urlencode(form).encode())

    @property
    def origin(self) -> dict[str, str]:
        return {"MessagingServiceSid" if self.sender.startswith("MG") else "From": self.sender}


@dataclass
class _Provider:
    account: _Account
    tariff: Tariff
    connections: int
    callback: str | None
    cost_micros: int = 0
    repeatable: bool = False

    async def request(self, message: Outgoing) -> Request:
        text = text_of(message, self.tariff)
        form = {"To": message.recipient, **self.account.origin, "Body": text}
        if self.callback and message.name:
            about = {"message": message.name, "segments": length(text).segments}
            form["StatusCallback"] = f"{self.callback}?{urlencode(about)}"
        return self.account.request("POST", "/Messages.json", form)

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        found = answer.json()
        told: dict[str, Any] = found if isinstance(found, dict) else {}
        if answer.status == 201:
            return self._of_message(message, told)
        code = told.get("code")
        said = str(code) if isinstance(code, int) and not isinstance(code, bool) else ""
        if answer.status == 400 and code == _OPTED_OUT:
            return Receipt(message.key, message.attempt, "failed", detail=f"400 {said}", opted_out=True)
        return refused(message, answer, said) if answer.status >= 300 else unknown(message, str(answer.status))

    def _of_message(self, message: Outgoing, told: Mapping[str, Any]) -> Receipt:
        sid = told.get("sid")
        if not isinstance(sid, str) or not _SID.fullmatch(sid) or told.get("to") != message.recipient:
            return unknown(message, "201 for another message")
        if told.get("status") in _GIVEN_UP:
            return failed(message, f"201 {told['status']} {_number(told.get('error_code'))}".strip())
        cost = cost_of(message, self.tariff)
        return Receipt(message.key, message.attempt, "accepted", provider_id=sid, cost_micros=cost)

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        return unknown(message, str(lost))

    async def unreachable(self, wire: Wire) -> str | None:
        """By asking for the account."""
        answer = await wire.ask(self.account.request("GET", ".json"))
        found = answer.json() if answer.status == 200 else None
        status = found.get("status") if isinstance(found, dict) else None
        if answer.status == 429 or status == "active":
            return None
        if answer.status in (401, 403):
            return f"Twilio refuses the account and its token: {answer.status}"
        return (
            f"the Twilio account is {status}"
            if status in ("suspended", "closed")
            else f"Twilio answers {answer.status}"
        )


async def _found(account: _Account, wire: Wire, known: Mapping[str, Sent]) -> dict[str, Proof]:
    """key -> what the list says; it is asked no more once it does not answer."""
    proofs: dict[str, Proof] = {}
    for key, sent in known.items():
        try:
            messages = await _listed(account, wire, sent)
        except (NotSent, Lost):
            return proofs
        ours = [each for each in messages if _is(each, sent)]
        if ours:
            gone = all(each.get("status") in _GIVEN_UP for each in ours)
            proofs[key] = "failed" if gone else "accepted"
    return proofs


async def _listed(account: _Account, wire: Wire, sent: Sent) -> list[dict[str, Any]]:
    """Messages to the number since the day before. Raises Lost if the list does not come whole."""
    since = (sent.since.astimezone(UTC) - timedelta(days=1)).date()
    query = {"To": sent.message.recipient, "DateSent>": since.isoformat(), "PageSize": "1000"}
    if not account.sender.startswith("MG"):
        query["From"] = account.sender
    path, found = f"/Messages.json?{urlencode(query)}", list[dict[str, Any]]()
    for _ in range(_PAGES):
        answer = await wire.ask(account.request("GET", path))
        page = answer.json() if answer.status == 200 else None
        messages = page.get("messages") if isinstance(page, dict) else None
        if not isinstance(page, dict) or not isinstance(messages, list):
            raise Lost(f"the list of messages answers {answer.status}")
        found += [each for each in messages if isinstance(each, dict)]
        following = page.get("next_page_uri")
        if not isinstance(following, str) or "/Messages.json?" not in following:
            break
        path = "/Messages.json?" + following.partition("/Messages.json?")[2]
    return found


def _is(listed: Mapping[str, Any], sent: Sent) -> bool:
    """The very message: this text to this number, not older than its intent."""
    made = _moment(listed.get("date_created"))
    return (
        listed.get("direction") in ("outbound-api", None)
        and listed.get("to") == sent.message.recipient
        and listed.get("body") == sent.message.message.decode(errors="replace")
        and made is not None
        and made >= sent.since - _CLOCKS_APART
    )


def _moment(text: object) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(text))
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _number(value: object) -> str:
    return str(value) if isinstance(value, int) else ""
