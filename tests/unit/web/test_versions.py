"""What changed between two versions: both can be read out of it again, and words that stayed are not marked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.web.versions import Changed, DiffLine, Piece, lines_of, parts_of

TEXTS = st.lists(st.text("ab c:", max_size=6), max_size=12).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_difference(old: str, new: str) -> None:
    found = lines_of(old, new, context=100)
    for sign, number, text in (("-", 1, old), ("+", 2, new)):
        lines = [each for each in found if each.sign in (" ", sign)]
        if old.splitlines() != new.splitlines():
            assert ["".join(piece.text for piece in each.pieces) for each in lines] == text.splitlines()
            assert [each[number] for each in lines] == list(range(1, len(lines) + 1))
    assert (found == []) == (old.splitlines() == new.splitlines())


def test_only_the_words_that_changed_are_marked_and_what_is_the_same_is_left_out() -> None:
    old = "\n".join([*"abcdefgh", "  with: {days: 30}", *"ijklmnop"])
    found = lines_of(old, old.replace("30", "60").replace("p", "p\nq"))
    assert found[0] == DiffLine("…", None, None, [])
    removed, added = (next(each for each in found if each.sign == sign) for sign in "-+")
    assert removed == DiffLine("-", 9, None, [Piece("  with: {days: "), Piece("30", True), Piece("}")])
    assert (added.new, added.pieces[1]) == (9, Piece("60", True))
    assert [each.sign for each in found].count("…") == 2
    assert found[-1] == DiffLine("+", None, 18, [Piece("q")])


def test_what_changed_is_told_by_step() -> None:
    def plan(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"process": "p", "steps": list(steps), "finally": [], **more}

    a, b = {"id": "a", "type": "read", "with": {"file": "x", "skip": 1}}, {"id": "b", "type": "value", "needs": []}
    new_a = {**a, "with": {"file": "x", "skip": 2}, "timeout": "2h"}
    assert parts_of(plan(a, b), plan(a, b)) == []
    assert parts_of(plan(a, b), plan(new_a, {"id": "c", "type": "value"}, title="T")) == [
        Changed("added", "c", True),
        Changed("removed", "b", True),
        Changed("changed", "a", True, ("with.skip", "timeout")),
        Changed("changed", "title", False),
    ]
    moved = {"process": "p", "steps": [a], "finally": [b]}
    assert parts_of(plan(a, b), moved) == [Changed("changed", "b", True, ("at",))]
