"""Sorting more lines than memory should hold: sorted runs in one temporary file, then merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice, pairwise
from tempfile import TemporaryFile
from typing import IO

RUN = 20_000
"""Lines that are sorted in memory at a time: some megabytes."""
_BLOCK = 1 << 15


def sorted_lines(lines: Iterable[bytes], block: int = _BLOCK) -> Iterator[bytes]:
    """Lines, each with its newline and none longer than `block`, in the order of their bytes. Up to RUN of them never
    touch the disk.

    The file has no name, is only the owner's, and is gone when the last line was taken or nobody wants more."""
    source = iter(lines)
    run = sorted(islice(source, RUN))
    if len(run) < RUN:
        yield from run
        return
    with TemporaryFile() as file:
        ends = [0]
        while run:
            file.writelines(run)
            ends.append(file.tell())
            run = sorted(islice(source, RUN))
        yield from merge(*(stretch(file, begin, end, block) for begin, end in pairwise(ends)))


def stretch(file: IO[bytes], begin: int, end: int, block: int = _BLOCK) -> Iterator[bytes]:
    """The lines in [begin, end) of a file that others read elsewhere, too; none is longer than `block`."""
    while begin < end:
        file.seek(begin)
        read = file.read(min(block, end - begin))
        whole = read.rfind(b"\n") + 1
        if not whole:
            raise ValueError(f"a line of more than {block} bytes cannot be sorted")
        begin += whole
        yield from read[:whole].splitlines(keepends=True)
