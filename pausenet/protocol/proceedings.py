"""What became of every case under an agreement, from the logs alone.

An appraisal states where the agreement stands for a lab; the cases that led there follow from the
same cuts and are shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.cases import STANDING, Case, CaseStage, Charge, Review, name_of
from pausenet.protocol.cut import cuts_in, in_order
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.record import record_of
from pausenet.protocol.register import Register
from pausenet.values import Digest, Origin, ParticipantId, PeriodIndex, Role, TreeSize

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
        (period, case.party, _kind(case), str(case.stage), _when(case), _named(case.charge))
        for (period, _, _), case in latest.items()
    )
    for (period, party, kind, stage), same in groupby(rows, key=lambda row: row[:4]):
        about = " and ".join(row[5].removeprefix(f"{kind} of ") for row in same)
        what = f"{kind} of {about}" if kind else about
        line = f"the case of {party}, {what}: {stage}"
        lines[period] = (*lines.get(period, ()), line)
    return lines


def decided(life: Lifecycle) -> tuple[str, ...]:
    """What every case has come to in the end, and what each party owes: a clause for each.

    A case that was withdrawn is not told.
    """
    ways: dict[tuple[ParticipantId, Charge], list[CaseStage]] = {}
    for _, case in life.moves:
        ways.setdefault((case.party, case.charge), []).append(case.stage)
    ends: dict[tuple[ParticipantId, str], list[Charge]] = {}
    for (party, charge), stages in ways.items():
        if stages[-1] is not CaseStage.NONE:
            ends.setdefault((party, _ended(charge, stages)), []).append(charge)
    clauses = [
        (party, words.format(party=party, what=_over(charges)))
        for (party, words), charges in ends.items()
    ]
    for party, each in life.parties.items():
        if each.losses:
            owed = sum(loss.amount_usd for loss in each.losses)
            clauses.append((party, f"of its stake {party} owes US$ {owed:,}"))
    return tuple(clause for _, clause in sorted(clauses, key=lambda item: item[0]))


def _ended(charge: Charge, stages: Sequence[CaseStage]) -> str:
    """The words for a case's way: `{party}` is whose it is, `{what}` what it is about."""
    last, before = stages[-1], stages[:-1]
    if last not in (*STANDING, CaseStage.APPEALED, CaseStage.CLOSED):
        return f"the case of {{party}} over {{what}} is not decided ({last})"
    if isinstance(charge, Review):
        return f"the case of {{party}} over {{what}} is {last}"
    found = "the panel found {party} in breach over {what}"
    match last:
        case CaseStage.CLOSED if before and before[-1] in (*STANDING, CaseStage.APPEALED):
            return "the breach found of {party} over {what} stands no longer: its case is closed"
        case CaseStage.CLOSED:
            return "the panel cleared {party} over {what}"
        case CaseStage.DETERMINED:
            return f"{found} (not final: an appeal is open)"
        case CaseStage.APPEALED:
            return f"{found} (set aside until its appeal is heard)"
        case _ if CaseStage.APPEALED in before:
            return f"{found} (final after its appeal)"
        case _ if CaseStage.DETERMINED in before:
            return f"{found} (final, with no appeal in time)"
        case _:
            return "a breach by {party} over {what} is final"


def _over(charges: Iterable[Charge]) -> str:
    """What cases are about, in few words."""
    periods: dict[str, list[int]] = {}
    others: list[str] = []
    for charge in charges:
        match charge:
            case (fault, period):
                periods.setdefault(str(fault), []).append(int(period))
            case Digest():
                others.append(_named(charge))
            case _:
                others.append(name_of(charge))
    for name, when in sorted(periods.items()):
        first, *rest = sorted(when)
        if not rest:
            others.append(f"{name} of period {first}")
        elif len(rest) == 1:
            others.append(f"{name} of periods {first} and {rest[0]}")
        else:
            others.append(f"{name} of {len(when)} periods from {first} to {rest[-1]}")
    return " and ".join(others)


def _named(charge: Charge) -> str:
    """What a charge is about; of a bundle so much of its digest as its file's name has."""
    return f"bundle {charge.hex()[:16]}" if isinstance(charge, Digest) else name_of(charge)


def _kind(case: Case) -> str:
    return str(case.charge[0]) if isinstance(case.charge, tuple) else ""


def _when(case: Case) -> int:
    return int(case.charge[1]) if isinstance(case.charge, tuple) else 0
