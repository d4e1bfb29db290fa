"""The mails of a journey: each is a campaign of its own, written, approved, shown and proved as any other; but nobody
is planned in it before they come to it (decision 43)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from itertools import count

import orjson

from shared.agents import campaigns
from shared.agents.campaigns.accept import accept
from shared.agents.records import load
from shared.domain.campaign import ENDED, Brief, Campaign, CampaignRequest, JourneyMail, Segment, Window
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.journey import OwnWords, Plan, Send
from shared.domain.journey_steps import mails, stands
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.wording import Copy
from shared.ports import Ports

_TERMS = {"enter", "sender", "hours", "message", "purpose", "topic", "approval"}
LONGEST_WAIT = 60
"""Days that a mail may wait for its hour or for the frequency cap, once somebody has come to it."""


def campaigns_of(ports: Ports, scope: Scope, plan: Plan, over: Collection[str]) -> dict[str, str]:
    """Mail -> the id of its campaign: the same words from the same sender to the same people are the same campaign,
    whoever asks. One that was cancelled, or is `over`, is made anew, and approved anew."""
    return {name: _campaign(ports, scope, plan, mail, over) for name, mail in mails(plan).items()}


def write(ports: Ports, scope: Scope, by: str, plan: Plan, ids: Mapping[str, str]) -> list[Campaign]:
    """Have every mail written that is not yet; the caller starts their flows. Raises Rejected, naming the step."""
    made = []
    for name, mail in mails(plan).items():
        if ports.documents.get(scope, Kind.CAMPAIGN, ids[name]):
            continue
        enter = plan.enter.model_dump(mode="json", exclude_none=True)
        journey = JourneyMail(id=plan.journey, mail=name, rounds=plan.rounds, words=_copy(mail.text), enter=enter)
        try:
            made.append(accept(ports, scope, by, _request(plan, mail, ids[name]), ids[name], journey))
        except Rejected as rejected:
            raise Rejected(*(_placed(plan, name, error) for error in rejected.errors)) from None
    return made


def ready(ports: Ports, scope: Scope, ids: Mapping[str, str]) -> dict[str, str]:
    """The mails that may not leave yet, with why; none: all are approved."""
    waiting = {}
    for name, id in ids.items():
        found = _found(ports, scope, id)
        if found is None:
            waiting[name] = "not written"
        elif not (found.approved and found.approved == found.digest and found.status in ("scheduled", "sending")):
            waiting[name] = found.status.replace("_", " ")
    return waiting


def again(ports: Ports, scope: Scope, id: str) -> bool:
    """Something of it is to leave once more."""
    found = _found(ports, scope, id)
    return found is not None and bool(found.again) and found.status not in ENDED


def going(ports: Ports, scope: Scope, ids: Iterable[str]) -> list[str]:
    """Those that a person has not paused, and that have not ended."""
    return [id for id in ids if (found := _found(ports, scope, id)) and not found.paused and found.status not in ENDED]


def steer(ports: Ports, scope: Scope, by: str, ids: Iterable[str], what: str) -> None:
    """Pause, resume or cancel its mails; one that has ended, or stands so already, stays."""
    act = {"pause": campaigns.pause, "resume": campaigns.resume, "cancel": campaigns.cancel}[what]
    for id in ids:
        with suppress(Conflict, Missing):
            if load(ports, scope, id).status not in ENDED:
                act(ports, scope, id, by)


def _campaign(ports: Ports, scope: Scope, plan: Plan, mail: Send, over: Collection[str]) -> str:
    ids = (_id(scope, plan, mail, time) for time in count(1))
    return next(id for id in ids if id not in over and not _has_ended(_found(ports, scope, id)))


def _has_ended(campaign: Campaign | None) -> bool:
    """For good: one whose flow broke can be resumed."""
    return campaign is not None and campaign.status in ("cancelled", "completed")


def _found(ports: Ports, scope: Scope, id: str) -> Campaign | None:
    try:
        return load(ports, scope, id)
    except Missing:
        return None


def _id(scope: Scope, plan: Plan, mail: Send, time: int) -> str:
    """Who comes in is part of it: an approval is one of these words to these people."""
    said = mail.model_dump(mode="json")
    terms = plan.model_dump(mode="json", include=_TERMS)
    text = orjson.dumps([*scope, plan.journey, plan.rounds, said, terms, time], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:32]


def _request(plan: Plan, mail: Send, id: str) -> CampaignRequest:
    return CampaignRequest(
        name=_name(plan, mail, id),
        brief=mail.brief or _brief(plan, mail.text),
        segment=plan.enter.segment or Segment(all=True),
        message=plan.message,
        purpose=plan.purpose,
        topic=plan.topic,
        sender=plan.sender,
        window=Window(days=LONGEST_WAIT, hours=plan.hours),
        approval=plan.approval,
        undo_minutes=0,
        piece=mail.piece,
    )


def _name(plan: Plan, mail: Send, id: str) -> str:
    """Names are unique: another wording of the same mail is told apart by the beginning of its id."""
    return f"{plan.title[:120]} · {mail.send} ({id[:6]})"


def _brief(plan: Plan, words: OwnWords | None) -> Brief:
    """What a mail in own words is about, for whoever lists it."""
    assert words is not None, "a mail has a brief or a text"
    return Brief(
        goal=words.subject,
        offer=words.paragraphs[0],
        audience=plan.title,
        language=words.language,
        call_to_action=words.link,
    )


def _copy(words: OwnWords | None) -> Copy | None:
    if words is None:
        return None
    said = words.model_dump(exclude={"link"})
    return Copy.model_validate({**said, "points": [], "notes": []})


def _placed(plan: Plan, name: str, error: FieldError) -> FieldError:
    found = stands(plan)[name]
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in found.path).removeprefix(".")
    return FieldError(f"{path}.{error.field}", error.reason)
