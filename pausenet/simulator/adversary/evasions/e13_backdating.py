"""E13: the lab states what is due long afterwards, as if it had said so in time.

It gains the time to choose its words: it has heard what others say before it says what fits, and
hides a small share of its use. What it says is that much away from its meter in every period; that
it follows the meter's own errors is not modelled. It costs it the look of punctuality: only the
verifiers' cosignatures say when a statement came, so that a warrant of silence (F5) stands before
the statement does. With `keepers` as many verifiers are in league: their clocks run behind, as far
as honest clocks may differ, and show on time what the lab states just after the close, once there
are more of them than verifiers that may be faulty. Then
a stamp that was published elsewhere is what contradicts it, and beside it the power meter alone.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "hidden": assumed(
        0.02, "1", "share of its use that hindsight lets it hide", low=0.002, high=0.1
    ),
    "keepers": assumed(
        0.0, "verifiers", "in league with it, whose clocks run behind", low=0.0, high=4.0
    ),
}


_LATE: Final = 0.05
"""By what share of a period it speaks after the close, where nobody helps it to seem in time."""


def _leaves(evader: Evader) -> Footprint:
    values, verifiers = evader.values, evader.scenario.verifiers
    hidden = values["hidden"]
    keepers = verifiers[: min(len(verifiers), round(values["keepers"]))]
    behind = evader.scenario.epsilon_s * PPM // evader.scenario.period_s
    clocks = tuple(
        CheatPlan(
            by=keeper.name,
            kind=CheatKind.LYING_CLOCK,
            start=evader.plan.start,
            until=evader.plan.until,
            amount_ppm=max(1, behind),
        )
        for keeper in keepers
    )
    return Footprint(
        traces={
            Trace.BACKDATED: evader.during(1.0),
            Trace.BALANCE: evader.during(hidden / max(1e-6, 1.0 - hidden)),
        },
        gained_flop=evader.gains(evader.used(hidden)),
        costs=Costs(people=1.0 + 2.0 * len(keepers)),
        cheats=(
            evader.cheat(CheatKind.UNDER_DECLARATION, hidden),
            evader.cheat(CheatKind.BACKDATED, 0.0 if keepers else _LATE),
            *clocks,
        ),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E13,
    title="back-dating",
    does="states what was due long afterwards, as if it had done so in time",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.ANCHORS,),
    faults=(Fault.F5, Fault.F7),
)
"""Speaks late and says early."""
