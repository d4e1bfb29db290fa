"""Documents in, cited answers out, on both homes of the index; what was deleted is in no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.agents import knowledge, pieces
from shared.agents.knowledge.embedding import embed
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft, draft_id
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.knowledge import Citation, Description, KnowledgeDocument, source_name
from shared.domain.names import Kind
from shared.domain.piece import Piece, PieceDecision, question_of
from shared.ports import Ports
from tests.contract.model_homes import opened
from tests.integration.contacts.home import SCOPE
from tests.integration.generate.home import REQUEST
from tests.servers.models import ModelServer, failing

from . import files
from .conftest import Bring

CLEANING = "A cleaning costs 90 euros and takes an hour."
HOURS = "We open at eight and close at noon."


def texts(ports: Ports, query: str, limit: int = 5) -> list[str]:
    return [hit.passage.text for hit in knowledge.search(ports, SCOPE, query, limit)]


def renewed(ports: Ports, id: str, text: str, said: Description | None = None) -> KnowledgeDocument:
    brought = knowledge.Brought(text.encode(), "text", "new.txt")
    return knowledge.renew(ports, SCOPE, "ben", id, brought, said or Description())


def draft(ports: Ports, *citations: Citation, campaign: str = "spring") -> str:
    """A stored draft that cites these."""
    made = Draft(
        campaign=campaign, version=1, variant="A", subject="s", preheader="p", html="h", text="t", links=[],
        written_by="model", citations=list(citations),
    )  # fmt: skip
    id = draft_id(campaign, 1, "A")
    ports.documents.put(SCOPE, Kind.DRAFT, id, made.model_dump(mode="json"))
    return id


def findings(ports: Ports, id: str) -> list[tuple[str, str]]:
    stored = ports.documents.get(SCOPE, Kind.DRAFT, id)
    assert stored
    return [(each.severity, each.rule) for each in Draft.model_validate(stored.body).findings]


def test_an_answer_names_document_version_and_passage(ports: Ports, bring: Bring) -> None:
    made = bring(files.pdf(CLEANING, HOURS), title=None, format="pdf")
    [hit] = knowledge.search(ports, SCOPE, "when do you open", 5)
    assert (hit.document, hit.version, hit.title) == (made.id, 1, "prices.txt")
    assert (hit.passage.text, hit.passage.page, hit.brought_by, hit.untrusted) == (HOURS, 2, "anna", True)
    whole = "\n\n".join(each.text for each in knowledge.passages(ports, SCOPE, made.id))
    assert whole[hit.passage.start : hit.passage.end] == HOURS
    quoted = knowledge.quoted(ports, SCOPE, hit.citation)
    assert quoted
    assert quoted == (made, hit.passage)


def test_the_same_file_twice_is_one_document(ports: Ports, bring: Bring) -> None:
    first, again = bring(CLEANING), bring(CLEANING, title="Another name")
    assert first == again
    assert knowledge.listing(ports, SCOPE, 10)[0] == [first]


def test_the_same_passage_in_two_documents_is_one_answer_from_the_newer(ports: Ports, bring: Bring) -> None:
    bring(f"{CLEANING}\n\n")
    newer = bring(f"\n\n{CLEANING}", title="Newer")
    assert [hit.document for hit in knowledge.search(ports, SCOPE, "cleaning", 5)] == [newer.id]
    knowledge.remove(ports, SCOPE, "anna", newer.id)
    assert texts(ports, "cleaning") == [CLEANING]


def test_a_new_version_answers_and_the_old_one_can_still_be_quoted(ports: Ports, bring: Bring) -> None:
    made = bring(CLEANING)
    [old] = knowledge.search(ports, SCOPE, "cleaning", 5)
    after = renewed(ports, made.id, "A cleaning costs 95 euros.", Description(title="New prices"))
    assert (after.title, after.source, [each.version for each in after.versions]) == ("New prices", "our own", [1, 2])
    [hit] = knowledge.search(ports, SCOPE, "cleaning", 5)
    assert (hit.version, hit.passage.text) == (2, "A cleaning costs 95 euros.")
    quoted = knowledge.quoted(ports, SCOPE, old.citation)
    assert quoted
    assert quoted[1].text == CLEANING
    assert renewed(ports, made.id, "A cleaning costs 95 euros.") == after, "the same again changes nothing"
    with pytest.raises(Conflict, match="version 1 of"):
        bring(CLEANING)
    assert renewed(ports, made.id, CLEANING).current.version == 3, "and back to the first"
    assert texts(ports, "cleaning") == [CLEANING]


def test_what_is_deleted_is_gone_and_can_come_back(ports: Ports, bring: Bring) -> None:
    made = bring(CLEANING)
    knowledge.remove(ports, SCOPE, "anna", made.id)
    assert texts(ports, "cleaning") == []
    assert list(ports.files.list(SCOPE, f"knowledge/{made.id}")) == []
    assert knowledge.listing(ports, SCOPE, 10) == ([], None)
    for ask in (knowledge.get, knowledge.passages):
        with pytest.raises(Missing):
            ask(ports, SCOPE, made.id)
    with pytest.raises(Missing):
        knowledge.remove(ports, SCOPE, "anna", made.id)
    bring(CLEANING)
    assert texts(ports, "cleaning") == [CLEANING]
    facts = ports.journal.read(SCOPE, "knowledge")
    assert [(fact.what, fact.by) for fact in facts] == [("brought", "anna"), ("deleted", "anna"), ("brought", "anna")]


def test_a_document_answers_nothing_while_it_is_being_deleted(ports: Ports, bring: Bring) -> None:
    made = bring(CLEANING)
    body = made.model_copy(update={"status": "deleting"}).model_dump(mode="json")
    ports.documents.put(SCOPE, Kind.KNOWLEDGE, made.id, body, "*")
    assert texts(ports, "cleaning") == []
    assert knowledge.quoted(ports, SCOPE, Citation(document=made.id, version=1, passage="0" * 32)) is None
    knowledge.tidy(ports, SCOPE)
    assert ports.documents.get(SCOPE, Kind.KNOWLEDGE, made.id) is None
    assert ports.knowledge.held(SCOPE) == []


def test_deleting_flags_exactly_the_drafts_that_cite_it(ports: Ports, bring: Bring) -> None:
    made, other = bring(CLEANING), bring(HOURS)
    [hit] = knowledge.search(ports, SCOPE, "cleaning", 5)
    [elsewhere] = knowledge.search(ports, SCOPE, "open", 5)
    citing, approved = draft(ports, hit.citation, elsewhere.citation), draft(ports, hit.citation, campaign="sent")
    innocent = draft(ports, elsewhere.citation, campaign="c3")
    ports.documents.put(SCOPE, Kind.CAMPAIGN, "sent", campaign("sent", approved="0" * 64).model_dump(mode="json"))
    assert knowledge.remove(ports, SCOPE, "anna", made.id) == 2
    assert findings(ports, citing) == [("error", "source-deleted")]
    assert findings(ports, approved) == [("warning", "source-deleted")]
    assert findings(ports, innocent) == []
    assert knowledge.flag_citing(ports, SCOPE, made.id, made.title) == 2, "repeated, it says it once"
    assert findings(ports, citing) == [("error", "source-deleted")]
    assert other.status == "ready"


def test_a_passage_of_another_workspace_is_not_found(ports: Ports, bring: Bring) -> None:
    bring(CLEANING)
    assert knowledge.search(ports, SCOPE._replace(workspace="other"), "cleaning", 5) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"   ", "no text"), (b"\0", "NUL"), (b"x" * 50_000_001, "50,000,000 bytes")],
    ids=["blank", "NUL", "too large"],
)
def test_what_cannot_be_taken_changes_nothing(ports: Ports, bring: Bring, data: bytes, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        bring(data)
    assert (ports.knowledge.held(SCOPE), list(ports.files.list(SCOPE, "knowledge/"))) == ([], [])


WORDLESS = "☎ → ✉"
"""Has no word in it: only its vector finds it."""


def test_vectors_find_what_words_do_not_and_unchanged_passages_keep_theirs(ports: Ports, bring: Bring) -> None:
    with ModelServer() as server, opened("endpoint", server) as model:
        able = replace(ports, models={"endpoint": model})
        made = bring(f"{CLEANING}\n\n{HOURS}")
        bring(WORDLESS)
        assert texts(able, WORDLESS) == []
        assert embed(able, SCOPE) == 2
        assert texts(able, WORDLESS)[0] == WORDLESS
        assert texts(ports, WORDLESS) == [], "a home without embeddings searches by words"
        asked = len(server.requests)
        renewed(able, made.id, f"{CLEANING}\n\n{HOURS}\n")
        assert embed(able, SCOPE) == 0
        assert len(server.requests) == asked, "nothing is paid for what is as it was"
        renewed(able, made.id, "Something new.")
        assert len(server.requests) == asked + 1
        assert ports.knowledge.without_vector(SCOPE, "test-embedding", 10) == []


def test_a_model_that_does_not_answer_leaves_the_words(ports: Ports, bring: Bring) -> None:
    with ModelServer() as server, opened("endpoint", server) as model:
        able = replace(ports, models={"endpoint": model})
        server.replies.extend([failing(401)] * 20)
        bring(CLEANING)
        assert texts(able, "cleaning") == [CLEANING]
        assert embed(able, SCOPE) == 0


def test_what_the_index_lost_is_made_findable_again(ports: Ports, bring: Bring) -> None:
    made = bring(CLEANING)
    ports.knowledge.drop(SCOPE, made.id)
    assert texts(ports, "cleaning") == []
    knowledge.tidy(ports, SCOPE)
    assert texts(ports, "cleaning") == [CLEANING]


def test_what_was_read_and_never_became_a_document_goes_in_time(ports: Ports, bring: Bring) -> None:
    made = bring(CLEANING)
    [held] = ports.knowledge.held(SCOPE)
    fresh, old = "a" * 32, "b" * 32
    there = knowledge.passages(ports, SCOPE, made.id)
    ports.knowledge.store(SCOPE, fresh, fresh, there, held.at)
    ports.knowledge.store(SCOPE, old, old, there, held.at - timedelta(hours=1))
    ports.knowledge.store(SCOPE, made.id, old, there, held.at - timedelta(hours=1))
    knowledge.tidy(ports, SCOPE)
    left = {(each.document, each.edition) for each in ports.knowledge.held(SCOPE)}
    assert left == {(made.id, made.current.edition), (fresh, fresh)}
    assert texts(ports, "cleaning") == [CLEANING]


def campaign(id: str, approved: str | None) -> Campaign:
    return Campaign.model_validate(
        {
            "id": id,
            "name": id,
            "status": "completed",
            "created_at": "2026-03-02T09:00:00Z",
            "created_by": "anna",
            "request": REQUEST,
            "approved": approved,
        }
    )


def test_deleting_flags_the_texts_of_pieces_that_cite_it_and_leaves_it_out_of_plans(ports: Ports, bring: Bring) -> None:
    made = bring(CLEANING)
    [hit] = knowledge.search(ports, SCOPE, "cleaning", 5)
    source, words = source_name(hit.citation), {"text": "A cleaning takes an hour."}
    text = {
        "id": "sms-1-A", "format": "sms", "audience": "a", "variant": "A", "words": words, "language": "en",
        "published": "p", "written_by": "model", "citations": [hit.citation.model_dump()],
    }  # fmt: skip
    plan = {
        "message": "m", "angles": {"A": "gain"}, "call": "c", "formats": ["sms"], "audiences": ["a"],
        "points": [{"text": "It is clean", "source": "offer"}, {"text": "It takes an hour", "source": source}],
    }  # fmt: skip
    for id, status, texts in (("one", "ready", [text]), ("two", "approved", [text]), ("three", "awaiting_plan", [])):
        request = {"name": id, "brief": REQUEST["brief"], "sender": "s", "formats": ["sms"]}
        body = {"id": id, "request": request, "status": status, "created_at": ports.clock.now(), "created_by": "ann"}
        piece = Piece.model_validate(body | {"plan": plan, "texts": texts})
        ports.documents.put(SCOPE, Kind.PIECE, id, piece.model_dump(mode="json"))
    assert knowledge.remove(ports, SCOPE, "anna", made.id) == 2
    assert knowledge.flag_citing(ports, SCOPE, made.id, made.title) == 2, "repeated, it says it once"
    one, two, three = (pieces.get(ports, SCOPE, id) for id in ("one", "two", "three"))
    flags = [[(each.severity, each.rule) for each in found.texts[0].findings] for found in (one, two)]
    assert flags == [[("error", "source-deleted")], [("warning", "source-deleted")]]
    decision = PieceDecision.model_validate({"decision": "approve", "digest": question_of(one)})
    with pytest.raises(Conflict, match="was deleted from the knowledge base"):
        pieces.decide(ports, SCOPE, "one", "ann", decision)
    assert three.plan
    assert [point.source for point in three.plan.points] == ["offer"]
    assert three.plan.left_out == ["It takes an hour"]
