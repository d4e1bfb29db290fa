"""What a column may hold, as a plan declares it, and as steps hand it on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from shared.process.steps.call import Kept

ColumnType = Literal["text", "integer", "number", "decimal", "boolean", "date", "datetime"]
ReadType = Literal[ColumnType, "email"]
"""What a column that is read may be besides: an `email` is handed on as a text that is classified as one."""
Sensitivity = Literal["email", "phone", "name", "address", "birth_date", "iban", "card", "ssn", "secret", "health"]
ColumnName = Annotated[str, StringConstraints(pattern=r'^[^\x00-\x1f"]{1,100}$')]
ROW = "_row"
"""The name under which each row carries its number in the file it came from."""


class RowColumn(BaseModel):
    """A column of rows: `places` are the digits behind the point of a decimal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ColumnName
    type: ColumnType = "text"
    places: Annotated[int, Field(ge=0, le=18)] = 2
    sensitive: Sensitivity | None = None


class Rows(BaseModel):
    """A table: a file of JSON Lines (UTF-8), an object a row, with `_row` and the columns. A decimal, a date
    (`2026-11-21`) and a time (`2026-11-21T22:40:00`) are texts, what is missing is null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Kept
    columns: list[RowColumn]
    count: int

    @field_validator("columns")
    @classmethod
    def _once(cls, columns: list[RowColumn]) -> list[RowColumn]:
        if len({each.name.casefold() for each in columns} | {ROW}) <= len(columns):
            raise ValueError("a column's name comes twice, or is _row")
        return columns


class Column(RowColumn):
    """A column to be read. An `email` is kept as contacts are: trimmed, in small letters, the domain in ASCII; nothing
    is looked up. `from`: its heading in the file, or several of which the first that is there counts.
    `least` and `most` bound a number or a date, or how long a text is. `formats` are those of strptime, tried in order;
    `decimal_mark` is what stands before the fraction. `at` and `width` are of fixed width: the first character is 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    type: ReadType = "text"  # type: ignore[assignment]  # a reader's types are more than those of rows
    source: str | list[str] | None = Field(default=None, alias="from")
    required: bool = False
    pattern: str | None = Field(default=None, max_length=500)
    least: int | float | str | None = None
    most: int | float | str | None = None
    choices: list[str] = Field(default_factory=list, max_length=1000)
    formats: list[str] = Field(default_factory=list, max_length=20)
    decimal_mark: Literal[".", ","] = "."
    unique: bool = False
    at: Annotated[int, Field(ge=1, le=100_000)] | None = None
    width: Annotated[int, Field(ge=1, le=10_000)] | None = None

    @property
    def headings(self) -> list[str]:
        """The headings that it may have."""
        if self.source is None:
            return [self.name]
        return [self.source] if isinstance(self.source, str) else self.source

    def handed_on(self) -> RowColumn:
        """What later steps need to know of it."""
        if self.type == "email":
            return RowColumn(name=self.name, sensitive=self.sensitive or "email")
        return RowColumn(name=self.name, type=self.type, places=self.places, sensitive=self.sensitive)
