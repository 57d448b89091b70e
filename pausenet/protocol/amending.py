"""Limits that fall: with time, as the agreement itself says, and by the parties' word (C27).

The fewer operations a method needs, the less a fixed limit limits. So the agreement may have the
limits of C01, C05 and C10 halve in step: a pure function of the period, which every lab knows
from the agreement and which no cut and nobody's word can change.

And the parties may lower the limits of C01 and C05 further. Enough of those whom the agreement
holds say one and the same word (`Proposal`); the limit then holds for all, from a period on that
begins after everybody can know. Limits are never raised so: a proof that a lab was over one need
not show that nobody gave it back (decision 0026).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import PPM
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import (
    AMENDED_MAX,
    Amendable,
    Amended,
    Ceiling,
    limit_in,
    with_ceiling,
)
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex, Pflop


def decayed(agreement: Agreement, limit: int, period: int) -> Pflop:
    """What a limit of the agreement has come down to in a period.

    It is halved once for each whole `halving_periods` since period 0, rounded down, and goes no
    lower than the floor; a limit below the floor stays as it is.
    """
    clause = agreement.amendment
    if clause is None or clause.halving_periods == 0:
        return Pflop(limit)
    halvings = max(0, period) // clause.halving_periods
    return Pflop(max(limit >> halvings, min(limit, clause.floor_pflop)))


def written(agreement: Agreement, clause: Amendable) -> Pflop | None:
    """The limit of a clause as the agreement has it; None where it has no such clause."""
    caps: Final = {
        Amendable.TOTAL_CAP: agreement.total_cap,
        Amendable.RUN_CAP: agreement.run_cap,
    }
    cap = caps[clause]
    return None if cap is None else cap.limit_pflop


def amended_limit(amended: tuple[Amended, ...], clause: Amendable, period: int) -> Pflop | None:
    """To what the limit of a clause has been lowered in a period; None where it has not."""
    limits = (each.limits for each in amended if each.clause is clause)
    return next((limit_in(each, period) for each in limits), None)


class Amending:
    """What the parties want limits to be, and to what they have lowered them, cut by cut."""

    def __init__(self, agreement: Agreement) -> None:
        self._agreement = agreement
        self._words: dict[Amendable, dict[ParticipantId, tuple[PeriodIndex, Pflop]]] = {
            clause: {} for clause in Amendable
        }
        self._limits: dict[Amendable, tuple[Ceiling, ...]] = dict.fromkeys(Amendable, ())

    def hear(self, by: ParticipantId, body: Proposal) -> None:
        """A party says what it wants the limit of a clause to be; its latest word counts."""
        self._words[body.clause][by] = (body.start, body.limit_pflop)

    def count(self, period: PeriodIndex, notice: int, members: Collection[ParticipantId]) -> None:
        """A cut has been heard whole: what enough of the members want holds, for good.

        It holds from the period that they name on, at the earliest `notice` periods later.
        """
        terms = self._agreement.amendment
        if terms is None:
            return
        for clause, words in self._words.items():
            wanted = [words[party] for party in members if party in words]
            for start, limit in sorted(set(wanted)):
                if wanted.count((start, limit)) * PPM >= terms.need_ppm * len(members):
                    self._lower(clause, max(int(start), int(period) + notice), limit)

    def _lower(self, clause: Amendable, start: int, limit: Pflop) -> None:
        """Lower a limit, where the agreement has it, no lower than the floor, so many times."""
        terms, before = self._agreement.amendment, written(self._agreement, clause)
        if terms is None or before is None or not terms.floor_pflop <= limit < before:
            return
        if start > INTEGER_MAX:
            return
        new = Ceiling(start=PeriodIndex(start), limit_pflop=limit)
        limits = with_ceiling(self._limits[clause], new)
        if len(limits) <= AMENDED_MAX:
            self._limits[clause] = limits

    def amended(self) -> tuple[Amended, ...]:
        """Every clause whose limit has been lowered, by name."""
        found = ((clause, self._limits[clause]) for clause in sorted(Amendable))
        return tuple(Amended(clause=clause, limits=limits) for clause, limits in found if limits)
