"""What logs show of an evader and kernels do not reckon.

Kernels know channels and power meters. Two faces, a silence, a false ledger show in the logs
themselves: whatever the kernels say of whoever does that is a lower bound, and where no channel
and no meter sees it either it is no figure at all.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.plan import CheatKind, Scenario
from pausenet.simulator.outside import outside_of, with_cheats
from pausenet.values import ParticipantId

_UNSEEN_BY_LOGS: Final = frozenset(
    {
        CheatKind.UNDER_DECLARATION,
        CheatKind.LABEL_SWAP,
        CheatKind.FEWER_OPERATIONS,
        CheatKind.UNDECLARED_HALL,
        CheatKind.LOW_METER,
        CheatKind.SEVERED_RUNS,
    }
)
"""Cheats whose statements look like anybody's: only what is measured contradicts them."""


def shown_by_logs(scenario: Scenario, party: ParticipantId) -> tuple[CheatKind, ...]:
    """The cheats of a party that its own statements, or their absence, can show.

    Who speaks late is shown on time where more than f verifiers' clocks run behind for it.
    """
    cheats = [each for each in with_cheats(scenario).cheats if each.real]
    clocks = {each.by for each in cheats if each.kind is CheatKind.LYING_CLOCK}
    late_unseen = len(clocks) > (len(scenario.verifiers) - 1) // 3
    unseen = _UNSEEN_BY_LOGS | ({CheatKind.BACKDATED} if late_unseen else frozenset())
    kinds = (each.kind for each in cheats if each.by == party)
    return tuple(dict.fromkeys(kind for kind in kinds if kind not in unseen))


def by_logs_alone(scenario: Scenario, party: ParticipantId) -> bool:
    """Whether nothing but logs can show it: kernels then count false alarms and nothing else."""
    left = outside_of(scenario).footprints.get(party)
    return bool(shown_by_logs(scenario, party)) and not (left and left.traces)
