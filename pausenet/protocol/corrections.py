"""When a correction counts: what a usage statement says in the end (2.8, decision 0015).

A correction stands in the same log, names the statement's id and place, and is of its period. It
counts when it stands among the entries right after the statement, the *window*, and in the
second network cut that holds the statement: the cut of the next period. The last one counts.

The window makes it possible to show a stranger that there was no correction: a bundle holds the
whole window, whatever the log's owner fills it with. It is large beside what a lab says in two
periods, and small beside a bundle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pausenet.crypto import envelope
from pausenet.statements.codec import Statement
from pausenet.statements.correction import Correction
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, Seq, StatementId

WINDOW_ENTRIES: Final = 64
"""How many entries after a statement may hold its correction, at most."""
WINDOW_BYTES: Final = 200_000
"""The window also ends with the entry that brings its bytes to this."""

Entry: TypeAlias = tuple[bytes, Statement | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a usage statement says in the end, and where that stands.

    `end` is the place after the window; `correction` the place of the correction that counts;
    `period` the index of the period that it is of, -1 where it is of none.
    """

    seq: Seq
    period: int
    end: Seq
    usage: ComputeUsage
    correction: Seq | None


def figures(log: Mapping[int, Entry], seq: Seq, until: int) -> Figures | None:
    """The figures of the usage statement at a place, by what stands before the place `until`.

    None where there is no usage statement, or the log at hand lacks a part of its window.
    """
    statement = log.get(seq, (b"", None))[1]
    if statement is None or not isinstance(statement.body, ComputeUsage):
        return None
    said, end = _said(log, seq, until)
    if any(place not in log for place in range(seq, end)):
        return None
    usage, correction = said[-1] if said else (statement.body, None)
    period = -1 if statement.period is None else int(statement.period.index)
    return Figures(seq=seq, period=period, end=end, usage=usage, correction=correction)


def is_lowered(log: Mapping[int, Entry], seq: Seq, until: int) -> bool:
    """Whether any correction in the window takes compute back, in time or late.

    One that is too late to count for the statement itself still counts for its descendants.
    """
    statement = log[seq][1]
    assert statement is not None, "the caller knows of a usage statement here"
    assert isinstance(statement.body, ComputeUsage), "the caller knows of a usage statement here"
    return any(lowers(statement.body, usage) for usage, _ in _said(log, seq, until)[0])


def _said(
    log: Mapping[int, Entry], seq: Seq, until: int
) -> tuple[list[tuple[ComputeUsage, Seq]], Seq]:
    """The corrections in the window of a usage statement, with their places; and its end.

    The window goes no further than the first place that is not at hand, which it includes.
    """
    entry, statement = log[seq]
    assert statement is not None, "the caller has looked"
    found, total, end = list[tuple[ComputeUsage, Seq]](), 0, seq + 1
    while end < until and end - seq <= WINDOW_ENTRIES and total < WINDOW_BYTES:
        if end not in log:
            return found, Seq(end + 1)
        after, said = log[end]
        if (
            said is not None
            and isinstance(said.body, Correction)
            and corrects(said, statement, envelope.decode(entry).statement_id)
        ):
            found.append((said.body.usage, Seq(end)))
        total += len(after)
        end += 1
    return found, Seq(end)


def corrects(later: Statement, statement: Statement, identity: StatementId) -> bool:
    """Whether a statement of the same log corrects this usage statement of this id."""
    body = later.body
    return (
        isinstance(body, Correction)
        and body.seq == statement.seq
        and later.author == statement.author
        and later.period == statement.period
        and body.of == Digest(identity)
    )


def lowers(before: ComputeUsage, after: ComputeUsage) -> bool:
    """Whether a correction takes back compute: in total, of a class, or of a run."""
    used = dict(after.classes)
    runs = {run.run: run.total_pflop for run in after.runs}
    return (
        after.used_pflop < before.used_pflop
        or any(used[name].used_pflop < each.used_pflop for name, each in before.classes)
        or any(runs.get(run.run, 0) < run.total_pflop for run in before.runs)
    )
