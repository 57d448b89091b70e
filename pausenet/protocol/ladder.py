"""The response ladder: on which rung breaches have put a party, and what it has lost of its stake.

The rungs are those that the agreement's clauses give, always in the order of `Rung`. Each
determination that stands is one rung up; a restoration takes the party one rung back, and no
further, so that the next breach is answered from there. What a breach costs under C24 is lost
once its determination is final, and comes back only where the panel finds that there was none.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pausenet.protocol.cases import STANDING, Case, CaseStage, Charge
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.conduct import Stake
from pausenet.statements.finding import Grade
from pausenet.values import Digest, ParticipantId, PeriodIndex


class Rung(StrEnum):
    """How an agreement answers breaches, from the mildest answer on."""

    NONE = "none"
    NOTICE = "notice"
    INSPECTION = "enhanced-inspection"
    SUSPENSION = "suspension-of-reciprocal-duties"
    SNAP_BACK = "snap-back"
    STAKE = "loss-of-stake"


_GIVEN_BY: Final = {
    Rung.INSPECTION: ClauseKind.VERIFICATION_ACCESS,
    Rung.SUSPENSION: ClauseKind.PEER_CONDITIONAL,
    Rung.SNAP_BACK: ClauseKind.SNAP_BACK,
    Rung.STAKE: ClauseKind.STAKE,
}
_Ruling = tuple[ParticipantId, Digest | None, PeriodIndex]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one final determination costs a party, in whole US dollars, by its best finding."""

    party: ParticipantId
    since: PeriodIndex
    grade: Grade
    amount_usd: int


@dataclass(slots=True, kw_only=True)
class _Determined:
    """One determination: the charges it stands on, those that were final, and at which grade."""

    charges: set[Charge] = field(default_factory=set)
    final: dict[Charge, Grade] = field(default_factory=dict)


class Ladder:
    """Every party's rung and losses, by the cases that move and the restorations determined."""

    def __init__(self, agreement: Agreement) -> None:
        kinds = {clause.KIND for clause in agreement.clauses}
        given = [rung for rung in Rung if rung in _GIVEN_BY and _GIVEN_BY[rung] in kinds]
        self.rungs: tuple[Rung, ...] = (Rung.NONE, Rung.NOTICE, *given)
        self._stake = next((c for c in agreement.clauses if isinstance(c, Stake)), None)
        self._rulings: dict[_Ruling, _Determined] = {}
        self._of: dict[tuple[ParticipantId, Charge], _Ruling] = {}
        self._kept: dict[ParticipantId, int] = {}

    def take(
        self,
        period: PeriodIndex,
        moved: Iterable[tuple[CaseStage, Case]],
        restored: Set[ParticipantId],
    ) -> None:
        """The cases that moved in a cut, and the parties that it shows to be restored."""
        for party in sorted(restored):
            # Counted before its cases close: one rung is taken back, the rest stays.
            self._kept[party] = max(0, self._steps(party) - 1)
        for before, case in moved:
            place = (case.party, case.charge)
            if case.stage in STANDING and before not in (*STANDING, CaseStage.APPEALED):
                self._of[place] = (case.party, case.matter, period)
            ruling = self._of.get(place)
            if ruling is None:
                continue
            held = self._rulings.setdefault(ruling, _Determined())
            if case.stage in STANDING:
                held.charges.add(case.charge)
            else:
                held.charges.discard(case.charge)
            if case.stage is CaseStage.FINAL:
                held.final[case.charge] = case.grade
            elif case.stage is CaseStage.CLOSED and case.party not in restored:
                held.final.pop(case.charge, None)  # there was no breach

    def rung(self, party: ParticipantId) -> Rung:
        """How far up a party stands."""
        return self.rungs[min(self._steps(party), len(self.rungs) - 1)]

    def losses(self, party: ParticipantId) -> tuple[Loss, ...]:
        """What a party has lost, one amount a determination, never more than its deposit."""
        if self._stake is None:
            return ()
        price = {loss.grade: loss.amount_usd for loss in self._stake.losses}
        left, found = self._stake.deposit_usd, []
        for (who, _, since), held in self._rulings.items():
            costs = [(price.get(grade, 0), grade) for grade in held.final.values()]
            if who != party or not costs:
                continue
            asked, grade = max(costs)
            amount = min(left, asked)
            left -= amount
            found.append(Loss(party=party, since=since, grade=grade, amount_usd=amount))
        return tuple(found)

    def _steps(self, party: ParticipantId) -> int:
        held = [each for (who, *_), each in self._rulings.items() if who == party]
        return sum(1 for each in held if each.charges) + self._kept.get(party, 0)
