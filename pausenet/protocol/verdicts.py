"""Judges of F9 and F11: what a verifier says about cuts, held against itself (protocol.md 8).

F11's materials are two envelopes of one verifier, ascending by bytes: two endorsements of one
period and view, or two appraisals of one period, view and lab, that do not say the same.
"""

from __future__ import annotations

from typing import TypeAlias

from pausenet.errors import InvalidEvidence
from pausenet.protocol.evidence import Accusation, Judgement, Material, Signed
from pausenet.protocol.reader import open_entry
from pausenet.protocol.register import Member, Register
from pausenet.statements.codec import Body
from pausenet.statements.cut import Endorsement
from pausenet.statements.finding import Appraisal, Fault, Grade
from pausenet.statements.register import Purpose
from pausenet.values import ParticipantId, PeriodIndex, Role

Place: TypeAlias = tuple[PeriodIndex, int, ParticipantId | None]
"""Where a verifier may say one thing: a period, a view, and the lab of an appraisal."""


def place_of(body: Body) -> Place | None:
    """The place of an endorsement or appraisal; None for what may be said often."""
    match body:
        case Endorsement():
            return (body.period, body.view, None)
        case Appraisal():
            return (body.period, body.view, body.lab)
        case _:
            return None


def judge_double_voice(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F11 of two envelopes."""
    entries = [item.entry for item in materials if isinstance(item, Signed)]
    if len(entries) != 2 or len(materials) != 2:
        raise InvalidEvidence("expected two envelopes")
    one, other = (open_entry(register, entry) for entry in entries)
    # F11.1 One verifier, one place.
    place = place_of(one.statement.body)
    if one.member.role is not Role.VERIFIER or one.member != other.member:
        raise InvalidEvidence("expected two statements by one verifier")
    if place is None or place != place_of(other.statement.body):
        raise InvalidEvidence("expected endorsements or appraisals of one period, view and lab")
    # F11.2 Two contents: the same thing said twice is no fault.
    if one.statement.body == other.statement.body:
        raise InvalidEvidence("both statements say the same")
    period, view, lab = place
    what = "endorsed two cuts" if lab is None else f"appraised {lab} in two ways"
    return Judgement(
        accusation=_accuse(Fault.F11, one.member),
        materials=tuple(Signed(entry=entry) for entry in sorted(entries)),
        facts=(f"{one.member.id} {what} for period {period}, view {view}",),
    )


def _accuse(fault: Fault, member: Member) -> Accusation:
    return Accusation(
        fault=fault,
        grade=Grade.CONFIRMED,
        accused=member.id,
        role=member.role,
        key=member.keys[Purpose.STATEMENT].key_id,
        periods=(),
        text=fault.meaning,
    )
