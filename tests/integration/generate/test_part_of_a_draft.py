"""One part of a campaign's draft said otherwise, by a model over HTTP or by hand; everything else byte for byte."""

from __future__ import annotations

from typing import Any

from shared.agents.generate import run
from shared.domain.draft import Draft, draft_id
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.part import PartRequest
from shared.ports import Ports
from tests.integration.generate.home import ORDER, SCOPE, accept, copy
from tests.servers.models import ModelServer, Reply

OTHER = copy(subject="Is your back ready?", paragraphs=["Six evenings with one physiotherapist, eight people."])


def change(ports: Ports, **fields: Any) -> None:
    found = ports.documents.get(SCOPE, Kind.CAMPAIGN, "spring")
    assert found
    ports.documents.put(SCOPE, Kind.CAMPAIGN, "spring", {**found.body, **fields}, found.rev)


def part(ports: Ports, **said: Any) -> None:
    change(ports, part_wish=PartRequest(**said).model_dump())
    assert isinstance(run(ports, dict(ORDER)), Done)


def draft(ports: Ports, version: int, variant: str = "A") -> Draft:
    found = ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", version, variant))
    assert found
    return Draft.model_validate(found.body)


def written(ports: Ports, server: ModelServer) -> None:
    server.script(Reply(copy()), Reply(OTHER))
    accept(ports)
    assert run(ports, dict(ORDER)) == Done({"version": 1})


def words(found: Draft) -> Any:
    assert found.words
    return found.words.words


def test_only_that_part_changes_and_the_other_variant_not_at_all(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    server.script(Reply({"text": "Six evenings, eight people", "notes": ["I left the name out."]}))
    part(ports, part="subject", comment="shorter")
    before, after = draft(ports, 1), draft(ports, 2)
    assert words(after) == words(before) | {"subject": "Six evenings, eight people"}
    subject, said = f"<title>{before.subject}", "<title>Six evenings, eight people"
    assert (after.html, after.text) == (before.html.replace(subject, said), before.text)
    assert (after.cost["calls"], before.cost["calls"]) == (2, 1)
    assert [each.reason for each in after.findings if each.rule == "writer-note"] == ["I left the name out."]
    same = {"version", "findings"}
    assert draft(ports, 2, "B").model_dump(exclude=same) == draft(ports, 1, "B").model_dump(exclude=same)
    found = ports.documents.get(SCOPE, Kind.CAMPAIGN, "spring")
    assert found
    assert found.body["part_wish"] is None
    assert "shorter" in server.requests[2]["messages"][1]["content"]


def test_what_is_wrong_with_the_part_is_asked_for_again_and_then_shown(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    server.script(*[Reply({"text": "Massages are included", "notes": []})] * 3)
    part(ports, part="points.0", comment="mention massages")
    assert len(server.requests) == 5
    assert "'Massages" in server.requests[3]["messages"][1]["content"]
    assert [each.rule for each in draft(ports, 2).findings if each.severity == "error"] == ["claim-unsupported"]


def test_what_cannot_be_laid_out_leaves_the_part_as_it_was(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    server.script(*[Reply({"text": "{{ campaign.__class__ }}", "notes": []})] * 3)
    part(ports, part="subject", comment="shorter")
    after = draft(ports, 2)
    assert words(after) == words(draft(ports, 1))
    assert [each.where for each in after.findings if each.rule == "part-unchanged"] == ["subject"]
    assert not after.blocked


def test_a_part_by_hand_is_taken_as_it_is_checked_and_kept_when_all_else_is_written_again(
    ports: Ports, server: ModelServer
) -> None:
    written(ports, server)
    part(ports, part="points.0", text="The physiotherapist sings.")
    after = draft(ports, 2)
    assert (len(server.requests), after.by_hand) == (2, ["points.0"])
    assert [each.sentence for each in after.claims if not each.sources] == ["The physiotherapist sings."]
    server.script(Reply(copy(subject="Eight people, six evenings")), Reply(OTHER))
    part(ports, part="points.0", text="It starts on Tuesday 3 March at 18:30, six evenings.")
    change(ports, change_wish="another subject")
    run(ports, dict(ORDER))
    last = draft(ports, 4)
    assert last.subject == "Eight people, six evenings"
    assert words(last)["points"] == ["It starts on Tuesday 3 March at 18:30, six evenings."]
    assert last.by_hand == ["points.0"]
    server.script(Reply({"text": "Six evenings", "notes": []}))
    part(ports, part="points.0", comment="shorter")
    assert (words(draft(ports, 5))["points"], draft(ports, 5).by_hand) == (["Six evenings"], [])


def test_a_repeated_step_pays_once(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    server.script(Reply({"text": "Six evenings", "notes": []}))
    wish = PartRequest(part="subject", comment="shorter").model_dump()
    part(ports, part="subject", comment="shorter")
    change(ports, part_wish=wish, version=1)  # as if it died before the version was stored
    assert run(ports, dict(ORDER)) == Done({"version": 2})
    assert len(server.requests) == 3
