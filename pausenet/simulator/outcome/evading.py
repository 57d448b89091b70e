"""Who evades in a scenario, since when and how, and what all of it gains: by ground truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pausenet.protocol.messages import UsageSample
from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.outcome.gained import gained_by_period, gained_until
from pausenet.simulator.outside import outside_of
from pausenet.values import ParticipantId

_FLOP_PER_PFLOP: Final = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class Evading:
    """One party's evasions: the book's first, then its cheats that belong to none of them.

    `gained_flop` is what the book's evasions gain in each period.
    """

    kinds: tuple[CheatKind | EvasionKind, ...]
    start: int
    cheats: tuple[CheatPlan, ...]
    gained_flop: tuple[float, ...]


KEEPS_THE_RULES: Final = Evading(kinds=(), start=0, cheats=(), gained_flop=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """What one evasion gains in each period, in petaFLOP, and until when it goes on."""

    by_period: tuple[int, ...]
    period_s: int
    until_s: int | None

    def until(self, moment_s: int) -> int:
        """The gain by a moment; beyond the run it goes on as in the run's last period."""
        end_s = len(self.by_period) * self.period_s
        gained = gained_until(self.by_period, moment_s=moment_s, period_s=self.period_s)
        until_s = moment_s if self.until_s is None else min(moment_s, self.until_s)
        return gained + self.by_period[-1] * max(0, until_s - end_s) // self.period_s


def courses_of(scenario: Scenario) -> Mapping[ParticipantId, Evading]:
    """Everybody who evades. Cheats that an evasion of the book brings with it are counted once."""
    footprints = outside_of(scenario).footprints if scenario.evasions else {}
    ours = [cheat for left in footprints.values() for cheat in left.cheats]
    found: dict[ParticipantId, Evading] = {}
    names = [plan.by for plan in scenario.evasions] + [cheat.by for cheat in scenario.cheats]
    for name in dict.fromkeys(names):
        left = footprints.get(name)
        plans = [plan for plan in scenario.evasions if plan.by == name]
        cheats = [each for each in scenario.cheats if each.by == name and each.real]
        alone = tuple(each for each in cheats if each not in ours)
        starts = [plan.start for plan in plans] + [cheat.start for cheat in alone]
        if starts:
            found[name] = Evading(
                kinds=(*(plan.kind for plan in plans), *(each.kind for each in alone)),
                start=min(starts),
                cheats=alone,
                gained_flop=left.gained_flop if left and plans else (),
            )
    return found


def gains_of(scenario: Scenario, evades: Evading, true: Iterable[UsageSample]) -> tuple[Gains, ...]:
    """What each evasion gains; empty where no compute is counted."""
    samples, found = tuple(true), []
    if any(evades.gained_flop):
        whole = tuple(round(flop / _FLOP_PER_PFLOP) for flop in evades.gained_flop)
        found.append(Gains(by_period=whole, period_s=scenario.period_s, until_s=None))
    for cheat in evades.cheats:
        by_period = gained_by_period(scenario, cheat, samples)
        until_s = None if cheat.until is None else cheat.until * scenario.period_s
        if by_period:
            found.append(Gains(by_period=by_period, period_s=scenario.period_s, until_s=until_s))
    return tuple(found)
