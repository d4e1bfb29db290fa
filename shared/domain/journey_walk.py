"""One person's way through a journey, pure: from where they are to where they rest next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.contact import Contact
from shared.domain.journey import ALL_DAYS, UNTIL, If, Label, MailCap, Send, Stop, Wait, duration, local_moment
from shared.domain.journey_steps import Stand, Stands
from shared.domain.position import Position
from shared.domain.segment import Filter, matches

Asked = tuple[str, str]
"""What somebody may have done (click, open, reply), and with which mail."""
_REACTIONS: Mapping[str, tuple[str, ...]] = {"clicked": ("click",), "opened": ("open", "click"), "replied": ("reply",)}
"""A click proves an opening, whether the picture was loaded or not."""


class Known(NamedTuple):
    """What is known of one person at a visit. `stop`: what takes them out; `did`: reactions of people, not of machines;
    `events`: what was told of them since they came in."""

    contact: Contact | None
    zone: ZoneInfo
    stop: str | None = None
    did: Callable[[Asked], bool] = lambda asked: False
    events: Collection[str] = ()


class Way(NamedTuple):
    """How the visit ends. `label` and `unlabel`: tags to put on and take off; `sends`: the mail before which they
    rest."""

    position: Position
    label: tuple[str, ...] = ()
    unlabel: tuple[str, ...] = ()
    sends: str | None = None


def walk(
    stands: Stands, before: Position, known: Known, now: datetime, moved: Mapping[str, str | None] | None = None
) -> Way:
    """Go on from a position whose time has come until a mail, a wait or the end. `moved`: where people go on who stood
    at a step that is not there any more."""
    position = before.model_copy()  # Positions put new lists in the place of old ones, and change none.
    if position.next_at is None:
        return Way(position)
    if known.contact is None or known.stop:
        position.leave(now, position.stands, known.stop or "gone")
        return Way(position)
    labels: dict[str, bool] = dict.fromkeys(known.contact.tags, True)
    had = dict(labels)
    while position.step is not None:
        stand = _at(stands, position, now, moved or {})
        if stand is None:
            break
        if isinstance(stand.step, Send) and stand.name not in position.had:
            position.stands, position.next_at = stand.name, now
            return _way(position, had, labels, stand.name)
        if isinstance(stand.step, Wait):
            _rest(position, stand, now, known.zone)
            return _way(position, had, labels)
        _pass(position, stand, known, labels, now)
    if position.next_at is not None:
        position.leave(now, before.stands, "end")
    return _way(position, had, labels)


def reactions_ahead(stands: Stands, step: str | None) -> Iterator[Asked]:
    """What is asked about mails before somebody at this step can rest."""
    todo, seen = [step], set[str]()
    while todo:
        stand = stands.get(todo.pop() or "")
        if stand is None or stand.name in seen or isinstance(stand.step, Wait | Send):
            continue
        seen.add(stand.name)
        if isinstance(stand.step, If):
            asked, about = stand.step.question.asked()
            yield from ((what, str(about)) for what in _REACTIONS.get(asked.removeprefix("not_"), ()))
            todo.append(stand.otherwise)
        todo.append(stand.then)


def room(position: Position, cap: MailCap | None, now: datetime) -> datetime:
    """When the journey's own cap lets one more mail leave: now, or later."""
    if cap is None:
        return now
    sent = sorted(each.moment for each in position.path if each.what == "sent")
    recent = [at for at in sent if at > now - timedelta(days=cap.days)]
    return recent[len(recent) - cap.most] + timedelta(days=cap.days) if len(recent) >= cap.most else now


def wait_ends(step: Wait, since: datetime, where: ZoneInfo) -> datetime:
    """When a wait that began then is over."""
    if not step.wait.startswith(UNTIL):
        return since + duration(step.wait)
    day, hour, minute = local_moment(step.wait)
    local = since.astimezone(where)
    for ahead in range(9):
        date = local.date() + timedelta(days=ahead)
        at = datetime.combine(date, time(hour, minute), where).astimezone(UTC)
        if at > since and day in (ALL_DAYS, date.weekday()):
            return at
    raise AssertionError("every weekday comes within eight days")


def _at(stands: Stands, position: Position, now: datetime, moved: Mapping[str, str | None]) -> Stand | None:
    """The step that comes next; who stood at one that was taken away goes on elsewhere."""
    assert position.step is not None, "looked at before"
    if position.step in stands:
        return stands[position.step]
    target = moved.get(position.step)
    if target is None or target not in stands:
        position.leave(now, position.step, "changed")
        return None
    position.note(now, position.step, "passed_over", "the step was taken away")
    position.step = target
    return stands[target]


def _rest(position: Position, stand: Stand, now: datetime, where: ZoneInfo) -> None:
    assert isinstance(stand.step, Wait), "only a wait is rested at"
    ends = wait_ends(stand.step, now, where)
    position.note(now, stand.name, "waits")
    position.stands, position.step, position.next_at = stand.name, stand.then, ends


def _pass(position: Position, stand: Stand, known: Known, labels: dict[str, bool], now: datetime) -> None:
    position.step = stand.then
    match stand.step:
        case Send():
            position.note(now, stand.name, "passed_over", "they had it already")
        case If(question=question):
            so = _answer(*question.asked(), known, labels)
            position.note(now, stand.name, "yes" if so else "no")
            position.step = stand.then if so else stand.otherwise
        case Label(tag=tag, untag=untag):
            labels[str(tag or untag)] = tag is not None
            position.note(now, stand.name, "tagged" if tag else "untagged", str(tag or untag))
        case Stop():
            position.leave(now, stand.name, "stop")


def _answer(asked: str, about: Any, known: Known, labels: Mapping[str, bool]) -> bool:
    assert known.contact is not None, "who is gone was let go before"
    if asked in ("tag", "no_tag"):
        return labels.get(about, False) == (asked == "tag")
    if asked == "field":
        body = known.contact.model_dump(mode="json")
        return matches(known.contact.id, body, [Filter(about.field, about.op, about.value)])
    if asked == "event":
        return about in known.events
    did = any(known.did((what, about)) for what in _REACTIONS[asked.removeprefix("not_")])
    return did != asked.startswith("not_")


def _way(position: Position, had: Mapping[str, bool], labels: Mapping[str, bool], sends: str | None = None) -> Way:
    on = tuple(tag for tag, there in labels.items() if there and not had.get(tag))
    off = tuple(tag for tag, there in labels.items() if not there and had.get(tag))
    return Way(position, on, off, sends)
