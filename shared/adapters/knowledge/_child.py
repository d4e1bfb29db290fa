"""The process that reads one file: format in, file on stdin, JSON lines on stdout. It gives up every right it does not
need before it looks at the first byte. Started by `reader`, never by hand."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterable, Iterator

from shared.adapters.knowledge._blocks import Document, Refused, decoded, paragraphs
from shared.domain.knowledge_passages import Block, pieces

MEMORY = 1_000_000_000
OUTPUT = 100_000_000
CPU_SECONDS = 60
CHARACTERS = 10_000_000
PASSAGES = 20_000


def main(format: str) -> None:
    """Read stdin; the last line says whether it worked."""
    read = _reader_of(format)
    _limit()
    try:
        _write(read(sys.stdin.buffer.read()))
    except Refused as refused:
        _say({"refused": str(refused)})
    except MemoryError:
        _say({"refused": f"needs more than {MEMORY // 1_000_000} MB to be read: too complicated"})
    except RecursionError:
        _say({"refused": "is nested too deeply"})


def _write(document: Document) -> None:
    for number, piece in enumerate(pieces(_limited(document.blocks)), start=1):
        if number > PASSAGES:
            raise Refused(f"has more than {PASSAGES:,} passages; split it")
        _say({"piece": piece})
    _say({"title": document.title})


def _limited(blocks: Iterable[Block]) -> Iterator[Block]:
    characters = 0
    for block in blocks:
        characters += len(block.text)
        if characters > CHARACTERS:
            raise Refused(f"has more than {CHARACTERS:,} characters of text; split it")
        yield block


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def _limit() -> None:
    """No more memory, time, output or files than reading takes; no network, no other program, nothing written."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    """A second line: should a library follow what a file says, it does not get far."""
    if (event == "open" and _is_to_write(*arguments[1:3])) or event.startswith(
        ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")
    ):
        raise PermissionError(f"{event} is not allowed here")


def _is_to_write(mode: object, flags: object = 0) -> bool:
    if isinstance(mode, str):
        return any(mark in mode for mark in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def _reader_of(format: str) -> Callable[[bytes], Document]:
    """Libraries are loaded before the limits are set: they open files."""
    match format:
        case "text":
            return lambda data: Document(None, paragraphs(decoded(data)))
        case "csv":
            from shared.adapters.knowledge._read_csv import read_csv

            return read_csv
        case "markdown":
            from shared.adapters.knowledge._read_markdown import read_markdown

            return read_markdown
        case "html":
            from shared.adapters.knowledge._read_html import read_html

            return read_html
        case "docx":
            from shared.adapters.knowledge._read_docx import read_docx

            return read_docx
        case "pdf":
            from shared.adapters.knowledge._read_pdf import read_pdf

            return read_pdf
    raise SystemExit(f"there is no format {format!r}")


if __name__ == "__main__":
    main(sys.argv[1])
