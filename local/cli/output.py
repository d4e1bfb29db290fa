"""What a command shows: text and tables for people, or JSON and nothing else on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from textwrap import fill
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

View = Callable[[Any], Iterable[RenderableType]]
"""From an answer of the API to what people see of it."""


def _console(stderr: bool) -> Console:
    # No markup: a campaign may be called "[red]". No highlighting: colour only where it means something.
    made = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not made.is_terminal:
        made.width = PIPED
    return made


READABLE = 80
"""The most columns of a paragraph."""
PIPED = 160
"""Columns of a table that no terminal limits: a line of a pipe is to be one row."""


class Whole(str):
    """A line to be copied: it is never broken."""


class Output:
    """stdout and stderr of one command."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._out, self._err = _console(False), _console(True)

    def show(self, data: Any, view: View) -> None:
        """The answer itself as JSON, or the view of it."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
            sys.stdout.flush()
        else:
            self.say(*view(data))

    def say(self, *parts: RenderableType) -> None:
        """For people only; silent when JSON is asked for."""
        if not self.as_json:
            for part in parts:
                self._print(part)
            self._out.file.flush()

    def _print(self, part: RenderableType) -> None:
        if isinstance(part, Whole):
            self._out.print(printable(part), soft_wrap=True)
        elif isinstance(part, str):
            self._out.print(_filled(part, min(self._out.width, READABLE)), soft_wrap=True)
        elif self._out.is_terminal:
            self._out.print(part)
        else:
            with self._out.capture() as captured:
                self._out.print(part)
            self._out.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())

    def note(self, text: str) -> None:
        """An aside, on stderr."""
        self._err.print(_filled(text, min(self._err.width, READABLE)), soft_wrap=True)

    def progress(self) -> Progress:
        """Bars while it is entered; without a terminal only how it ended is written, to stderr."""
        columns = (
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description:<10}"),
            BarColumn(30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
        )
        # On a terminal the same console as the text, so that what is said meanwhile stands above the bars.
        shared = self._out.is_terminal and not self.as_json
        return Progress(*columns, console=self._out if shared else self._err)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> RenderableType:
    """Columns under bold headers, without lines; those in `right` are numbers."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for header in headers:
        made.add_column(header, justify="right" if header in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else printable(str(cell)) for cell in row))
    return made


def facts(pairs: Iterable[tuple[str, object]]) -> RenderableType:
    """Names and values, one a line; a value of None is left out."""
    made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None:
            made.add_row(name, printable(str(value)))
    return Padding(made, (0, 0, 0, 2))


def _filled(text: str, width: int) -> str:
    """Lines broken between words; a long link stays whole."""
    paragraphs = printable(text).splitlines() or [""]
    return "\n".join(fill(each, width, break_long_words=False, break_on_hyphens=False) for each in paragraphs)


def printable(text: str) -> str:
    """Without what would steer the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)
