"""Tables in SQLite and DuckDB files, kept ones of the run or in folders outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from shared.process.errors import InputError
from shared.process.places import AFile, Place, kept, reaching
from shared.process.rows import databases
from shared.process.rows.columns import ColumnName, RowColumn, Rows
from shared.process.rows.duck import duck, has_numbers, name, quoted, select, sql_type, write
from shared.process.rows.file import RowsWriter, rows_of
from shared.process.rows.values import as_text
from shared.process.steps.call import Answer, Desk, StepType
from shared.process.trash import Wanted, make, plan, planned

Table = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")]
Parameter = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Engine = Literal["sqlite", "duckdb"]
_MOST_ROWS = 50_000_000
_EVERY = 5000
_LOADS = f"{databases.LOADS} (key TEXT, rows TEXT, loaded BIGINT)"


def _engine(engine: Engine | None, database: str) -> Engine:
    return engine or ("duckdb" if database.lower().endswith(".duckdb") else "sqlite")


class Load(StepType):
    """Put rows into a table of a SQLite or DuckDB file, in one transaction: all or none. The table is made if it is not
    there, and the file too. A step that runs again after a kill loads nothing twice: the file remembers its key. In a
    folder the file is replaced as a whole; what it was lies in the run's trash for 30 days."""

    rows: Rows
    database: AFile | None = None
    """Absent: a new one."""
    engine: Engine | None = None
    """Absent: DuckDB for names that end with .duckdb, else SQLite."""
    table: Table
    mode: Literal["append", "replace", "upsert"] = "append"
    """`upsert`: a row takes the place of those that are equal in `by`."""
    by: list[ColumnName] = Field(default_factory=list, max_length=20)

    outputs: ClassVar[Mapping[str, str]] = {"database": "the file as it is now", "count": "how many rows were loaded"}

    @model_validator(mode="after")
    def _keys(self) -> Load:
        if (self.mode == "upsert") != bool(self.by):
            raise ValueError("by is needed for upsert, and only for it")
        absent = set(self.by) - {each.name for each in self.rows.columns}
        if absent:
            raise ValueError(f"by: there is no column {sorted(absent)[0]!r}")
        if self.table == databases.LOADS:
            raise ValueError("table: this one is taken")
        return self

    def run(self, desk: Desk) -> Answer:
        changes = planned(desk, self)
        if changes is not None and changes[0].becomes is not None:
            left, undo = make(desk, changes)
            return Answer({"database": changes[0].becomes.model_dump(), "count": self.rows.count}, left, undo)
        path, called = self._copy(desk)
        count = (self._sqlite if _engine(self.engine, called) == "sqlite" else self._duckdb)(desk, path)
        file = desk.keep(path, called)
        desk.log(f"{self.table}: {count} rows")
        outputs = {"database": file.model_dump(), "count": count}
        if not isinstance(self.database, Place):
            return Answer(outputs)
        left, undo = make(desk, plan(desk, self, [Wanted(self.database, file)]))
        return Answer(outputs, left, undo)

    def _copy(self, desk: Desk) -> tuple[Path, str]:
        """The database in the step's folder, to be changed there."""
        path = desk.folder / "database"
        if self.database is None:
            return path, f"{self.table}.{'duckdb' if self.engine == 'duckdb' else 'db'}"
        if isinstance(self.database, Place):
            with reaching(desk.ports) as folders:
                if folders.stat(desk.scope, self.database.folder, self.database.path) is None:
                    return path, self.database.name
        file = kept(desk, self.database)
        desk.open(file).replace(path)
        return path, file.name

    def _sqlite(self, desk: Desk, path: Path) -> int:
        columns = self.rows.columns
        with databases.sqlite(path, desk.beat, only_read=False) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"CREATE TABLE IF NOT EXISTS {_LOADS}")
            done = self._done(connection, desk)
            if done is not None:
                connection.execute("ROLLBACK")
                return done
            if self.mode == "replace":
                connection.execute(f"DROP TABLE IF EXISTS {name(self.table)}")
            rows = _told(desk, rows_of(desk.open(self.rows.file)), self.rows.count)
            count = databases.load(connection, self.table, columns, rows, self.by)
            self._remember(connection, desk, count)
            connection.execute("COMMIT")
        return count

    def _done(self, connection: Any, desk: Desk) -> int | None:
        """How many rows this step has loaded already. Raises InputError if these were others: they cannot be told from
        what was there before."""
        sql = f"SELECT rows, loaded FROM {databases.LOADS} WHERE key = ?"  # noqa: S608
        done = connection.execute(sql, (desk.key,)).fetchone()
        if done is None or (done[0] != self.rows.file.sha256 and self.mode != "append"):
            return None
        if done[0] != self.rows.file.sha256:
            raise InputError("this step has loaded other rows before: undo that first, or use upsert", "rows")
        return int(done[1])

    def _remember(self, connection: Any, desk: Desk, count: int) -> None:
        connection.execute(f"DELETE FROM {databases.LOADS} WHERE key = ?", (desk.key,))  # noqa: S608
        given = (desk.key, self.rows.file.sha256, count)
        connection.execute(f"INSERT INTO {databases.LOADS} VALUES (?, ?, ?)", given)  # noqa: S608

    def _duckdb(self, desk: Desk, path: Path) -> int:
        source, columns, into = desk.open(self.rows.file), self.rows.columns, name(self.table)
        with duck(desk, {"in": source}, path) as connection:
            connection.execute("BEGIN")
            connection.execute(f"CREATE TABLE IF NOT EXISTS {_LOADS}")
            done = self._done(connection, desk)
            if done is not None:
                connection.execute("ROLLBACK")
                return done
            fields = ", ".join(f"{name(each.name)} {sql_type(each)}" for each in columns)
            kind = "OR REPLACE TABLE" if self.mode == "replace" else "TABLE IF NOT EXISTS"
            connection.execute(f"CREATE {kind} {into} ({fields})")
            listed = ", ".join(name(each.name) for each in columns)
            rows = _source(source, columns)
            if self.by:
                same = " AND ".join(f"{into}.{name(each)} IS NOT DISTINCT FROM n.{name(each)}" for each in self.by)
                connection.execute(f"DELETE FROM {into} USING ({rows}) n WHERE {same}")  # noqa: S608
                by = ", ".join(map(name, self.by))
                last = f"row_number() OVER (PARTITION BY {by} ORDER BY _place DESC) = 1"
                rows = f"SELECT * FROM ({rows}) QUALIFY {last}"  # noqa: S608
            found = connection.execute(f"INSERT INTO {into} ({listed}) SELECT {listed} FROM ({rows})").fetchone()  # noqa: S608
            count = int(found[0])
            self._remember(connection, desk, count)
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        return count


class Query(StepType):
    """Read rows from a SQLite or DuckDB file by one SELECT. What comes from elsewhere goes into `given` and is named in
    the SQL (`:court` in SQLite, `$court` in DuckDB), never into its text. Nothing can be changed, and no other file
    reached."""

    database: AFile
    engine: Engine | None = None
    sql: Annotated[str, Field(min_length=1, max_length=20_000)]
    given: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")], str | int | float | bool | None
    ] = Field(default_factory=dict, max_length=100)

    outputs: ClassVar[Mapping[str, str]] = {"rows": "what was found", "count": "how many rows"}

    def run(self, desk: Desk) -> Answer:
        file, out = kept(desk, self.database), desk.folder / "found.jsonl"
        path = desk.open(file)
        columns, count = (self._sqlite if _engine(self.engine, file.name) == "sqlite" else self._duckdb)(
            desk, path, out
        )
        rows = Rows(file=desk.keep(out), columns=columns, count=count)
        return Answer({"rows": rows.model_dump(), "count": count})

    def _sqlite(self, desk: Desk, path: Path, out: Path) -> tuple[list[RowColumn], int]:
        with databases.sqlite(path, desk.beat, only_read=True) as connection, RowsWriter(out) as writer:
            kinds = databases.query(connection, self.sql, self.given, writer.add, _MOST_ROWS)
        texts = [each for each, kind in kinds.items() if kind == "text"]
        _as_texts(out, texts)
        return [RowColumn.model_validate({"name": each, "type": kind}) for each, kind in kinds.items()], writer.count

    def _duckdb(self, desk: Desk, path: Path, out: Path) -> tuple[list[RowColumn], int]:
        with duck(desk, {"out": out}, path) as connection:
            for each, value in self.given.items():
                connection.execute(f"SET VARIABLE {each} = ?", [value])
            sql = select(self.sql, "sql")
            for each in sorted(self.given, key=len, reverse=True):
                sql = sql.replace(f"${each}", f"getvariable('{each}')")
            return write(connection, sql, out, {})


def _source(path: Path, columns: list[RowColumn]) -> str:
    """Rows of a file as a SELECT, with their place in it."""
    types = ({"_row": "BIGINT"} if has_numbers(path) else {}) | {each.name: sql_type(each) for each in columns}
    fields = ", ".join(f"{quoted(each)}: {quoted(of)}" for each, of in types.items())
    read = f"read_json({quoted(str(path))}, format = 'newline_delimited', columns = {{{fields}}})"
    return f"SELECT *, row_number() OVER () AS _place FROM {read}"  # noqa: S608


def _told(desk: Desk, rows: Iterator[dict[str, Any]], total: int) -> Iterator[dict[str, Any]]:
    for n, row in enumerate(rows, 1):
        yield row
        if n % _EVERY == 0:
            desk.beat()
            desk.progress(n, total)


def _as_texts(path: Path, columns: list[str]) -> None:
    """Columns whose values are of several kinds are texts throughout."""
    if not any(not isinstance(row[each], str | type(None)) for row in rows_of(path) for each in columns):
        return
    texts = path.with_suffix(".texts")
    with RowsWriter(texts) as writer:
        for row in rows_of(path):
            writer.add(row | {each: None if row[each] is None else as_text(row[each]) for each in columns})
    texts.replace(path)
