"""generate, for pieces: a plan, then one text after another; or one part of one text said otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from shared.agents import confirmed, knowledge, style_guide
from shared.agents.asking import Answered, Call, NoHome, Waiting, ask, found, recorded, tally_of
from shared.agents.generate.basis import BASIS, PASSAGES
from shared.agents.generate.piece_examine import Written, look_at, plan_of, sources_of
from shared.agents.generate.piece_prompt import part_question, plan_question, seed_of, text_question
from shared.agents.records import Records
from shared.domain.budget import OverBudget, added
from shared.domain.budget_stop import BudgetStop, asked_about
from shared.domain.claims import Source
from shared.domain.draft import Finding
from shared.domain.formats import FormatName, exchanged, ordered
from shared.domain.knowledge import Hit
from shared.domain.likeness import ALIKE, nearest
from shared.domain.money import MixedCurrencies
from shared.domain.names import Kind, Verb
from shared.domain.outcome import Done, Later, Outcome, Refused
from shared.domain.piece import PartWish, Piece, PieceText, Plan, Variant
from shared.domain.placeholders import clean
from shared.domain.scope import Scope
from shared.domain.style_guide import StyleGuide
from shared.ports import Body, Ports, Question

PIECES = Records(Kind.PIECE, Piece)
ASKED_AT_MOST = 3
ASKED_AGAIN = timedelta(minutes=10)
LOOKED_AT_AGAIN = timedelta(days=1)
"""So often the flow looks by itself whether the plan was confirmed; the doorbell is faster."""
AGENT = "copywriter"


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step of a piece: Done({left}) with how many texts are still to be written, Later while it waits for a person,
    a model or money, Refused and the piece failed if there is nobody to write it. May be repeated at any moment."""
    scope, id = Scope(*order["scope"]), order["piece"]
    piece = PIECES.load(ports, scope, id)
    step = _Step(ports, scope, order["instance"], piece)
    try:
        match piece.status:
            case "planning":
                return step.plan()
            case "awaiting_plan":
                return Later(ports.clock.now() + LOOKED_AT_AGAIN, "plan")
            case "writing":
                return step.rewrite(piece.wish) if piece.wish else step.write()
            case _:
                return Done({"left": 0})
    except Waiting as waiting:
        return _later(ports, scope, id, waiting.until, "model", f"waits for a model: {waiting}")
    except OverBudget as over:
        return _over(ports, scope, piece, over)
    except MixedCurrencies as two:
        return _later(ports, scope, id, ports.clock.now() + ASKED_AGAIN, "budget", str(two))
    except NoHome as nobody:
        return _fail(ports, scope, id, "models", str(nobody))


class _Step:
    """A piece, read once, and what its texts may rest on."""

    def __init__(self, ports: Ports, scope: Scope, instance: str, piece: Piece) -> None:
        self._ports, self._scope, self._piece = ports, scope, piece
        self._tape = f"{instance}~{Verb.GENERATE}"

    @cached_property
    def _found(self) -> Body:
        """What this step has read: kept on the tape, where nothing was written of it yet as it is now."""
        what = self._what()
        anew = recorded(self._ports, self._scope, f"{self._tape}~{what}~0") is None
        return found(self._ports, self._scope, f"{self._tape}~{what}~{BASIS}", self._look_up, anew)

    def _what(self) -> str:
        """The name of this step on the tape."""
        piece = self._piece
        if piece.wish:
            return f"{piece.wish.text}~{self._before(piece.wish).version}~{piece.wish.part}"
        return self._missing()[0][0] if piece.plan else "plan"

    def _look_up(self) -> Body:
        brief = self._piece.request.brief
        hits = knowledge.search(self._ports, self._scope, f"{brief.offer} {brief.goal}"[:400], PASSAGES)
        return {
            "piece": self._piece.model_dump(mode="json", exclude={"texts"}),
            "passages": [hit.model_dump(mode="json") for hit in hits],
            "confirmed": [[*source] for source in confirmed.carrying(self._ports, self._scope)],
            "guide": style_guide.read(self._ports, self._scope).model_dump(mode="json"),
        }

    @cached_property
    def _guide(self) -> StyleGuide:
        return StyleGuide.model_validate(self._found["guide"])

    @cached_property
    def _passages(self) -> list[Hit]:
        return [Hit.model_validate(each) for each in self._found["passages"]]

    @cached_property
    def _sources(self) -> list[Source]:
        return sources_of(self._piece, [Source(*each) for each in self._found["confirmed"]], self._passages)

    def _missing(self) -> list[tuple[str, FormatName, int, Variant]]:
        plan = self._piece.plan
        assert plan is not None, "nothing is written without a plan"
        return [spot for spot in plan.texts() if self._piece.text(spot[0]) is None]

    def _before(self, wish: PartWish) -> PieceText:
        before = self._piece.text(wish.text)
        assert before is not None, "a wish is only taken for a text that is there"
        return before

    def plan(self) -> Outcome:
        """Ask for a plan; points that no source carries are left out and named."""
        plan, by, cost, wrong = None, "", dict[str, int](), list[str]()
        for attempt in range(ASKED_AT_MOST):
            said = [(each.id, each.text) for each in self._sources if not each.id.startswith("passage:")]
            question = plan_question(self._piece, said, self._guide, self._passages, wrong)
            answer = self._ask(f"plan~{attempt}", question)
            cost, by = added(cost, tally_of(answer)), answer.model
            try:
                plan = plan_of(self._piece.request, answer.data, self._sources)
                break
            except (ValidationError, ValueError) as error:
                wrong = [str(error)[:300]]
        if plan is None:
            return _fail(self._ports, self._scope, self._piece.id, "plan", f"no usable plan came: {wrong[0]}")

        found(self._ports, self._scope, f"{self._tape}~plan~made", lambda: plan.model_dump(mode="json"))

        now = self._ports.clock.now()

        def keep(present: Piece) -> None:
            if present.status == "planning":
                present.plan, present.planned_by, present.cost = plan, by, cost
                present.status_reason, present.budget_stop, present.asked_at = None, None, now
                present.status = "awaiting_plan" if present.request.plan == "confirm" else "writing"

        PIECES.change(self._ports, self._scope, self._piece.id, keep)
        return Done({"left": len(plan.texts())})

    def write(self) -> Outcome:
        """Write the next text that is not there yet."""
        plan, missing = self._piece.plan, self._missing()
        if plan and missing:
            id, format, audience, variant = missing[0]
            self._keep(self._text(plan, id, format, plan.audiences[audience], variant))
        if len(missing) > 1:
            return Done({"left": len(missing) - 1})

        now = self._ports.clock.now()

        def ready(present: Piece) -> None:
            if present.status == "writing":
                _ready(present, now)

        PIECES.change(self._ports, self._scope, self._piece.id, ready)
        return Done({"left": 0})

    def rewrite(self, wish: PartWish) -> Outcome:
        """Say one part otherwise; every other part stays byte for byte."""
        before = self._before(wish)
        written, cost, findings = None, before.cost, list[Finding]()
        request, spot = self._piece.request, (before.format, before.variant, self._seed(before))
        for attempt in range(ASKED_AT_MOST):
            part = (wish.part, wish.comment)
            asked = part_question(
                request.brief, request.sender, self._piece.plan, spot, before.words, part, self._guide, findings
            )
            answer = self._ask(f"{before.id}~{before.version}~{wish.part}~{attempt}", asked)
            cost = added(cost, tally_of(answer))
            words = exchanged(before.words, wish.part, clean(str(answer.data["text"])).strip())
            written = Written(before.format, words, before.language, [*answer.data["notes"]], answer.model)
            made = self._made(before, written)
            findings = [each for each in made.findings if each.severity == "error" and each.where == wish.part]
            if not findings:
                break
        made.version, made.cost = before.version + 1, cost

        now = self._ports.clock.now()

        def keep(present: Piece) -> None:
            if present.wish == wish:
                present.texts = [made if each.id == made.id else each for each in present.texts]
                present.wish = None
                _ready(present, now)

        PIECES.change(self._ports, self._scope, self._piece.id, keep)
        return Done({"left": 0})

    def _seed(self, text: PieceText) -> int:
        return seed_of(self._piece.id, text.id) + text.version

    def _text(self, plan: Plan, id: str, format: FormatName, audience: str, variant: Variant) -> PieceText:
        """Asked for until nothing blocks it and it differs from its other variants; at last as it is, with findings."""
        others: dict[str, str] = {each.variant: each.published for each in self._piece.texts
                  if each.format == format and each.audience == audience}  # fmt: skip
        language = self._piece.request.brief.language
        blank = PieceText(
            id=id, format=format, audience=audience, variant=variant, words={}, language=language, published="",
            written_by="",
        )  # fmt: skip
        best, cost, wrong = blank, dict[str, int](), list[Finding]()
        for attempt in range(ASKED_AT_MOST):
            spot = (id, format, audience, variant)
            question = text_question(self._piece, plan, spot, self._guide, others, wrong, attempt)
            answer = self._ask(f"{id}~{attempt}", question)
            cost = added(cost, tally_of(answer))
            made, wrong = self._read(blank, format, answer, others)
            if made and (not best.words or _rank(made) < _rank(best)):
                best = made
            if not wrong:
                break
        if not best.words:
            best.findings = wrong
        best.cost = cost
        return best

    def _read(
        self, blank: PieceText, format: FormatName, answer: Answered, others: dict[str, str]
    ) -> tuple[PieceText | None, list[Finding]]:
        """The text that an answer makes, and what is to be mended in it."""
        data = dict(answer.data)
        language, notes = str(data.pop("language", "")), [str(note) for note in data.pop("notes", [])]
        try:
            words = ordered(format, data)
        except ValueError as error:
            return None, [Finding(severity="error", rule="answer-shape", where="answer", reason=str(error))]
        words = {name: [*map(clean, said)] if isinstance(said, list) else clean(said) for name, said in words.items()}
        made = self._made(blank, Written(format, words, language, notes, answer.model))
        alike = nearest(made.published, others.items())
        if alike:
            made.distance = alike[1]
        if alike and alike[1] < ALIKE:
            reason = f"differs from variant {alike[0]} by {alike[1]} %; below {ALIKE} % they are one text said twice"
            made.findings.append(Finding(severity="warning", rule="variants-alike", where="text", reason=reason))
        return made, [each for each in made.findings if each.severity == "error" or each.rule == "variants-alike"]

    def _made(self, text: PieceText, written: Written) -> PieceText:
        return look_at(text, written, self._piece.request, self._sources, self._guide)

    def _keep(self, text: PieceText) -> None:
        def add(present: Piece) -> None:
            if present.status == "writing" and present.text(text.id) is None:
                present.texts.append(text)

        self._piece = PIECES.change(self._ports, self._scope, self._piece.id, add)

    def _ask(self, what: str, question: Question) -> Answered:
        paid_by, local = f"piece-{self._piece.id}", self._piece.local_only
        call = Call(f"{self._tape}~{what}", question, AGENT, task=paid_by, local=local)
        return ask(self._ports, self._scope, call)


def _ready(piece: Piece, now: datetime) -> None:
    piece.status, piece.status_reason, piece.asked_at = "ready", None, now
    piece.budget_stop, piece.local_only = None, False


def _rank(text: PieceText) -> tuple[int, int]:
    errors = sum(each.severity == "error" for each in text.findings)
    return errors, sum(each.rule == "variants-alike" for each in text.findings)


def _over(ports: Ports, scope: Scope, piece: Piece, over: OverBudget) -> Outcome:
    if over.then == "refuse":
        return _fail(ports, scope, piece.id, "budget", str(over))
    now = ports.clock.now()
    stop = asked_about(piece.budget_stop, over, now) if over.then == "ask" else None
    patient = over.then == "wait" or (stop is not None and stop.waits)
    again = over.until if patient and over.until else now + ASKED_AGAIN
    return _later(ports, scope, piece.id, again, "budget", str(over), stop)


def _later(
    ports: Ports, scope: Scope, id: str, at: datetime, why: str, reason: str, stop: BudgetStop | None = None
) -> Outcome:
    def wait(present: Piece) -> None:
        present.status_reason, present.budget_stop = reason, stop

    PIECES.change(ports, scope, id, wait)
    return Later(at, why)


def _fail(ports: Ports, scope: Scope, id: str, field: str, reason: str) -> Outcome:
    def end(present: Piece) -> None:
        if present.texts and present.wish:
            present.status, present.wish, present.status_reason = "ready", None, reason
        else:
            present.status, present.status_reason = "failed", reason

    PIECES.change(ports, scope, id, end)
    return Refused(field, reason)
