"""E19: the lab captures verifiers, which then say that nothing is wrong.

It gains the share of its use that it hides while they cover for it. It costs the lab what it takes
to capture an operator, and each verifier its name: a verdict that does not follow from its cut is
a proof (F9) for whoever appraises the cut again. With fewer than k verifiers it changes no status;
with k or more the network's word is theirs, and only a stranger who appraises anew sees it.
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
    "captured": assumed(1.0, "verifiers", "how many cover for the lab", low=1.0, high=4.0),
    "hidden": assumed(0.2, "1", "share of its use that it hides meanwhile", low=0.01, high=0.5),
}


def _leaves(evader: Evader) -> Footprint:
    values, verifiers = evader.values, evader.scenario.verifiers
    captured = verifiers[: min(len(verifiers), round(values["captured"]))]
    hidden = values["hidden"]
    covers = tuple(
        CheatPlan(
            by=plan.name,
            kind=CheatKind.COVERING_APPRAISER,
            start=evader.plan.start,
            until=evader.plan.until,
            amount_ppm=PPM,
        )
        for plan in captured
    )
    return Footprint(
        traces={
            Trace.VERDICTS: evader.during(len(captured) / len(verifiers)),
            Trace.BALANCE: evader.during(hidden / (1.0 - hidden)),
        },
        gained_flop=evader.gains(evader.used(hidden)),
        costs=Costs(people=2.0 * len(captured)),
        cheats=(evader.cheat(CheatKind.UNDER_DECLARATION, hidden), *covers),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E19,
    title="captured verifiers",
    does="has verifiers say that what they found was nothing",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.APPRAISER_AUDIT,),
    faults=(Fault.F9, Fault.F7),
)
"""Captures those who judge."""
