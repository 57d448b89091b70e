"""The life of an agreement: a table whose moves happen only at network cuts (protocol.md 6.3).

All-named: the condition is met at the first cut that holds a ratification by every party, none
of them ended; then all are bound together, never a proper subset. Unconditional: each party's
own ratification is its condition. Either way the binding begins `notice_periods` after the
period of that cut, at its first second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pausenet.protocol.reader import LogView
from pausenet.protocol.register import Register
from pausenet.statements.agreement import ALL_NAMED
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Ratification
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex, Seq


class Stage(StrEnum):
    """Where an agreement stands for one party."""

    OPEN = "open"
    ACTIVATED = "activated"
    IN_FORCE = "in-force"
    VOID = "void"


class Sign(StrEnum):
    """What a network cut shows."""

    PENDING = "pending"
    MET = "met"
    LAPSED = "lapsed"
    NOTICE_OVER = "notice-over"


TRANSITIONS: Final[Mapping[tuple[Stage, Sign], Stage]] = {
    (Stage.OPEN, Sign.PENDING): Stage.OPEN,
    (Stage.OPEN, Sign.MET): Stage.ACTIVATED,
    (Stage.OPEN, Sign.LAPSED): Stage.VOID,
    (Stage.ACTIVATED, Sign.PENDING): Stage.ACTIVATED,
    (Stage.ACTIVATED, Sign.NOTICE_OVER): Stage.IN_FORCE,
}
"""Every move there is; `VOID` and `IN_FORCE` are left by none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratified:
    """Where a party's ratification of the register's agreement stands in its log."""

    seq: Seq
    until: PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLife:
    """How far the agreement has come for one party.

    `activated_by` is the period of the cut that met the condition, `in_force_from` the first
    period that binds; both None before activation.
    """

    stage: Stage
    activated_by: PeriodIndex | None
    in_force_from: PeriodIndex | None

    def binds(self, period: PeriodIndex) -> bool:
        """Whether the party is bound in this period."""
        return self.in_force_from is not None and period >= self.in_force_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Every party's life under the agreement, after some cuts."""

    parties: Mapping[ParticipantId, PartyLife]

    def in_force_from(self, party: ParticipantId) -> PeriodIndex | None:
        """The first period that binds a party, if any is known."""
        return self.parties[party].in_force_from


def ratification_in(register: Register, view: LogView) -> Ratified | None:
    """A party's first ratification of the register's agreement in its log, if there is one."""
    digest = register.agreement_digest
    for seq, statement in view.numbered():
        body = statement.body
        if isinstance(body, Ratification) and body.agreement == digest:
            return Ratified(seq=seq, until=body.until)
    return None


def lifecycle(
    register: Register,
    cuts: Sequence[Cut],
    ratified: Mapping[ParticipantId, Ratified],
) -> Lifecycle:
    """Walk the table through network cuts, each of which contains those before it.

    `ratified` says where each party's ratification stands; a party without one is left out.
    """
    parties = register.agreement.parties
    if register.agreement.activation == ALL_NAMED:
        life = _walk(register, parties, cuts, ratified)
        return Lifecycle(parties=dict.fromkeys(parties, life))
    return Lifecycle(
        parties={party: _walk(register, (party,), cuts, ratified) for party in parties}
    )


def _walk(
    register: Register,
    named: tuple[ParticipantId, ...],
    cuts: Sequence[Cut],
    ratified: Mapping[ParticipantId, Ratified],
) -> PartyLife:
    notice = register.agreement.schedule.notice_periods
    stage, activated, start = Stage.OPEN, None, None
    for cut in cuts:
        if stage is Stage.OPEN:
            sign = _sign(register, named, cut, ratified)
        else:
            over = start is not None and cut.period >= start
            sign = Sign.NOTICE_OVER if over else Sign.PENDING
        stage = TRANSITIONS.get((stage, sign), stage)
        if sign is Sign.MET:
            activated = cut.period
            start = PeriodIndex(min(cut.period + notice, INTEGER_MAX))
    return PartyLife(stage=stage, activated_by=activated, in_force_from=start)


def _sign(
    register: Register,
    named: tuple[ParticipantId, ...],
    cut: Cut,
    ratified: Mapping[ParticipantId, Ratified],
) -> Sign:
    """What a cut shows of an agreement that is still open."""
    held = [
        ratified[party]
        for party in named
        if party in ratified and ratified[party].seq < cut.size_of(register.origin_of(party))
    ]
    if any(item.until < cut.period for item in held):
        return Sign.LAPSED
    if len(held) == len(named):
        return Sign.MET
    return Sign.LAPSED if any(item.until == cut.period for item in held) else Sign.PENDING
