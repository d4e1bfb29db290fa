"""Rows become files for others."""

from __future__ import annotations

import codecs
import gzip
import shutil
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from shared.process.errors import InputError, PolicyError
from shared.process.rows.columns import ColumnName, RowColumn, Rows, Sensitivity
from shared.process.rows.file import rows_of
from shared.process.rows.sealing import decrypt, decrypt_age, encrypt, encrypt_age, key_of
from shared.process.rows.sensitive import AT_ONCE, ENCRYPTED, Lookout, mask
from shared.process.rows.written import Manner, Written, written
from shared.process.steps.call import Answer, Desk, Kept, StepType

FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\:\x00-\x1f\x7f]{1,200}$")]
_EVERY = 20
"""Blocks of a thousand rows between two words to whoever watches."""


class Encrypt(BaseModel):
    """For whom: `key` is a secret of 32 bytes (AES-256-GCM), `recipients` are public keys of age. One of them."""

    model_config = ConfigDict(extra="forbid")

    key: SecretStr | None = None
    recipients: Annotated[list[str], Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Encrypt:
        if (self.key is None) == (self.recipients is None):
            raise ValueError("either key or recipients is needed")
        return self


class Output(StepType):
    """Write rows as CSV, TSV, JSON, JSON Lines or XML, compressed and encrypted if wanted, with a file of the checksum.
    Columns that hold personal data, as declared or by what is in them, are masked unless they are in `allow`; bank,
    card and social security numbers, health data and secrets may stay in clear in an encrypted file only. Cells that a
    spreadsheet would take for a formula get an apostrophe (`guard`)."""

    rows: Rows
    format: Written = "csv"
    name: FileName | None = None
    """Without endings for compression and encryption. Absent: `rows` and the format."""
    columns: Annotated[list[ColumnName], Field(min_length=1)] | None = None
    """Which, in this order; absent: all."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    """Of CSV and TSV: `utf-8-sig` is what Excel knows best."""
    guard: bool = True
    root: str = "rows"
    record: str = "row"
    compress: Literal["gzip", "zstd"] | None = None
    encrypt: Encrypt | None = None
    allow: list[ColumnName] = Field(default_factory=list)

    outputs: ClassVar[Mapping[str, str]] = {
        "file": "the file",
        "checksums": "a file with its SHA-256, as sha256sum -c takes it",
        "count": "how many rows it has",
        "masked": "the columns that were masked, with what they hold",
    }

    def run(self, desk: Desk) -> Answer:
        source = desk.open(self.rows.file)
        columns = self._columns()
        name = self.name or f"rows.{self.format}"
        path = desk.folder / "plain"
        hidden = self._plain(desk, path, source, columns)
        path, name = _compressed(path, name, self.compress)
        path, name = _encrypted(path, name, self.encrypt)
        kept = desk.keep(path, name)
        sums = desk.folder / "sums"
        sums.write_text(f"{kept.sha256}  {name}\n")
        desk.progress(self.rows.count, self.rows.count)
        desk.log(f"{name}: {self.rows.count} rows, {kept.bytes} bytes" + "".join(f", {each} masked" for each in hidden))
        checksums = desk.keep(sums, f"{name}.sha256").model_dump()
        return Answer({"file": kept.model_dump(), "checksums": checksums, "count": self.rows.count, "masked": hidden})

    def _plain(self, desk: Desk, path: Path, source: Path, columns: list[RowColumn]) -> dict[str, Sensitivity]:
        """Write the file; which columns are masked in it. Every row is looked at before it is kept anywhere: if a later
        one shows what the first thousand did not, it is written anew. Raises PolicyError for what may not leave."""
        first, all_rows = Lookout(columns), Lookout(columns)
        deque(first.past(islice(rows_of(source), AT_ONCE)), 0)
        hidden = self._hidden(first.kinds)
        self._write(desk, path, self._blocks(all_rows.past(rows_of(source)), columns, hidden))
        wholly = self._hidden(all_rows.kinds)
        if wholly != hidden:
            self._write(desk, path, self._blocks(rows_of(source), columns, wholly))
        return wholly

    def _write(self, desk: Desk, path: Path, blocks: Iterator[bytes]) -> None:
        with path.open("wb") as file:
            for n, block in enumerate(self._encodable(blocks)):
                file.write(block)
                if n % _EVERY == 0:
                    desk.beat()
                    desk.progress(min(n * 1000, self.rows.count), self.rows.count)

    def _columns(self) -> list[RowColumn]:
        known = {each.name: each for each in self.rows.columns}
        wanted = self.columns if self.columns is not None else list(known)
        absent = [each for each in [*wanted, *self.allow] if each not in known]
        if absent:
            raise InputError(f"there is no column {absent[0]!r}; there are {', '.join(known)}", "columns")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise InputError(f"there is no encoding {self.encoding[:40]!r}", "encoding") from None
        return [known[each] for each in wanted]

    def _hidden(self, found: Mapping[str, Sensitivity]) -> dict[str, Sensitivity]:
        """The columns that are to be masked. Raises PolicyError for what may not leave like this."""
        for name in self.allow:
            kind = found.get(name)
            if kind in ENCRYPTED and self.encrypt is None:
                raise PolicyError(f"{name} holds {kind}: it may leave in an encrypted file only", f"allow.{name}")
        return {name: kind for name, kind in found.items() if name not in self.allow}

    def _encodable(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from blocks
        except UnicodeEncodeError:
            raise InputError(
                f"the rows have signs that {self.encoding} lacks; utf-8 has them all", "encoding"
            ) from None

    def _blocks(
        self, rows: Iterator[Mapping[str, Any]], columns: list[RowColumn], hidden: dict[str, Sensitivity]
    ) -> Iterator[bytes]:
        manner = Manner(self.delimiter, self.encoding, self.guard, self.root, self.record)
        shown = [each.model_copy(update={"type": "text"}) if each.name in hidden else each for each in columns]
        return written(self.format, (_without(row, hidden) for row in rows) if hidden else rows, shown, manner)


class Decrypt(StepType):
    """Decrypt a file that was encrypted by `output` with a key, or with age."""

    file: Kept
    key: SecretStr | None = None
    identity: SecretStr | None = None
    """A secret key of age (AGE-SECRET-KEY-…)."""

    outputs: ClassVar[Mapping[str, str]] = {"file": "the file in plain"}

    @model_validator(mode="after")
    def _one(self) -> Decrypt:
        if (self.key is None) == (self.identity is None):
            raise ValueError("either key or identity is needed")
        return self

    def run(self, desk: Desk) -> Answer:
        sealed, plain = desk.open(self.file), desk.folder / "plain"
        if self.key is not None:
            decrypt(sealed, plain, key_of(self.key.get_secret_value()))
        else:
            assert self.identity is not None
            decrypt_age(sealed, plain, self.identity.get_secret_value())
        name = self.file.name.removesuffix(".enc").removesuffix(".age")
        return Answer({"file": desk.keep(plain, name).model_dump()})


def _without(row: Mapping[str, Any], hidden: Mapping[str, Sensitivity]) -> dict[str, Any]:
    return {
        name: mask(hidden[name], value) if name in hidden and value is not None else value
        for name, value in row.items()
    }


def _compressed(path: Path, name: str, how: str | None) -> tuple[Path, str]:
    """The same content is always the same file: no time, no name inside."""
    if how is None:
        return path, name
    target = path.with_name("compressed")
    with path.open("rb") as source, target.open("wb") as file:
        if how == "gzip":
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                shutil.copyfileobj(source, packed, 2**20)
        else:
            import zstandard

            zstandard.ZstdCompressor(level=6).copy_stream(source, file)
    path.unlink()
    return target, f"{name}.{'gz' if how == 'gzip' else 'zst'}"


def _encrypted(path: Path, name: str, how: Encrypt | None) -> tuple[Path, str]:
    if how is None:
        return path, name
    target = path.with_name("encrypted")
    if how.key is not None:
        encrypt(path, target, key_of(how.key.get_secret_value()))
    else:
        encrypt_age(path, target, how.recipients or [])
    path.unlink()
    return target, f"{name}.{'enc' if how.key is not None else 'age'}"
