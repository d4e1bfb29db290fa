"""What people see of a campaign: each view takes an answer of the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from local.cli.output import Whole, facts, table
from local.cli.words import moment, money, parts, program, window
from shared.domain.budget import cost_text
from shared.domain.certificate import Certificate
from shared.domain.conversion import Value
from shared.domain.figures import people, spread
from shared.domain.gate import HELD
from shared.domain.report import Rate
from shared.domain.revenue import told

Answer = dict[str, Any]
_SENT = ("accepted", "delivered")
_OPEN = ("planned", "intent", "submitted")


def created(answer: Answer) -> Iterator[RenderableType]:
    """What was taken in, and what comes next."""
    yield f"Taken in as {answer['id']}; its drafts are being written."
    yield f"Next: {program()} campaign show {answer['id']} --follow"


def tried(answer: Answer) -> Iterator[RenderableType]:
    """What a copy would be."""
    yield answer["sentence"]


def campaigns(found: Answer) -> Iterator[RenderableType]:
    """One line a campaign."""
    if not found["items"]:
        yield f"No campaign yet. Next: {program()} campaign create FILE"
        return
    rows = [
        (each["name"], _status(each), each["audience"] or "", moment(each["created_at"])) for each in found["items"]
    ]
    yield table(("Campaign", "Status", "People", "Created"), rows, right=["People"])
    if found["cursor"]:
        yield f"The newest {len(found['items']):,}; --limit shows more."


def campaign(found: Answer) -> Iterator[RenderableType]:
    """Where it stands, in a sentence and the facts behind it."""
    if found.get("warning"):
        yield found["warning"]
    yield f"{found['name']}: {_standing(found)}"
    held = {key.removeprefix("held."): count for key, count in found["tally"].items() if key.startswith("held.")}
    pairs = {
        "reason": found["status_reason"],
        "held": parts(held) or None,
        "window": window(found["request"]["window"]),
        "held until": moment(found["holding_until"]) if found["status"] == "holding" else None,
        "last due": moment(found["last_due"]),
        "report final": moment(found["final_at"]),
        "seal": found["digest"],
        "id": found["id"],
    }
    yield facts(pairs.items())
    if found.get("forecast"):
        yield from withheld(found["forecast"])
    if found["status"] == "awaiting_approval":
        yield f"Next: {program()} campaign approve {found['id']}"
    elif found["status"] in ("paused", "missed", "failed"):
        yield f"Next: {program()} campaign resume {found['id']}"


def withheld(ahead: Answer) -> Iterator[RenderableType]:
    """Who will not get it: by reason, with some of their names and what may lawfully be done."""
    if paced := ahead["spread"]:
        why = {"warming_up": "its domain is new and sends a little more each day", "quota": "of the provider's quota"}
        yield (
            f"Because {why[paced['code']]}: {people(paced['first_day'])} at most on the first day, "
            f"the last on {date.fromisoformat(paced['last']):%a %-d %b}."
        )
    if ahead["cost_micros"]:
        yield f"To those who would get it now it costs {money(ahead['cost_micros'])}."
    if not ahead["groups"]:
        return
    yield f"Who will not get it: {ahead['people'] - ahead['gets']:,} of {people(ahead['people'])}."
    yield table(("People", "Why", "What may be done", "Such as"), map(_group, ahead["groups"]), right=["People"])


def progress(found: Answer) -> tuple[int, int]:
    """How many recipients are done with, of how many."""
    states = {key: count for key, count in found["tally"].items() if not key.startswith("held.")}
    planned = sum(states.values())
    return planned - sum(states.get(state, 0) for state in _OPEN), planned


def question(found: Answer, asked: Answer, drafts: list[Answer]) -> Iterator[RenderableType]:
    """All that an approval covers: people, window, cost, drafts, seal."""
    sealed = asked["sealed"]
    if asked.get("warning"):
        yield asked["warning"]
    yield f"“{found['name']}”, version {asked['version']}, {_decision(asked)}:"
    pairs = {
        "people": f"{sealed['people']:,} in the audience, at most {sealed['max_messages']:,} messages"
        + (f", {sealed['holdout_per_mille'] / 10:g} % of them held out" if sealed["holdout_per_mille"] else ""),
        "window": window(sealed["window"]),
        "cost": f"at most {money(sealed['max_cost_micros'])}" if "max_cost_micros" in sealed else None,
        "sender": f"{sealed['sender']['name']} <{sealed['sender']['address']}>",
        "links": ", ".join(sealed["links"]),
        "seal": asked["digest"],
    }
    yield facts(pairs.items())
    rows = [(d["variant"], d["subject"], d["written_by"], cost_text(d["cost"]) if d["cost"] else None) for d in drafts]
    yield table(("", "Subject", "Written by", "For"), rows)
    if asked.get("forecast"):
        yield from withheld(asked["forecast"])
    for draft in drafts:
        for finding in draft["findings"]:
            yield f"  {draft['variant']}: {finding['severity']}: {finding['where']}: {finding['reason']}"


def rewritten(found: Answer) -> Iterator[RenderableType]:
    """The draft as it says it now, and what was found in it."""
    for draft in found["drafts"]:
        yield f"Version {draft['version']}, variant {draft['variant']}: {draft['subject']}"
        yield draft["text"]
        for finding in draft["findings"]:
            yield f"{finding['severity']}: {finding['where']}: {finding['reason']}"
    if found["status"] == "awaiting_approval":
        yield f"Next: {program()} campaign approve {found['id']}"


def decided(found: Answer) -> Iterator[RenderableType]:
    """That it is approved now, and for how long that can be taken back."""
    yield f"Approved: “{found['name']}” under seal {found['digest'][:12]}."
    if found["status"] == "holding":
        yield f"Nothing leaves before {moment(found['holding_until'])}."
        yield f"Until then: {program()} campaign recall {found['id']}"


def recalled(found: Answer) -> Iterator[RenderableType]:
    """How many were stopped, and how many had left."""
    yield found["sentence"]
    if found["correction"]:
        yield f"Next: {program()} campaign correct {found['campaign']} TEXT"


def certificate(found: Answer) -> Iterator[RenderableType]:
    """Everyone who was planned, in exactly one part."""
    proof = Certificate.model_validate(found)
    yield f"“{proof.name}”: {proof.sentence()}."
    rows: list[tuple[str, object, str]] = [
        ("sent once", proof.sent_once, ""),
        ("sent twice", proof.sent_twice, ""),
        ("failed", proof.failed, ""),
        *(("held", count, HELD.get(code, code)) for code, count in sorted(proof.held.items())),
        ("unknown", proof.unknown, ""),
        ("remaining", proof.remaining, ""),
        *((("of those sent", proof.assumed, "not proved, treated as sent by decision"),) if proof.assumed else ()),
        *((("of those sent", proof.sent_again, "sent again by decision, may be twice"),) if proof.sent_again else ()),
        ("planned", proof.planned, f"recounted {moment(proof.recounted_at.isoformat())}"),
    ]
    yield table(("Part", "People", "Why"), rows, right=["People"])


def report(found: Answer) -> Iterator[RenderableType]:
    """The three sentences, then what they rest on."""
    if found["simulated"]:
        yield "SIMULATED: these reactions come from simulated people."
    yield from found["sentences"]
    yield ""
    yield funnel(found)
    if len(found["variants"]) > 1:
        rows = [
            (each["name"], each["sent"], _rate(each["opened"]), _rate(each["clicked"])) for each in found["variants"]
        ]
        yield ""
        yield table(("Variant", "Sent", "Opened", "Clicked"), rows, right=["Sent"])
    yield ""
    yield from earned(found["revenue"])
    for finding in found["findings"]:
        yield f"- {finding['text']}" + (f" {finding['advice']}" if finding["advice"] else "")


def earned(money: Answer) -> Iterator[RenderableType]:
    """What orders brought in, and what it cost."""
    spent = [f"{each['what']} {_sum([each['value']])}" for each in money["costs"]]
    brought = (
        f"Brought in {_sum(money['total'])}: {_sum(money['clicked'])} after a click, "
        f"{_sum(money['delivered'])} after a message that had arrived."
    )
    if money["total"]:
        yield brought
        rows = [(each["name"], _sum(each["values"])) for each in money["variants"]]
        yield table(("Variant", "Brought in"), rows, right=["Brought in"])
    if spent:
        yield f"Cost: {', '.join(spent)}."
        yield ""


def _sum(values: list[Answer]) -> str:
    return told([Value.model_validate(each) for each in values])


def shared(answer: Answer) -> Iterator[RenderableType]:
    """The link, to be copied."""
    yield f"Whoever has this link can read the report until {moment(answer['expires_at'])}:"
    yield Whole(answer["url"])


def shares(found: Answer) -> Iterator[RenderableType]:
    """One line a link."""
    if not found["items"]:
        yield "No link was made."
        return
    rows = [(each["id"], moment(each["expires_at"]), _until(each)) for each in found["items"]]
    yield table(("Link", "Until", "State"), rows)


def _until(share: Answer) -> str:
    return "taken back" if share["revoked_at"] else "holds" if share["url"] else "ended"


def funnel(found: Answer) -> RenderableType:
    """People at each stage, and machines beside them."""
    stages, sent = found["funnel"], found["funnel"]["sent"]
    rows = [
        ("planned", stages["planned"], "", ""),
        ("sent", sent, "", ""),
        ("opened", stages["opened"], _rate(found["opened"]), f"{stages['opened_by_machines']:,} by machines only"),
        ("clicked", stages["clicked"], _rate(found["clicked"]), f"{stages['clicked_by_machines']:,} by machines only"),
        ("unsubscribed", stages["unsubscribed"], _rate(found["unsubscribed"]), ""),
        ("complained", stages["complained"], "", "they get nothing any more"),
        ("replied", stages["replied"], "", ""),
        ("bounced", stages["bounced"], "", "taken, then came back; not among those sent"),
    ]
    rows = [row for row in rows if row[0] not in ("complained", "replied", "bounced") or row[1]]
    return table(("Stage", "People", "Of those sent", ""), rows, right=["People"])


def recipients(found: Answer) -> Iterator[RenderableType]:
    """One line a person."""
    if not found["items"]:
        yield "Nobody."
        return
    yield table(("Address", "State", "Var", "When (UTC)"), map(_recipient, found["items"]))
    if found["cursor"]:
        yield f"The first {len(found['items']):,}; --limit shows more."


def unknown(found: Answer) -> Iterator[RenderableType]:
    """One line a message, with the last answers about it."""
    if not found["items"]:
        yield "Nothing is unknown."
        return
    yield f"Of {people(len(found['items']))} it is not known whether they got it. Nothing is sent again by itself."
    yield table(("Address", "Handed over", "Why unknown", "Asked, and the answer"), map(_unknown, found["items"]))
    yield f"Next: {program()} campaign unknown ID-OR-NAME --treat-as-sent (recommended), or --send-again"


def decided_unknown(found: Answer) -> Iterator[RenderableType]:
    """What the decision came to."""
    yield found["sentence"]


def timeline(found: Answer) -> Iterator[RenderableType]:
    """One line a fact."""
    rows = [(moment(each["at"]), each["by"], each["what"], _data(each["data"])) for each in found["items"]]
    yield table(("When", "Who", "What", ""), rows)


def explanations(found: Answer) -> Iterator[RenderableType]:
    """One paragraph a campaign."""
    if found["about"]:
        yield found["about"]
    for each in found["items"]:
        yield ""
        yield each["sentence"]
        if trace := (each["evidence"].get("verdict") or {}).get("trace"):
            yield f"Trace {trace}."


def _unknown(each: Answer) -> tuple[str | None, ...]:
    asked = "; ".join(f"{one['whom']}: {one['answer']}" for one in each["asked"])
    return each["email"] or each["contact"], moment(each["handed_over_at"]), each["why"], asked


def _group(group: Answer) -> tuple[object, ...]:
    return group["count"], f"{group['reason']}", group["repair"], ", ".join(each["name"] for each in group["names"][:3])


def _status(found: Answer) -> str:
    return str(found["status"]).replace("_", " ")


def _standing(found: Answer) -> str:
    done, planned = progress(found)
    if not planned:
        return _status(found) + (f", {people(found['audience'])} in the audience" if found["audience"] else "")
    tally = found["tally"]
    sent = sum(tally.get(state, 0) for state in _SENT)
    counts = ", ".join(f"{tally.get(state, 0):,} {state}" for state in ("failed", "unknown", "held"))
    return f"{_status(found)}; {sent:,} of {people(planned)} got it, {counts}, {planned - done:,} to go"


def _decision(asked: Answer) -> str:
    said = {"approve": "approved", "reject": "rejected", "changes": "to be changed"}
    return f"{said[asked['decision']]} by {asked['by']}" if asked["decision"] else "to be approved"


def _rate(found: Mapping[str, Any]) -> str:
    return spread(Rate.model_validate(found))


def _recipient(each: Answer) -> tuple[str | None, ...]:
    state = f"{each['state']} ({each['held'].replace('_', ' ')})" if each["held"] else each["state"]
    return each["email"] or each["contact"], state, each["variant"], moment(each["settled_at"] or each["due"], zone="")


def _data(data: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {str(value)[:24]}" for name, value in data.items())


def edited(found: dict[str, Any]) -> Iterator[RenderableType]:
    """What was changed, word by word, and how it stands now."""
    for each in found["changes"]:
        told = Text(f"{each['part']}: ")
        for stretch in each["stretches"]:
            told.append(stretch["text"], {"gone": "strike", "new": "underline"}.get(stretch["kind"], ""))
        yield told
    yield f"Version {found['version']}: {found['status'].replace('_', ' ')}."


def asked(made: dict[str, Any]) -> Iterator[RenderableType]:
    """Who was asked, and until when."""
    yield f"{made['to']} was asked and has until {moment(made['ends_at'])}."
    if made["mail"] != "accepted":
        yield f"But of the mail it is known: {made['mail']}."
