"""Warrants F5 and F7: others' statements give reason to ask; they never prove (protocol.md 8).

F5's materials are silences of f+1 verifiers for each period, in order of period and register;
then, where every period has been answered since, the answers in the same order: that makes the
warrant a withdrawn one. F7's materials are those of a series (`discrepancies`), or a declaration
and inspectors' reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.errors import InvalidEvidence
from pausenet.protocol.caps import period_at
from pausenet.protocol.discrepancies import judge_series
from pausenet.protocol.evidence import Accusation, Judgement, Material, Signed
from pausenet.protocol.joining import signatories
from pausenet.protocol.reader import OpenedEntry, open_entry
from pausenet.protocol.register import Member, Register
from pausenet.statements.challenge import InspectionReport
from pausenet.statements.cut import Silence
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.reading import Reading
from pausenet.statements.register import Purpose
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Origin, ParticipantId, PeriodIndex, Role

WITHDRAWN: Final = "withdrawn: "
"""How the text of a warrant begins that has been answered."""


def judge_silence(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F5 of silences, and of answers where there are any."""
    opened = [open_entry(register, entry) for entry in _entries(materials)]
    silences = [item for item in opened if isinstance(item.statement.body, Silence)]
    answers = opened[len(silences) :]
    if opened[: len(silences)] != silences or not silences:
        raise InvalidEvidence("expected silences, then answers")
    accused, periods = _silent(register, silences)
    if answers and [_answered(register, accused, item) for item in answers] != periods:
        raise InvalidEvidence("expected one answer for each period, in their order")
    span = f"period {periods[0]}"
    if len(periods) > 1:
        span = f"{len(periods)} periods from {periods[0]} to {periods[-1]}"
    count = register.under(periods[-1]).quorum.f + 1
    said = f"nothing due was held at the close of {span}, say {count} verifiers"
    return Judgement(
        accusation=_accuse(
            Fault.F5,
            Grade.UNSUPPORTED if answers else Grade.UNRESOLVED,
            accused,
            tuple(periods),
            f"{WITHDRAWN}{said}; answered since" if answers else said,
        ),
        materials=materials,
        facts=(said, *(("what was due stands in the log since",) if answers else ())),
    )


def judge_discrepancy(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F7 of a series of usage and readings, or of a declaration and inspectors' reports."""
    entries = _entries(materials)
    if entries and isinstance(open_entry(register, entries[0]).statement.body, Declaration):
        return _judge_reports(register, materials)
    opened = [open_entry(register, entry) for entry in entries]
    shown = judge_series(register, opened)
    return Judgement(
        accusation=_accuse(Fault.F7, Grade.PLAUSIBLE, shown.accused, shown.periods, shown.text),
        materials=materials,
        facts=shown.facts,
    )


def _judge_reports(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F7 of a party's declaration, and of reports by f+1 verifiers that found more, all alike."""
    declared, *said = [open_entry(register, entry) for entry in _entries(materials)]
    accused, need = declared.member, len(said)
    names = tuple(item.member.id for item in said)
    if register.epoch_of(names) is None or names != tuple(sorted(set(names))):
        raise InvalidEvidence("expected reports by f+1 verifiers, in register order")
    first = said[0].statement.body
    if not isinstance(first, InspectionReport) or any(s.statement.body != first for s in said):
        raise InvalidEvidence("expected reports that are alike")
    if first.lab != accused.id or accused.id not in signatories(register):
        raise InvalidEvidence("expected reports on the party of the declaration")
    if not first.undeclared:
        raise InvalidEvidence("the reports find nothing undeclared")
    text = (
        f"an inspection found {first.undeclared} of {first.found} accelerators in no declaration, "
        f"by UID, say {need} verifiers; items are counted, with no false-alarm rate of their own"
    )
    return Judgement(
        accusation=_accuse(Fault.F7, Grade.PLAUSIBLE, accused, (), text),
        materials=materials,
        facts=(text, f"the place: {first.place}"),
    )


def _silent(
    register: Register, silences: Sequence[OpenedEntry]
) -> tuple[Member, list[PeriodIndex]]:
    """Whose log is silent for which periods, each said by exactly f+1 verifiers in order."""
    said: dict[PeriodIndex, list[ParticipantId]] = {}
    logs: set[Origin] = set()
    for item in silences:
        body = item.statement.body
        assert isinstance(body, Silence), "the caller has sorted them out"
        if not register.counts_alike(body.register_size, body.register_root, body.due):
            raise InvalidEvidence("a silence rests on another register")
        said.setdefault(body.due, []).append(item.member.id)
        logs.add(body.log)
    for period, names in said.items():
        # Those who count are the verifiers of the period that is spoken of.
        court = register.under(period)
        in_order = [name for name in court.verifiers if name in names]
        if names != in_order or len(names) != court.quorum.f + 1:
            raise InvalidEvidence("expected f+1 verifiers for each period, in register order")
    stated = [
        item.statement.body.due for item in silences if isinstance(item.statement.body, Silence)
    ]
    if stated != sorted(stated) or len(logs) != 1:
        raise InvalidEvidence("expected silences about one log, in order of their periods")
    accused = register.by_origin.get(logs.pop())
    if accused is None or accused.role not in (Role.LAB, Role.METER):
        raise InvalidEvidence("expected silences about a lab's or a meter's log")
    return accused, sorted(said)


def _answered(register: Register, accused: Member, answer: OpenedEntry) -> PeriodIndex:
    """For which period this is what was due from the accused."""
    statement = answer.statement
    due = ComputeUsage if accused.role is Role.LAB else Reading
    if answer.member != accused or not isinstance(statement.body, due):
        raise InvalidEvidence("expected answers by the accused")
    period = statement.period
    if period is None or period != period_at(register.agreement.schedule, period.index):
        raise InvalidEvidence("an answer is not of a period of the agreement")
    return period.index


def _accuse(
    fault: Fault, grade: Grade, member: Member, periods: tuple[PeriodIndex, ...], text: str
) -> Accusation:
    return Accusation(
        fault=fault,
        grade=grade,
        accused=member.id,
        role=member.role,
        key=member.keys[Purpose.STATEMENT].key_id,
        periods=periods,
        text=text,
    )


def _entries(materials: Sequence[Material]) -> list[bytes]:
    entries = [item.entry for item in materials if isinstance(item, Signed)]
    if len(entries) != len(materials):
        raise InvalidEvidence("expected envelopes only")
    return entries
