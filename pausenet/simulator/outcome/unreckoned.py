"""What logs show of an evader and kernels do not reckon.

Kernels know channels and power meters. Two faces, a silence, a false ledger show in the logs
themselves: whatever the kernels say of whoever does that is a lower bound, and where no channel
and no meter sees it either it is no figure at all.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.plan import CheatKind, Scenario
from pausenet.simulator.outside import outside_of, with_cheats
from pausenet.values import ParticipantId, Quorum

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
    every = with_cheats(scenario).cheats
    kinds = dict.fromkeys(each.kind for each in every if each.by == party and each.real)
    behind = {each.by for each in every if each.kind is CheatKind.LYING_CLOCK and each.real}
    keep_time = len(behind) <= Quorum(n=len(scenario.verifiers)).f
    return tuple(
        kind
        for kind in kinds
        if kind not in _UNSEEN_BY_LOGS and (kind is not CheatKind.BACKDATED or keep_time)
    )


def by_logs_alone(scenario: Scenario, party: ParticipantId) -> bool:
    """Whether nothing but logs can show it: kernels then count false alarms and nothing else."""
    left = outside_of(scenario).footprints.get(party)
    return bool(shown_by_logs(scenario, party)) and not (left and left.traces)
