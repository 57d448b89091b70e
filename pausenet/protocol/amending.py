"""Limits that fall with time, as the agreement itself says (C27, decision 0026).

The fewer operations a method needs, the less a fixed limit limits. So the agreement may have the
limits of C01, C05 and C10 halve in step: a pure function of the period, which every lab knows
from the agreement and which no cut and nobody's word can change.
"""

from __future__ import annotations

from pausenet.statements.agreement import Agreement
from pausenet.values import Pflop


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
