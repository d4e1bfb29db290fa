"""What holds whatever people do, and whenever the process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from shared.agents import knowledge
from shared.domain.knowledge import Description, KnowledgeDocument
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, home
from tests.integration.knowledge.killed_child import bring_one

WORDS = ("apple", "pear", "plum", "cherry")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


class Shelf(RuleBasedStateMachine):
    """Documents come, are renewed and go; after each step the answers are exactly what the present versions say."""

    books = Bundle("books")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._home = home(Path(self._folder.name))
        self.ports: Ports = self._home.__enter__()
        self.present: dict[str, list[str]] = {}
        self.nonce = 0

    def teardown(self) -> None:
        self._home.__exit__(None, None, None)
        self._folder.cleanup()

    @rule(target=books, text=TEXTS)
    def bring(self, text: str) -> str:
        self.nonce += 1
        made = knowledge.bring_in(self.ports, SCOPE, "anna", self._brought(f"{text}\n{self.nonce}"), Description())
        self.present[made.id] = [f"{text}\n{self.nonce}"]
        return made.id

    @rule(book=books, text=TEXTS)
    def renew(self, book: str, text: str) -> None:
        if book in self.present:
            after = knowledge.renew(self.ports, SCOPE, "anna", book, self._brought(text), Description())
            if self.present[book][-1] != text:
                self.present[book].append(text)
            self._check_versions(after)

    @rule(book=consumes(books))
    def remove(self, book: str) -> None:
        knowledge.remove(self.ports, SCOPE, "anna", book)
        del self.present[book]

    @rule()
    def tidy(self) -> None:
        knowledge.tidy(self.ports, SCOPE)

    @invariant()
    def answers_are_what_the_present_versions_say(self) -> None:
        for word in WORDS:
            hits = knowledge.search(self.ports, SCOPE, word, 50)
            said = {text for texts in self.present.values() if word in (text := texts[-1])}
            assert {hit.passage.text for hit in hits} == said
            assert all(self.present[hit.document][-1] == hit.passage.text for hit in hits)
            assert all(hit.version == len(self.present[hit.document]) for hit in hits)

    def _check_versions(self, found: KnowledgeDocument) -> None:
        assert [each.version for each in found.versions] == list(range(1, len(self.present[found.id]) + 1))
        assert sorted(each.at for each in found.versions) == [each.at for each in found.versions]

    @staticmethod
    def _brought(text: str) -> knowledge.Brought:
        return knowledge.Brought(text.encode(), "text", "a.txt")


Shelf.TestCase.settings = settings(max_examples=5, stateful_step_count=12, deadline=None)
TestShelf = Shelf.TestCase


@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9, 1.2, 1.5])
def test_killed_at_work_nothing_is_half_visible_and_the_same_again_mends_it(tmp_path: Path, seconds: float) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.knowledge.killed_child", str(tmp_path)], stdout=subprocess.PIPE
    )
    assert child.stdout
    assert child.stdout.readline() == b"ready\n"
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(child.pid, signal.SIGKILL)
    said = child.stdout.read().splitlines()
    child.wait()
    child.stdout.close()
    with home(tmp_path) as ports:
        documents, _ = knowledge.listing(ports, SCOPE, 100)
        assert len(documents) >= len(said)
        for each in documents:
            whole = knowledge.passages(ports, SCOPE, each.id)
            assert len(whole) == each.current.passages
            found = knowledge.search(ports, SCOPE, f"nonce{each.title}", 200)
            assert {hit.passage.id for hit in found} == {passage.id for passage in whole}
        total = {hit.document for hit in knowledge.search(ports, SCOPE, "word", 1000)}
        assert total == {each.id for each in documents}
        for number in range(len(documents) + 1):
            bring_one(ports, number)
        assert len(knowledge.listing(ports, SCOPE, 100)[0]) == len(documents) + 1
