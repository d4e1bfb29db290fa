"""The built-in writer: usable copy without any model, composed from the brief alone, the same for the same question."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from shared.adapters.models.writer_mail import mail
from shared.adapters.models.writer_order import Order
from shared.adapters.models.writer_pieces import piece
from shared.adapters.models.writer_plan import part, plan
from shared.adapters.models.writer_proposal import prose
from shared.domain.proposal_text import TASK as PROPOSAL_TASK
from shared.domain.routing import Ability, HomeName, Place, Quality
from shared.domain.scope import Scope
from shared.domain.wording import BUILT_IN_WRITER, PART_TASK, PIECE_TASK, PLAN_TASK, TASK
from shared.ports import Answer, Body, Embedded, ModelUnable, ModelUnavailable, Picture, Question


class BuiltInWriter:
    """A Model that needs no network and costs nothing. It plans and writes in every format, in English and German."""

    name: HomeName = "built-in"
    model = BUILT_IN_WRITER
    place: Place = "local"
    quality: Quality = "basic"
    longest = 1_000_000
    abilities: frozenset[Ability] = frozenset({"structure"})
    tasks: frozenset[str] | None = frozenset({TASK, PLAN_TASK, PIECE_TASK, PART_TASK, PROPOSAL_TASK})

    def ask(self, scope: Scope, question: Question) -> Answer:
        """Compose what the question asks for. Raises ModelUnavailable for any other task."""
        if question.tools:
            raise ModelUnable(self.name, "tools")
        if question.schema is None:
            raise ModelUnable(self.name, "text")
        return Answer(_composed(question), BUILT_IN_WRITER)

    def stream(self, scope: Scope, question: Question) -> Generator[str, None, Answer]:
        """Raises ModelUnable: it composes a whole at once."""
        raise ModelUnable(self.name, "stream")

    def embed(self, scope: Scope, texts: Sequence[str]) -> Embedded:
        """Raises ModelUnable."""
        raise ModelUnable(self.name, "embed")

    def draw(self, scope: Scope, wish: str) -> Picture:
        """Raises ModelUnable."""
        raise ModelUnable(self.name, "draw")


def _composed(question: Question) -> Body:
    match question.task:
        case "campaign.draft":
            return mail(Order.of(question)).model_dump()
        case "piece.plan":
            return plan(Order.of(question), question)
        case "piece.write":
            return piece(Order.of(question), question.data["format"]["name"])
        case "piece.part":
            return part(question)
        case "proposal.draft":
            return prose(question)
    raise ModelUnavailable(
        f"{question.task}: the built-in writer writes campaigns, pieces and proposals only; set BATON_MODEL_URL"
    )
