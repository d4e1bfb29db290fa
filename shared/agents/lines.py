"""Files of lines, of which there may be a million: written and read in blocks, searched if they are sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from shared.domain.scope import Scope
from shared.ports import Ports

_READ = 1 << 18
_WRITTEN_TOGETHER = 2000
_SOUGHT = 4096
"""No line of a sorted file is longer."""


def blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Some thousand lines at a time, as `Files.put_blocks` takes them."""
    source = iter(lines)
    while together := b"".join(islice(source, _WRITTEN_TOGETHER)):
        yield together


def lines(ports: Ports, scope: Scope, path: str) -> Iterator[bytes]:
    """Every line of a file, with its newline. Raises FileNotFoundError."""
    at, rest = 0, b""
    while read := ports.files.get(scope, path, at, _READ):
        at += len(read)
        whole, newline, rest = (rest + read).rpartition(b"\n")
        yield from (whole + newline).splitlines(keepends=True)
    if rest:
        yield rest


def find_line(ports: Ports, scope: Scope, path: str, start: bytes) -> bytes | None:
    """The line that begins with `start` in a file sorted by bytes: a few small reads. None if there is none."""
    low, high = 0, ports.files.size(scope, path) or 0  # the line sought, if it is there, begins in [low, high)
    while high - low > _SOUGHT:
        middle = (low + high) // 2
        begin, line = _line_after(ports, scope, path, middle)
        if line is None or not (line < start or line.startswith(start)):
            high = middle + 1
        else:
            low = begin
    block = ports.files.get(scope, path, low, high - low + _SOUGHT) if high else b""
    return next((line for line in block.splitlines(keepends=True) if line.startswith(start)), None)


def _line_after(ports: Ports, scope: Scope, path: str, offset: int) -> tuple[int, bytes | None]:
    """The first line that begins after `offset` and where it begins; no line if the file ends before."""
    block = ports.files.get(scope, path, offset, _SOUGHT)
    begin = block.find(b"\n") + 1
    end = block.find(b"\n", begin)
    return (offset + begin, block[begin:end]) if begin and end > 0 else (offset, None)
