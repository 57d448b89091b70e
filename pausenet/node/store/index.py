"""An index over the logs, for questions by period, kind and statement id.

It holds nothing that the tiles do not: it is written after them, may lag behind them, and is
made anew from them where it is missing, damaged or of another version. Nothing that signs reads
it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from pausenet.crypto import envelope
from pausenet.errors import MalformedInput, NodeError
from pausenet.node.store.disk import over_disk
from pausenet.statements import codec
from pausenet.values import Origin, PeriodIndex, Seq, StatementId, TreeSize

ROWS_A_COMMIT: Final = 1_024

_SCHEMA: Final = MetaData()
_STATEMENTS: Final = Table(
    "statements_v1",
    _SCHEMA,
    Column("origin", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("statement_id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("period", Integer, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """Where a statement stands and what it is about; `period` is None where it is about none."""

    origin: Origin
    seq: Seq
    statement_id: str
    kind: str
    period: PeriodIndex | None


class LogIndex:
    """The index file. An entry that does not decode is listed with the kind `unreadable`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._engine = self._open()
        except DatabaseError:
            with over_disk(path):
                for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                    each.unlink(missing_ok=True)
            try:
                self._engine = self._open()
            except DatabaseError as error:
                raise NodeError(f"{path}: cannot be made anew") from error

    def size(self, origin: Origin) -> TreeSize:
        """Up to where a log is indexed."""
        query = select(func.count()).where(_STATEMENTS.c.origin == origin)
        with self._engine.connect() as connection:
            return TreeSize(connection.execute(query).scalar_one())

    def catch_up(self, origin: Origin, end: TreeSize, entry: Callable[[Seq], bytes]) -> None:
        """Bring a log's rows nearer to `end`, or make them anew where they are of another log.

        Adds at most `ROWS_A_COMMIT` rows. Raises `NodeError` when the disk fails.
        """
        try:
            start = self.size(origin)
            if start > end or (start and not self._agrees(origin, Seq(start - 1), entry)):
                with self._engine.begin() as connection:
                    connection.execute(delete(_STATEMENTS).where(_STATEMENTS.c.origin == origin))
                start = TreeSize(0)
            stop = min(end, start + ROWS_A_COMMIT)
            rows = [_row(origin, Seq(seq), entry(Seq(seq))) for seq in range(start, stop)]
            if rows:
                with self._engine.begin() as connection:
                    connection.execute(insert(_STATEMENTS), rows)
        except DatabaseError as error:
            raise NodeError(f"{self._path}: {error.orig}") from error

    def find(self, statement_id: StatementId) -> tuple[Indexed, ...]:
        """Where a statement stands; more than one place only in logs of liars."""
        return self._query(_STATEMENTS.c.statement_id == statement_id.hex())

    def of_period(self, period: PeriodIndex) -> tuple[Indexed, ...]:
        """All statements about a period, by origin and place."""
        return self._query(_STATEMENTS.c.period == int(period))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _agrees(self, origin: Origin, seq: Seq, entry: Callable[[Seq], bytes]) -> bool:
        """Whether the last row of a log is what stands in the log there."""
        place = (_STATEMENTS.c.origin == origin) & (_STATEMENTS.c.seq == int(seq))
        query = select(_STATEMENTS.c.statement_id).where(place)
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return found == _row(origin, seq, entry(seq))["statement_id"]

    def _open(self) -> Engine:
        engine = create_engine(f"sqlite:///{self._path}")
        event.listen(engine, "connect", _write_ahead)
        try:
            _SCHEMA.create_all(engine)
            names = {column["name"] for column in inspect(engine).get_columns(_STATEMENTS.name)}
            with engine.connect() as connection:
                connection.execute(select(func.count()).select_from(_STATEMENTS)).scalar_one()
        except DatabaseError:
            engine.dispose()
            raise
        assert names == set(_STATEMENTS.c.keys())
        return engine

    def _query(self, condition: object) -> tuple[Indexed, ...]:
        query = select(_STATEMENTS).where(condition)  # type: ignore[arg-type]  # a column's ==
        ordered = query.order_by(_STATEMENTS.c.origin, _STATEMENTS.c.seq)
        with self._engine.connect() as connection:
            return tuple(
                Indexed(
                    origin=Origin(row.origin),
                    seq=Seq(row.seq),
                    statement_id=row.statement_id,
                    kind=row.kind,
                    period=None if row.period < 0 else PeriodIndex(row.period),
                )
                for row in connection.execute(ordered)
            )


def _row(origin: Origin, seq: Seq, entry: bytes) -> dict[str, str | int]:
    try:
        sealed = envelope.decode(entry, signatures_max=envelope.SIGNATURES_MAX)
        statement = codec.decode(sealed.payload)
        name, kind = sealed.statement_id.hex(), str(statement.kind)
        period = -1 if statement.period is None else int(statement.period.index)
    except MalformedInput:
        name, kind, period = "", "unreadable", -1
    return {
        "origin": str(origin),
        "seq": int(seq),
        "statement_id": name,
        "kind": kind,
        "period": period,
    }


def _write_ahead(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
