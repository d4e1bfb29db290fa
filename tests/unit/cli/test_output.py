from __future__ import annotations

import json

import pytest

from local.cli.output import Output, facts, printable, table


def test_json_is_the_answer_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=True)
    output.say("not for programs")
    output.show({"name": "Frühling"}, lambda _: ["not for programs either"])
    assert json.loads(capsys.readouterr().out) == {"name": "Frühling"}


def test_paragraphs_end_at_80_columns_and_links_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    link = "http://127.0.0.1:7071/signin?token=" + "x" * 200
    Output(as_json=False).say("word " * 40, link)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == link
    assert all(len(line) <= 80 for line in lines[:-1])


def test_a_row_is_a_line_in_a_pipe_without_colours_and_blanks_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    address = "a.very.long.name.of.somebody@a-very-long-domain-name.people.example"
    rows = [(address, "held", 1, None), ("b@x.example", "accepted", 22, "[red]x[/red]")]
    Output(as_json=False).say(table(("Address", "State", "N", "Why"), rows, right=["N"]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Address", "State", "N", "Why"]
    assert lines[1] == f"{address}  held       1"
    assert lines[2].endswith("accepted  22  [red]x[/red]")


def test_what_is_unknown_is_left_out_of_the_facts(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).say(facts([("seal", "abc"), ("reason", None)]))
    assert capsys.readouterr().out == "  seal  abc\n"


def test_nothing_that_people_are_called_steers_the_terminal() -> None:
    assert printable("Eve\x1b[31m\x07\u202e") == "Eve\ufffd[31m\ufffd\ufffd"
    assert printable("Þórsson, 你好\nsecond line") == "Þórsson, 你好\nsecond line"
