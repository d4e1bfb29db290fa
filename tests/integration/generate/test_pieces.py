"""Pieces written by a model over HTTP: asked again for what is wrong or too alike, a part at a time, plans grounded."""

from __future__ import annotations

from typing import Any

from shared.agents import pieces, style_guide
from shared.agents.generate import run as run_campaign
from shared.agents.generate.pieces import run
from shared.domain.names import Kind
from shared.domain.outcome import Done, Refused
from shared.domain.piece import PartWish, Piece, PieceRequest
from shared.domain.style_guide import Avoided, StyleGuide
from shared.ports import Ports
from tests.integration.generate.home import ORDER, REQUEST, SCOPE, accept, copy
from tests.servers.models import ModelServer, Reply

PLAN = {
    "message": "Six evenings, eight people",
    "angles": {"A": "gain"},
    "points": [
        {"text": "It starts on Tuesday 3 March", "source": "facts.0"},
        {"text": "Massages are included", "source": "facts.0"},
    ],
    "call": "Book a place",
}


def post(hook: str, *paragraphs: str) -> dict[str, Any]:
    return {
        "hook": hook, "paragraphs": [*paragraphs], "call": "Book a place", "hashtags": [], "language": "en", "notes": []
    }  # fmt: skip


GOOD = post("Six evenings, eight people", "It starts on Tuesday 3 March at 18:30.")


def made(ports: Ports, **more: Any) -> Piece:
    request = {"name": "n", "brief": REQUEST["brief"], "sender": "The Practice", "formats": ["linkedin"], **more}
    return pieces.accept(ports, SCOPE, "ann", PieceRequest.model_validate(request))


def written(ports: Ports, piece: Piece) -> Piece:
    order = {"scope": [*SCOPE], "instance": f"piece~{pieces.get(ports, SCOPE, piece.id).turn}", "piece": piece.id}
    while True:
        done = run(ports, order)
        assert isinstance(done, Done), done
        if not done.data["left"]:
            return pieces.get(ports, SCOPE, piece.id)


def told(server: ModelServer) -> list[str]:
    return [request["messages"][1]["content"] for request in server.requests]


def test_a_plan_keeps_only_points_that_their_source_carries(ports: Ports, server: ModelServer) -> None:
    server.script(Reply(PLAN), Reply(GOOD))
    found = written(ports, made(ports))
    assert found.plan
    assert [point.text for point in found.plan.points] == ["It starts on Tuesday 3 March"]
    assert found.plan.left_out == ["Massages are included"]
    assert found.texts[0].written_by == "test-model"
    assert "Massages" not in told(server)[1]


def test_what_is_wrong_is_asked_for_again_with_the_reason(ports: Ports, server: ModelServer) -> None:
    wrong = post("Massages are included", "It starts on Tuesday 3 March at 18:30.")
    server.script(Reply(PLAN), Reply(wrong), Reply(GOOD))
    (text,) = written(ports, made(ports)).texts
    assert not text.blocked
    assert "'Massages'" in told(server)[2]
    assert text.cost["calls"] == 2


def test_what_stays_wrong_is_shown_and_cannot_be_approved(ports: Ports, server: ModelServer) -> None:
    wrong = post("Massages are included")
    server.script(Reply(PLAN), *[Reply(wrong)] * 3)
    found = written(ports, made(ports))
    assert found.status == "ready"
    assert [each.rule for each in found.texts[0].findings if each.severity == "error"] == ["claim-unsupported"]


def test_variants_that_are_too_alike_are_asked_for_again_then_named_with_the_figure(
    ports: Ports, server: ModelServer
) -> None:
    plan = {**PLAN, "angles": {"A": "gain", "B": "question"}}
    server.script(Reply(plan), Reply(GOOD), *[Reply(GOOD)] * 3)
    one, other = written(ports, made(ports, variants=2)).texts
    assert (one.distance, other.distance, other.cost["calls"]) == (None, 0, 3)
    (alike,) = [each for each in other.findings if each.rule == "variants-alike"]
    assert (alike.severity, "by 0 %" in alike.reason) == ("warning", True)
    assert "by 0 %" in told(server)[3]


def test_one_part_is_written_again_and_nothing_else(ports: Ports, server: ModelServer) -> None:
    server.script(Reply(PLAN), Reply(GOOD))
    before = written(ports, made(ports)).texts[0]
    (id,) = [document.id for document in ports.documents.find(SCOPE, Kind.PIECE).documents]
    pieces.rewrite(ports, SCOPE, id, "ann", PartWish(text="linkedin-1-A", part="hook", comment="shorter"))
    server.script(Reply({"text": "Six evenings", "notes": []}))
    after = written(ports, pieces.get(ports, SCOPE, id)).texts[0]
    assert after.words == before.words | {"hook": "Six evenings"}
    assert after.published == before.published.replace("Six evenings, eight people", "Six evenings")
    assert (after.version, after.cost["calls"]) == (2, 2)
    assert "shorter" in told(server)[-1]


def test_a_plan_that_never_fits_ends_clearly(ports: Ports, server: ModelServer) -> None:
    server.script(*[Reply({**PLAN, "message": "Massages for everybody"})] * 3)
    piece = made(ports)
    order = {"scope": [*SCOPE], "instance": "piece~1", "piece": piece.id}
    assert isinstance(run(ports, order), Refused)
    found = pieces.get(ports, SCOPE, piece.id)
    assert (found.status, "Massages" in (found.status_reason or "")) == ("failed", True)


def test_a_repeated_step_pays_once(ports: Ports, server: ModelServer) -> None:
    server.script(Reply(PLAN), Reply(GOOD))
    piece = made(ports)
    order = {"scope": [*SCOPE], "instance": "piece~1", "piece": piece.id}
    before = ports.documents.get(SCOPE, Kind.PIECE, piece.id)
    run(ports, order)
    now = ports.documents.get(SCOPE, Kind.PIECE, piece.id)
    assert before
    assert now
    ports.documents.put(SCOPE, Kind.PIECE, piece.id, before.body, now.rev)  # as if it died before it was stored
    run(ports, order)
    assert len(server.requests) == 1


def test_campaigns_keep_the_style_guide_too(ports: Ports, server: ModelServer) -> None:
    style_guide.write(ports, SCOPE, "ann", StyleGuide(avoid=[Avoided(words="evenings", instead="sessions")]))
    accept(ports, variants=1)
    server.script(*[Reply(copy())] * 3)
    assert isinstance(run_campaign(ports, dict(ORDER)), Refused)
    assert "the house says 'sessions'" in told(server)[1]


def test_variants_of_a_campaign_that_are_too_alike_are_named_with_the_figure(ports: Ports, server: ModelServer) -> None:
    accept(ports)
    server.script(Reply(copy()), Reply(copy(subject="Is your back ready?")))
    assert isinstance(run_campaign(ports, dict(ORDER)), Done)
    one, other = (ports.documents.get(SCOPE, Kind.DRAFT, f"spring-1-{variant}") for variant in "AB")
    assert one
    assert other
    assert [each["rule"] for each in one.body["findings"]] == []
    (alike,) = [each for each in other.body["findings"] if each["rule"] == "variants-alike"]
    assert "differs from variant A by" in alike["reason"]
