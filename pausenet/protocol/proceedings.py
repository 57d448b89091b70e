"""What became of every case under an agreement, from the logs alone.

An appraisal states where the agreement stands for a lab; the cases that led there follow from the
same cuts and are shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.cases import Case, name_of
from pausenet.protocol.cut import cuts_in, in_order
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.record import record_of
from pausenet.protocol.register import Register
from pausenet.values import Origin, PeriodIndex, Role, TreeSize

NOTHING: Final = Lifecycle(parties={})
"""The life of an agreement before the first network cut."""


def proceedings(register: Register, logs: Mapping[Origin, Sequence[bytes]]) -> Lifecycle:
    """The agreement's life after the last network cut whose entries are held, with its cases."""
    reader = StatementReader()
    views = [
        reader.view(register, member, log, TreeSize(len(log)))
        for member in register.with_role(Role.VERIFIER)
        for log in (logs.get(member.origin, ()),)
    ]
    held = [
        item.cut
        for item in cuts_in(register, views, reader)
        if all(len(logs.get(each.origin, ())) >= each.size for each in item.cut.origins)
    ]
    if not held:
        return NOTHING
    return record_of(register, in_order(held, frozenset())[-1], logs, reader).life


def in_words(moves: Sequence[tuple[PeriodIndex, Case]]) -> dict[PeriodIndex, tuple[str, ...]]:
    """The moves of the cases in words, by the cut that shows them: of each case its last there."""
    latest: dict[tuple[PeriodIndex, str, str], Case] = {}
    for period, case in moves:
        latest[period, case.party, name_of(case.charge)] = case
    lines: dict[PeriodIndex, tuple[str, ...]] = {}
    rows = sorted(
        (period, case.party, _kind(case), str(case.stage), _when(case), name_of(case.charge))
        for (period, _, _), case in latest.items()
    )
    for (period, party, kind, stage), same in groupby(rows, key=lambda row: row[:4]):
        about = " and ".join(row[5].removeprefix(f"{kind} of ") for row in same)
        what = f"{kind} of {about}" if kind else about
        line = f"the case of {party}, {what}: {stage}"
        lines[period] = (*lines.get(period, ()), line)
    return lines


def _kind(case: Case) -> str:
    return str(case.charge[0]) if isinstance(case.charge, tuple) else ""


def _when(case: Case) -> int:
    return int(case.charge[1]) if isinstance(case.charge, tuple) else 0
