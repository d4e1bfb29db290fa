"""The mails of a journey: each is a campaign of its own, written, approved, shown and proved as any other; but nobody
is planned in it before they come to it (decision 43)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

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

LONGEST_WAIT = 60
"""Days that a mail may wait for its hour or for the frequency cap, once somebody has come to it."""


def campaigns_of(scope: Scope, plan: Plan) -> dict[str, str]:
    """Mail -> the id of its campaign: the same words from the same sender are the same campaign, whoever asks."""
    return {name: _id(scope, plan, mail) for name, mail in mails(plan).items()}


def write(ports: Ports, scope: Scope, by: str, plan: Plan) -> list[Campaign]:
    """Have every mail written that is not yet; the caller starts their flows. Raises Rejected, naming the step."""
    made = []
    for name, mail in mails(plan).items():
        id = _id(scope, plan, mail)
        if ports.documents.get(scope, Kind.CAMPAIGN, id):
            continue
        journey = JourneyMail(id=plan.journey, mail=name, rounds=plan.rounds, words=_copy(mail.text))
        try:
            made.append(accept(ports, scope, by, _request(ports, scope, plan, mail), id, journey))
        except Rejected as rejected:
            raise Rejected(*(_placed(plan, name, error) for error in rejected.errors)) from None
    return made


def ready(ports: Ports, scope: Scope, ids: Mapping[str, str]) -> dict[str, str]:
    """The mails that may not leave yet, with why; none: all are approved."""
    waiting = {}
    for name, id in ids.items():
        try:
            found = load(ports, scope, id)
        except Missing:
            waiting[name] = "not written"
            continue
        if not (found.approved and found.approved == found.digest and found.status in ("scheduled", "sending")):
            waiting[name] = found.status.replace("_", " ")
    return waiting


def steer(ports: Ports, scope: Scope, by: str, ids: Mapping[str, str], what: str) -> None:
    """Pause, resume or cancel its mails; one that has ended, or stands so already, stays."""
    act = {"pause": campaigns.pause, "resume": campaigns.resume, "cancel": campaigns.cancel}[what]
    for id in ids.values():
        with suppress(Conflict, Missing):
            if load(ports, scope, id).status not in ENDED:
                act(ports, scope, id, by)


def _id(scope: Scope, plan: Plan, mail: Send) -> str:
    said = mail.model_dump(mode="json")
    terms = plan.model_dump(mode="json", include={"sender", "hours", "message", "purpose", "topic", "approval"})
    text = orjson.dumps([*scope, plan.journey, plan.rounds, said, terms], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:32]


def _request(ports: Ports, scope: Scope, plan: Plan, mail: Send) -> CampaignRequest:
    return CampaignRequest(
        name=_name(ports, scope, plan, mail),
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


def _name(ports: Ports, scope: Scope, plan: Plan, mail: Send) -> str:
    """Names are unique: another wording of the same mail is told apart by the beginning of its id."""
    return f"{plan.title[:120]} · {mail.send} ({_id(scope, plan, mail)[:6]})"


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
