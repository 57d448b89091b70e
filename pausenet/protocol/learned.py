"""What a lab had learned of a limit before a period began, by its own signature (C10, C11, C27).

A milestone is met by what others say, in logs that a lab does not hold: it learns of a stage from
k equal appraisals of itself, and says in the `seen` of its next statement that it has them. A
proof of usage over a stage rests on that word of the lab, and on no verifier's word about time:

    Signed  the statement before, in which it had not yet seen all of the k appraisals
    Signed  its usage of a period Q, in which it has
    Leaf    k appraisals of it, byte for byte one body, each under the root that `seen` names

A lab whose usage of a period Q raises `seen` signed it before the period Q + 2 began: an honest
one that is later than that repeats the `seen` of its statement before (`may_have_seen`). So it
knew the limit before the accused period, which is Q + 2 or later, had begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pausenet.errors import InvalidEvidence
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.protocol.caps import Excess, Told, told_of
from pausenet.protocol.evidence import Leaf, Material, Signed
from pausenet.protocol.reader import LogView, OpenedEntry, open_entry
from pausenet.protocol.register import Member, Register
from pausenet.statements.agreement import Schedule
from pausenet.statements.codec import Body, Head, Kind, Statement
from pausenet.statements.finding import Appraisal
from pausenet.statements.stage import Ceiling, with_ceiling
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, NetworkTime, Origin, ParticipantId, Period, Role, Seq

AHEAD: Final = 2
"""So many periods after the one whose usage shows it known a limit can be proven to be broken."""


def may_have_seen(body: Body, period: Period | None, schedule: Schedule, now: NetworkTime) -> bool:
    """Whether a statement that is signed now may say that more has been seen than before.

    Usage that is signed too late says nothing new, so that nobody takes it for known in time.
    """
    if not isinstance(body, ComputeUsage) or period is None:
        return True
    return schedule.last_ended(now) < period.index + AHEAD - 1


def learn(
    held: tuple[Ceiling, ...], told: tuple[Ceiling, ...]
) -> tuple[tuple[Ceiling, ...], tuple[Ceiling, ...]]:
    """What a lab holds itself to after k equal appraisals, and what of it is new.

    It keeps the least limit that it was ever told: what was said once is never given back.
    """
    new = []
    for each in told:
        before, held = held, with_ceiling(held, each)
        if held != before:
            new.append(each)
    return held, tuple(new)


def judge_learned(
    register: Register, accused: Member, period: int, materials: Sequence[Material]
) -> Told:
    """What the accused had been told of a period before it began; raise `InvalidEvidence`."""
    match materials:
        case [Signed(entry=first), Signed(entry=second), *rest]:
            before, usage = open_entry(register, first), open_entry(register, second)
        case _:
            raise InvalidEvidence("expected two statements of the accused, and appraisals")
    _in_time(register, accused, period, before, usage)
    seen = {head.origin: head for head in usage.statement.seen}
    sizes = {head.origin: head.size for head in before.statement.seen}
    bodies, by, new = set[Appraisal](), list[ParticipantId](), False
    for leaf in rest:
        if not isinstance(leaf, Leaf):
            raise InvalidEvidence("expected appraisals with their proofs")
        said = _seen(register, leaf, seen)
        body = said.statement.body
        if not isinstance(body, Appraisal) or said.member.role is not Role.VERIFIER:
            raise InvalidEvidence("expected a verifier's appraisal")
        bodies.add(body)
        by.append(said.member.id)
        new = new or leaf.index >= sizes.get(said.member.origin, 0)
    court = register.under(next(iter(bodies)).period if bodies else 0)
    if [name for name in court.verifiers if name in by] != by or len(by) != court.quorum.k:
        raise InvalidEvidence("expected k appraisals by different verifiers, in register order")
    if not new:
        raise InvalidEvidence("the accused had seen all of them before")
    return _told_of(register, accused, period, bodies)


def _in_time(
    register: Register, accused: Member, period: int, before: OpenedEntry, usage: OpenedEntry
) -> None:
    """The second is the accused's usage of an early enough period, right after the first."""
    said = usage.statement
    if not before.member == usage.member == accused or said.prev != Digest(before.id):
        raise InvalidEvidence("expected two statements of the accused, one after the other")
    if before.statement.seq + 1 != said.seq:
        raise InvalidEvidence("expected neighbours in the log")
    if not isinstance(said.body, ComputeUsage) or said.period is None:
        raise InvalidEvidence("expected usage of a period")
    if said.period.index + AHEAD > period:
        raise InvalidEvidence("the limit was not known before the period began")
    if said.period != register.agreement.schedule.period(said.period.index):
        raise InvalidEvidence("the statement's period is not one of the agreement's")


def _told_of(register: Register, accused: Member, period: int, bodies: set[Appraisal]) -> Told:
    """What one body, of the accused under this agreement, says of the period."""
    if len(bodies) != 1:
        raise InvalidEvidence("the appraisals differ")
    (body,) = bodies
    if (body.lab, body.agreement) != (accused.id, register.agreement_digest):
        raise InvalidEvidence("expected appraisals of the accused under the agreement")
    told = told_of(register.agreement, body, period)
    if not told:
        raise InvalidEvidence("the appraisals name no limit and no bar in that period")
    return told


def _seen(register: Register, leaf: Leaf, seen: dict[Origin, Head]) -> OpenedEntry:
    """A statement that stands in its log as far as the accused says that it has seen it."""
    opened = open_entry(register, leaf.entry)
    head = seen.get(opened.member.origin)
    if head is None or opened.statement.seq != leaf.index:
        raise InvalidEvidence(f"the accused has not seen the statement of {opened.member.id}")
    verify_inclusion(leaf_hash(leaf.entry), leaf.index, head.size, leaf.proof, head.root)
    return opened


# ------------------------------------------------------------------------------ how it is found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """One appraisal as one verifier states it."""

    view: LogView
    seq: Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """Who states one appraisal, of the verifiers of its period, and how many of them it takes."""

    told: Sequence[_Stated]
    need: int


def find_learned(
    register: Register,
    own: LogView,
    verifiers: Sequence[LogView],
    *,
    period: int,
    broken: Excess,
) -> tuple[Material, ...]:
    """The first materials of a lab's log that show it to know of the limit that is broken.

    That is a limit below the amount used, or a bar of the run. Empty where there are none.
    `verifiers` stand in register order.
    """
    told = _telling(register, own, verifiers, period, broken)
    if not told:
        return ()
    for before, usage in pairwise(own.statements[: own.size]):
        if before is None or usage is None or usage.period is None:
            continue
        if not isinstance(usage.body, ComputeUsage) or usage.period.index + AHEAD > period:
            continue
        for said in told:
            leaves = _leaves(said, before, usage)
            if leaves:
                pair = (own.entries[before.seq], own.entries[usage.seq])
                return (*(Signed(entry=entry) for entry in pair), *leaves)
    return ()


def _telling(
    register: Register, own: LogView, verifiers: Sequence[LogView], period: int, broken: Excess
) -> list[_Alike]:
    """The appraisals of a lab that tell it of the limit, by body, the earliest first."""
    found: dict[Appraisal, list[_Stated]] = {}
    for view in verifiers:
        for seq, statement in view.numbered(Kind.APPRAISAL):
            body = statement.body
            if not isinstance(body, Appraisal) or body.lab != own.member.id:
                continue
            if body.agreement != register.agreement_digest:
                continue
            if not told_of(register.agreement, body, period).tells_of(broken):
                continue
            if view.member.id not in register.under(body.period).verifiers:
                continue
            by = found.setdefault(body, [])
            if not by or by[-1].view is not view:
                by.append(_Stated(view=view, seq=seq))
    ordered = sorted(found, key=lambda body: (body.period, body.view, body.cut, str(body.status)))
    return [_Alike(told=found[body], need=register.under(body.period).quorum.k) for body in ordered]


def _leaves(alike: _Alike, before: Statement, usage: Statement) -> tuple[Leaf, ...]:
    """k of these appraisals as far as the usage has seen them, one of them not seen before."""
    seen = {head.origin: head for head in usage.seen}
    sizes = {head.origin: head.size for head in before.seen}
    near = [
        (each, seen[origin], each.seq >= sizes.get(origin, 0))
        for each in alike.told
        if (origin := each.view.member.origin) in seen and each.seq < seen[origin].size
    ]
    if not any(new for _, _, new in near):
        return ()
    held = [item for item in near if item[0].view.has_root(item[1].size, item[1].root)]
    first = held[: alike.need]
    if len(first) < alike.need or not any(new for _, _, new in first):
        return ()
    return tuple(each.view.leaf(each.seq, head.size) for each, head, _ in first)
