"""What a model may be told of an error: sentences of Baton's, counts, and names that the plan says itself."""

from __future__ import annotations

import re
from pathlib import Path

import shared.process
from shared.process.declared import Action
from shared.process.for_models import LEFT_OUT, SENTENCES, UNTOLD, field_told, message_told, reasons_told

COLUMNS = [{"name": "born", "type": "date", "formats": ["%d.%m.%Y"]}, {"name": "n", "type": "integer", "least": 7}]
READ = Action.model_validate({"type": "read", "with": {"file": "${{ inputs.list }}", "columns": COLUMNS}})
PLANTED = "Ada Lovelace, 1815"


def test_every_sentence_is_one_that_baton_says_and_its_holes_are_told_only_as_the_plan_says_them() -> None:
    source = "".join(
        each.read_text() for each in Path(shared.process.__path__[0]).rglob("*.py") if each.stem != "for_models"
    )
    for sentence in SENTENCES:
        assert all(piece in source for piece in re.split("[#*]", sentence)), sentence
        told = message_told(READ, sentence.replace("#", "3").replace("*", PLANTED))
        assert told not in (UNTOLD, PLANTED)
        assert "Ada" not in told
        assert "1815" not in told
    assert (
        message_told(READ, "the file has no column born; it has Ada, n")
        == f"the file has no column born; it has {LEFT_OUT}"
    )
    assert message_told(READ, "3 of 1,200 rows do not fit: Ada (3)") == f"3 of 1,200 rows do not fit: {LEFT_OUT}"
    assert message_told(READ, "there is no `inputs.list`") == "there is no `inputs.list`"


def test_what_is_on_no_list_is_not_told() -> None:
    for said in ("number: could not convert string to float: 'Ada'", "add_days: Invalid isoformat string: 'Ada'"):
        assert message_told(READ, said) == f"{said.partition(':')[0]}: {LEFT_OUT}"
    for said in (PLANTED, f"Conversion Error: {PLANTED}", "it answered 404 Ada", ""):
        assert message_told(READ, said) == UNTOLD
    assert field_told(READ, "with.columns.1.least") == "with.columns.1.least"
    assert field_told(READ, "with.columns.Ada.18151815") == f"with.columns.{LEFT_OUT}.{LEFT_OUT}"


def test_reasons_are_told_by_rule_and_what_a_file_says_itself_is_counted() -> None:
    reasons = {
        "born: is no date of the form %d.%m.%Y; n: is less than 7": 4,
        "n: is the same as in row 12": 1,
        "n: is the same as in row 13": 2,
        "born: Ada was not born then": 5,
        "Ada owes 1815": 6,
        "n: is less than 1815": 7,
        "it has 4 values; there are 2 columns": 8,
    }
    assert reasons_told(READ, reasons) == {
        "born: is no date of the form %d.%m.%Y; n: is less than 7": 4,
        f"n: is the same as in row {LEFT_OUT}": 3,
        UNTOLD: 11,
        f"n: is less than {LEFT_OUT}": 7,
        "it has 4 values; there are 2 columns": 8,
    }
