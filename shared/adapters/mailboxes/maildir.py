"""A Maildir, as every mail server delivers into one: a file a mail, from `new` to `cur` once it was read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from shared.ports import LETTER_BYTES


class Maildir:
    """`shared.ports.Mailbox` over a folder that has, or gets, `new` and `cur`."""

    def __init__(self, folder: Path) -> None:
        self.name = f"maildir {folder}"
        self._folder = folder

    def each(self, most: int) -> Iterator[bytes]:
        """The oldest first. Raises OSError if the folder cannot be read or written."""
        new, read = self._folder / "new", self._folder / "cur"
        for folder in (new, read):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in islice(sorted(path for path in new.iterdir() if path.is_file()), most):
            with suppress(FileNotFoundError):  # another poll was faster
                with path.open("rb") as file:
                    yield file.read(LETTER_BYTES)
                path.rename(read / f"{path.name}:2,S")
